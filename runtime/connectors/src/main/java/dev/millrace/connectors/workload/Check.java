// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

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

    /** The number that a name such as {@code TRADER17} ends with, read from UTF-8 bytes. */
    public static int number(byte[] name, int firstDigit, int end) {
        int number = 0;
        for (int i = firstDigit; i < end; i++) {
            number = number * 10 + name[i] - '0';
        }
        return number;
    }

    private static long fold(long hash, long value) {
        return Gen.mix((hash ^ value) + Gen.GOLDEN);
    }

    private static long fold(long hash, double value) {
        return fold(hash, Double.doubleToRawLongBits(value));
    }
}
