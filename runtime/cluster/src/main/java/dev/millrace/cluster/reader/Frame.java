// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.engine.batch.BatchArena;

/** The memory of one read. It is free again when all partitions have applied their share of it. */
final class Frame {
    private final BatchArena arena = new BatchArena();
    private int shares;

    BatchArena arena() {
        return arena;
    }

    /** So many partitions got a share. */
    void lend(int partitions) {
        shares = partitions;
    }

    /**
     * One share has come back.
     *
     * @return true if it was the last
     */
    boolean giveBack() {
        shares--;
        return shares == 0;
    }
}
