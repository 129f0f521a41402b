// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

/**
 * How often the sum of each group has gone around its words: upwards less downwards. With it a sum in 64 or 128 bits is
 * exact, whatever came in between. Takes no room as long as no sum has gone around.
 */
final class Wraps extends LazyCounts {
    Wraps() {
        super(0);
    }

    /** Whether every sum is what its words say. */
    boolean isEmpty() {
        return !isKept();
    }

    /** @param upwards whether the sum was too large for its words, not too small */
    void add(int group, boolean upwards) {
        if (counts == null) {
            keep(0);
        }
        counts[group] += upwards ? 1 : -1;
    }

    long of(int group) {
        return counts == null ? 0 : counts[group];
    }
}
