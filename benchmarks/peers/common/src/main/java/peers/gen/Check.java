// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.gen;

/** Order-independent checksums of results. */
public final class Check {
    private Check() {}

    public static long fold(long h, long v) {
        return Gen.mix((h ^ v) + Gen.GOLDEN);
    }

    public static long fold(long h, double v) {
        return fold(h, Double.doubleToRawLongBits(v));
    }

    /** Hash of one S2 row, or of one S3 row where {@code group = window * keys + key}. */
    public static long agg(long group, long count, double avg, long sumQty, double sumValue) {
        return fold(fold(fold(fold(fold(1, group), count), avg), sumQty), sumValue);
    }

    public static long select(long orderId, long customer, double amount) {
        return fold(fold(fold(1, orderId), customer), amount);
    }

    public static long over(long ts, int symbol, double price, double avg) {
        return fold(fold(fold(fold(1, ts), symbol), price), avg);
    }

    public static int digits(String s, int from) {
        int n = 0;
        for (int i = from; i < s.length(); i++)
            n = n * 10 + s.charAt(i) - '0';
        return n;
    }
}
