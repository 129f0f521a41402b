// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.operator.Combiner;
import dev.millrace.engine.plan.PreAggregation;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Schema;

/**
 * Decides for each partition whether the rows of a read are combined, and combines them.
 *
 * <p>What a router combines its partition need not group, so it costs about as much as it saves: it pays where it moves
 * work from a partition that is behind to readers, which are many, and where rows would cross to another node; and only
 * where few combined rows come out. Whether they do is found out by trying, seldom where it failed last.
 */
final class Combining {
    /** Fewer rows are not worth the trouble. */
    static final int ROWS_MIN = 64;

    /** For a partition on this node it pays if at most one row of so many is left. */
    static final int SHRINK_MIN = 4;

    /** After a try that didn't pay, so many shares of the partition travel as they are. */
    static final int SHARES_BETWEEN_TRIES = 32;

    /** For another node it pays if at most one byte of so many is left; rows that travel cost more than their bytes. */
    private static final int REMOTE_SHRINK_MIN = 2;

    private final Combiner combiner;
    private final boolean always;
    private final int remoteShrinkMin;
    private final RowBytes rowBytes = new RowBytes();

    /** By partition: how many of its next shares travel as they are. */
    private final int[] resting;

    private Batch begun;

    /**
     * Rows of a share, some of which are combined.
     *
     * @param combined the combined rows
     * @param apart the numbers of the rows that have to travel as they are
     * @param apartCount how many
     */
    record Combined(Batch combined, int[] apart, int apartCount) {}

    /**
     * @param sent the columns of the rows
     * @param step the aggregation that takes the combined rows
     * @param mode whether to combine where it does not pay, too
     */
    Combining(Schema sent, Step.Aggregate step, PreAggregation mode, int partitions) {
        combiner = new Combiner(sent, step);
        always = mode == PreAggregation.ALWAYS;
        // A combined row has more columns, as a rule, all of about the same size.
        int columns = combiner.layout().schema().size();
        remoteShrinkMin = Math.max(REMOTE_SHRINK_MIN, REMOTE_SHRINK_MIN * columns / Math.max(1, sent.size()));
        resting = new int[partitions];
    }

    /** About how many bytes combined rows have. */
    long bytes(Batch combined) {
        rowBytes.measure(combined);
        return rowBytes.of(combined);
    }

    /**
     * Combines the rows of a partition, if that pays.
     *
     * @param read all rows of the read
     * @param rows the numbers of those that go to the partition, ascending
     * @param count how many
     * @return null if all travel as they are
     */
    Combined combine(Batch read, int[] rows, int count, int partition, Receiver receiver, BatchArena arena) {
        if (count == 0 || !always && !isWorthATry(count, partition, receiver)) {
            return null;
        }
        if (begun != read) {
            begun = read;
            combiner.begin(read, arena);
        }
        int[] together = arena.ints(count);
        System.arraycopy(rows, 0, together, 0, count);
        int[] apart = arena.ints(count);
        int apartCount = combiner.setApart(together, count, apart);
        int left = count - apartCount;
        int groupsMax = always ? left : left / (receiver == Receiver.REMOTE ? remoteShrinkMin : SHRINK_MIN);
        Batch combined = left == 0 ? null : combiner.combine(together, left, groupsMax);
        resting[partition] = combined == null ? SHARES_BETWEEN_TRIES : 0;
        return combined == null ? null : new Combined(combined, apart, apartCount);
    }

    /** The read is over: its memory belongs to others. */
    void end() {
        begun = null;
    }

    private boolean isWorthATry(int count, int partition, Receiver receiver) {
        if (receiver == Receiver.IDLE || count < ROWS_MIN) {
            return false;
        }
        if (resting[partition] > 0) {
            resting[partition]--;
            return false;
        }
        return true;
    }
}
