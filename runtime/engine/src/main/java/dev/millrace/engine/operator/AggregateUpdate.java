// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.aggregate.Aggregator;
import dev.millrace.engine.operator.aggregate.Misfits;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.state.GroupTable;
import dev.millrace.engine.state.NewGroups;
import dev.millrace.engine.type.Storage;
import java.util.List;

/**
 * Takes rows into one aggregate of a pane: leaves out what doesn't count (NULL operands, FILTER, and with DISTINCT the
 * operands that a group has had) and hands the rest to the aggregator. Shared by all panes of an operator.
 */
final class AggregateUpdate {
    private final AggregateCall call;
    private final int index;
    private final boolean distinct;

    // Scratch: the rows that are left.
    private int[] leftRows = new int[0];
    private int[] leftGroups = new int[0];

    // Scratch of DISTINCT.
    private final LongVector groupKeys = new LongVector(0);
    private long[] hashes = new long[0];
    private int[] operandGroups = new int[0];
    private final NewGroups madeOperands = new NewGroups();

    /** @param index index of the aggregate in its step */
    AggregateUpdate(AggregateCall call, int index) {
        this.call = call;
        this.index = index;
        // The least and the greatest are the same with and without duplicates.
        distinct = call.distinct()
                && call.function() != AggregateFunction.MIN
                && call.function() != AggregateFunction.MAX;
    }

    AggregateCall call() {
        return call;
    }

    /** A table for the operands that groups have had; null if that isn't needed. */
    GroupTable newOperandTable(int groupsMax) {
        return distinct ? new GroupTable(List.of(Storage.LONG, call.argumentType().storage()), groupsMax) : null;
    }

    /**
     * Takes rows into their groups.
     *
     * @param groupsBefore number of groups that the pane had before the rows
     */
    void update(Pane pane, Batch batch, int[] rows, int[] groups, int from, int to, int groupsBefore) {
        Aggregator aggregator = pane.aggregator(index);
        Vector argument = argument(batch);
        if (countsAll(argument)) {
            aggregator.update(argument, rows, groups, from, to);
        } else {
            int left = leaveOut(pane, batch, argument, rows, groups, from, to, groupsBefore);
            aggregator.update(argument, leftRows, leftGroups, 0, left);
        }
    }

    /**
     * As {@link #update}, and writes for each row the result of its group after it, at its row number.
     *
     * @param misfits takes the rows whose result is out of range
     */
    void updateRunning(
            Pane pane,
            Batch batch,
            int[] rows,
            int[] groups,
            int from,
            int to,
            int groupsBefore,
            Vector results,
            Misfits misfits) {
        Aggregator aggregator = pane.aggregator(index);
        Vector argument = argument(batch);
        misfits.of(index);
        if (countsAll(argument)) {
            aggregator.updateRunning(argument, rows, groups, from, to, results, misfits);
            return;
        }
        int left = leaveOut(pane, batch, argument, rows, groups, from, to, groupsBefore);
        int next = 0;
        for (int i = from; i < to; i++) {
            if (next < left && leftRows[next] == rows[i]) {
                aggregator.update(argument, leftRows, leftGroups, next, next + 1);
                next++;
            }
            aggregator.write(groups, rows, i, i + 1, results, misfits);
        }
    }

    /** Writes the results of groups, each at a row; see {@link Aggregator#write}. */
    void write(Pane pane, int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        misfits.of(index);
        pane.aggregator(index).write(groups, rows, from, to, results, misfits);
    }

    /** Writes the partial results of groups, each at a row; see {@link Aggregator#writePartials}. */
    void writePartials(Pane pane, int[] groups, int[] rows, int count, Vector[] partials, Misfits misfits) {
        misfits.of(index);
        pane.aggregator(index).writePartials(groups, rows, 0, count, partials, misfits);
    }

    /**
     * Takes partial results into their groups.
     *
     * @param groupsBefore number of groups that the pane had before
     */
    void merge(Pane pane, Vector[] partials, int[] rows, int[] groups, int from, int to, int groupsBefore) {
        Aggregator aggregator = pane.aggregator(index);
        boolean[] nulls = partials[0].nulls();
        if (nulls == null) {
            aggregator.merge(partials, rows, groups, from, to);
            return;
        }
        int left = keep(nulls, null, rows, groups, from, to);
        if (left < to - from) {
            pane.trackPresence(index, groupsBefore);
        }
        aggregator.merge(partials, leftRows, leftGroups, 0, left);
    }

    private boolean countsAll(Vector argument) {
        boolean hasNulls = argument != null && argument.nulls() != null;
        return !hasNulls && call.filter() == AggregateCall.NO_FILTER && !distinct;
    }

    /** Keeps the rows that count; gives their number. */
    private int leaveOut(
            Pane pane, Batch batch, Vector argument, int[] rows, int[] groups, int from, int to, int groupsBefore) {
        BooleanVector filter =
                call.filter() == AggregateCall.NO_FILTER ? null : (BooleanVector) batch.column(call.filter());
        int left = keep(argument == null ? null : argument.nulls(), filter, rows, groups, from, to);
        if (left < to - from) {
            pane.trackPresence(index, groupsBefore);
        }
        return distinct ? leaveOutKnown(pane, argument, left) : left;
    }

    private Vector argument(Batch batch) {
        return call.argument() == AggregateCall.NO_ARGUMENT ? null : batch.column(call.argument());
    }

    /** Keeps the rows whose operand is not NULL and whose filter is true; gives their number. */
    private int keep(boolean[] nulls, BooleanVector filter, int[] rows, int[] groups, int from, int to) {
        if (leftRows.length < to - from) {
            leftRows = new int[to - from];
            leftGroups = new int[to - from];
        }
        boolean[] passes = filter == null ? null : filter.values();
        boolean[] unknown = filter == null ? null : filter.nulls();
        final int[] leftRows = this.leftRows;
        final int[] leftGroups = this.leftGroups;
        int left = 0;
        for (int i = from; i < to; i++) {
            int row = rows[i];
            leftRows[left] = row;
            leftGroups[left] = groups[i];
            boolean counts = (nulls == null || !nulls[row])
                    && (passes == null || passes[row] && (unknown == null || !unknown[row]));
            left += counts ? 1 : 0;
        }
        return left;
    }

    /** Of the rows left keeps the first one of each new operand of a group; gives their number. */
    private int leaveOutKnown(Pane pane, Vector argument, int left) {
        GroupTable table = pane.operands(index);
        int operandsBefore = table.size();
        if (operandGroups.length < left) {
            operandGroups = new int[left];
        }
        // Row numbers ascend.
        int rowsEnd = left == 0 ? 0 : leftRows[left - 1] + 1;
        groupKeys.ensureCapacity(rowsEnd);
        if (hashes.length < rowsEnd) {
            hashes = new long[rowsEnd];
        }
        long[] keys = groupKeys.values();
        for (int i = 0; i < left; i++) {
            keys[leftRows[i]] = pane.operandKey(leftGroups[i]);
        }
        Vector[] columns = {groupKeys, argument};
        KeyHasher.hash(columns, leftRows, left, hashes);
        table.lookup(columns, leftRows, 0, left, hashes, operandGroups);
        pane.operandsLookedUp(index);
        madeOperands.clear();
        madeOperands.addMade(table, operandsBefore);
        int kept = 0;
        for (int i = 0; i < left; i++) {
            if (madeOperands.take(operandGroups[i])) {
                leftRows[kept] = leftRows[i];
                leftGroups[kept++] = leftGroups[i];
            }
        }
        return kept;
    }
}
