// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import dev.millrace.connectors.workload.Check;

/**
 * The last row of each group of a query with updates, by group number. Partitions share it without a lock: a group
 * belongs to one partition only.
 */
final class FinalTable {
    private static final int VALUES = 4;

    /** By group: count, bits of the average, sum of quantities, bits of the sum of values. All 0 before its first row. */
    private final long[] values;

    FinalTable(int groups) {
        values = new long[Math.multiplyExact(groups, VALUES)];
    }

    /** The group has changed to this. */
    void put(int group, long count, double average, long quantity, double value) {
        int at = group * VALUES;
        values[at] = count;
        values[at + 1] = Double.doubleToRawLongBits(average);
        values[at + 2] = quantity;
        values[at + 3] = Double.doubleToRawLongBits(value);
    }

    /** The sum of the hashes of all groups that have a row. */
    long checksum() {
        long sum = 0;
        for (int at = 0; at < values.length; at += VALUES) {
            if (values[at] > 0) {
                sum += Check.aggregate(
                        at / VALUES,
                        values[at],
                        Double.longBitsToDouble(values[at + 1]),
                        values[at + 2],
                        Double.longBitsToDouble(values[at + 3]));
            }
        }
        return sum;
    }
}
