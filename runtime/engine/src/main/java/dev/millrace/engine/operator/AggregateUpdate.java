// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.aggregate.Aggregator;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.state.GroupTable;
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

    /** An aggregator without groups, to ask what the function can do. */
    private final Aggregator prototype;

    // The rows of the last update that counted, for undo.
    private int[] countedRows = new int[0];
    private int[] countedGroups = new int[0];
    private int countedFrom;
    private int countedTo;
    private int operandsBefore;

    // Scratch: the rows that are left.
    private int[] leftRows = new int[0];
    private int[] leftGroups = new int[0];

    // Scratch of DISTINCT.
    private final LongVector groupKeys = new LongVector(0);
    private long[] hashes = new long[0];
    private int[] operandGroups = new int[0];

    /** @param index index of the aggregate in its step */
    AggregateUpdate(AggregateCall call, int index) {
        this.call = call;
        this.index = index;
        // The least and the greatest are the same with and without duplicates.
        distinct = call.distinct()
                && call.function() != AggregateFunction.MIN
                && call.function() != AggregateFunction.MAX;
        prototype = Aggregator.of(call);
    }

    /** As {@link Aggregator#mayFail}. */
    boolean mayFail() {
        return prototype.mayFail();
    }

    /** As {@link Aggregator#mayRefuse}. */
    boolean mayRefuse() {
        return prototype.mayRefuse();
    }

    /** Index of the aggregate in its step. */
    int index() {
        return index;
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
     * @param results where the result of each row's group after it goes, at the row's number; null if not wanted
     * @return as {@link Aggregator#update}
     */
    boolean update(
            Pane pane, Batch batch, int[] rows, int[] groups, int from, int to, int groupsBefore, Vector results) {
        Aggregator aggregator = pane.aggregator(index);
        Vector argument = argument(batch);
        boolean[] nulls = argument == null ? null : argument.nulls();
        if (nulls == null && call.filter() == AggregateCall.NO_FILTER && !distinct) {
            countedRows = rows;
            countedGroups = groups;
            countedFrom = from;
            countedTo = to;
            return results == null
                    ? aggregator.update(argument, rows, groups, from, to)
                    : aggregator.updateRunning(argument, rows, groups, from, to, results);
        }
        int left = leaveOut(batch, nulls, rows, groups, from, to);
        if (left < to - from) {
            aggregator.trackPresence(groupsBefore);
        }
        if (distinct) {
            left = leaveOutKnown(pane.operands(index), argument, left);
        }
        countedRows = leftRows;
        countedGroups = leftGroups;
        countedFrom = 0;
        countedTo = left;
        if (results == null) {
            return aggregator.update(argument, leftRows, leftGroups, 0, left);
        }
        boolean fits = true;
        int next = 0;
        for (int i = from; i < to; i++) {
            if (next < left && leftRows[next] == rows[i]) {
                fits &= aggregator.update(argument, leftRows, leftGroups, next, next + 1);
                next++;
            }
            aggregator.write(groups, rows, i, i + 1, results);
        }
        return fits;
    }

    private Vector argument(Batch batch) {
        return call.argument() == AggregateCall.NO_ARGUMENT ? null : batch.column(call.argument());
    }

    /** Keeps the rows whose operand is not NULL and whose filter is true; gives their number. */
    private int leaveOut(Batch batch, boolean[] nulls, int[] rows, int[] groups, int from, int to) {
        if (leftRows.length < to - from) {
            leftRows = new int[to - from];
            leftGroups = new int[to - from];
        }
        BooleanVector filter =
                call.filter() == AggregateCall.NO_FILTER ? null : (BooleanVector) batch.column(call.filter());
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
    private int leaveOutKnown(GroupTable table, Vector argument, int left) {
        operandsBefore = table.size();
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
            keys[leftRows[i]] = leftGroups[i];
        }
        Vector[] columns = {groupKeys, argument};
        KeyHasher.hash(columns, leftRows, left, hashes);
        table.lookup(columns, leftRows, 0, left, hashes, operandGroups);
        boolean[] met = new boolean[table.size() - operandsBefore];
        int kept = 0;
        for (int i = 0; i < left; i++) {
            int added = operandGroups[i] - operandsBefore;
            if (added >= 0 && !met[added]) {
                met[added] = true;
                leftRows[kept] = leftRows[i];
                leftGroups[kept++] = leftGroups[i];
            }
        }
        return kept;
    }

    /** Takes out what the last {@link #update} took in. */
    void undo(Pane pane, Batch batch) {
        Vector argument = argument(batch);
        pane.aggregator(index).undo(argument, countedRows, countedGroups, countedFrom, countedTo);
        if (distinct) {
            pane.operands(index).truncate(operandsBefore);
        }
    }

    /** Whether the row's operand is beyond what the function can work with. */
    boolean refuses(Batch batch, int row) {
        Vector argument = argument(batch);
        if (argument.isNull(row)) {
            return false;
        }
        if (call.filter() != AggregateCall.NO_FILTER) {
            BooleanVector filter = (BooleanVector) batch.column(call.filter());
            if (filter.isNull(row) || !filter.get(row)) {
                return false;
            }
        }
        return prototype.refuses(argument, row);
    }
}
