// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.Vector;

/**
 * How many rows each group has had, kept only once rows are left out: before that every group has had one, because
 * groups are made by rows.
 */
final class Presence extends LazyCounts {
    Presence() {
        super(1);
    }

    /** Whether it was not kept before. */
    boolean track(int groupsBefore) {
        if (isKept()) {
            return false;
        }
        keep(groupsBefore);
        return true;
    }

    void add(int[] groups, int from, int to) {
        final long[] counts = this.counts;
        if (counts != null) {
            for (int i = from; i < to; i++) {
                counts[groups[i]]++;
            }
        }
    }

    /** Makes the results of groups without rows NULL. */
    void writeNulls(int[] groups, int[] rows, int from, int to, Vector results) {
        for (int i = from; counts != null && i < to; i++) {
            if (counts[groups[i]] == 0) {
                results.setNull(rows[i]);
            }
        }
    }
}
