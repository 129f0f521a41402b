// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import dev.millrace.engine.hash.ByteWords;

/**
 * Checksums of results: the hash of each row, to be added up in any order. Engines that are compared compute the same.
 */
public final class Check {
    private Check() {}

    /**
     * Hash of a row of an aggregation.
     *
     * @param group the key, or window number * keys + key
     */
    public static long aggregate(long group, long count, double averagePrice, long sumQuantity, double sumValue) {
        return fold(fold(fold(fold(fold(1, group), count), averagePrice), sumQuantity), sumValue);
    }

    /** Hash of a row of the selection of orders. */
    public static long select(long orderId, long customerId, double amount) {
        return fold(fold(fold(1, orderId), customerId), amount);
    }

    /** Hash of a row of the moving average. */
    public static long over(long millis, int symbol, double price, double average) {
        return fold(fold(fold(fold(1, millis), symbol), price), average);
    }

    /**
     * The number that a name such as {@code TRADER17} ends with, read from UTF-8 bytes.
     *
     * <p>All digits at once, since a loop over a number of digits that differs from row to row costs more than all else
     * that is done with the row: with zeros in front there are eight digits, which become four numbers below 100, two
     * below 10,000, and one.
     *
     * @param digits at most 8 of them; as many bytes must be readable from the first one on
     */
    public static int number(byte[] name, int firstDigit, int digits) {
        long word = ByteWords.load(name, firstDigit) - 0x3030_3030_3030_3030L << 8 * (8 - digits);
        word = word * 10 + (word >>> 8) & 0x00FF_00FF_00FF_00FFL;
        word = word * 100 + (word >>> 16) & 0x0000_FFFF_0000_FFFFL;
        return (int) (word * 10_000 + (word >>> 32));
    }

    private static long fold(long hash, long value) {
        return Gen.mix((hash ^ value) + Gen.GOLDEN);
    }

    private static long fold(long hash, double value) {
        return fold(hash, Double.doubleToRawLongBits(value));
    }
}
