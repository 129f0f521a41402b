// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Exchange;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Strategy;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The input of a stage that reads a table of upserts. Its rows travel as they are read, with their key; only behind the
 * step that knows the last row of every key they can be filtered and computed with, because a row that does not pass any
 * more has to be taken back, and a delete has nothing but its key.
 *
 * @param input what is read and sent
 * @param steps what comes first in the stage
 */
record KeyedInput(SourceInput input, List<Step> steps) {

    /**
     * @param branch what is read; its columns are those behind the steps
     * @param names names and types of these columns
     * @param routedBy columns of the primary key, as indexes in the table, that choose the partition; empty for one
     *     partition
     * @param emit whether changes leave, or the rows that are left at the end
     */
    static KeyedInput build(
            Branch branch, Schema names, List<Integer> routedBy, Strategy strategy, Emit emit, boolean bounded) {
        TableDefinition table = branch.table().definition();
        TreeSet<Integer> used = new TreeSet<>(key(table));
        branch.columns().forEach(column -> Columns.collect(column, used));
        if (branch.condition() != null) {
            Columns.collect(branch.condition(), used);
        }
        List<Integer> read = List.copyOf(used);
        Schema sent = table.schema().select(read.stream().mapToInt(Integer::intValue).toArray());
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Normalize(key(table).stream().map(read::indexOf).toList(), emit, sent));
        if (branch.condition() != null) {
            steps.add(new Step.Filter(Columns.move(branch.condition(), read::indexOf), sent));
        }
        List<Expression> columns =
                branch.columns().stream().map(column -> Columns.move(column, read::indexOf)).toList();
        // COUNT(*) needs no column; the key is there anyway.
        if (!columns.isEmpty() && !Columns.isIdentity(columns, sent, names)) {
            steps.add(new Step.Project(columns, names));
        }
        Exchange exchange = new Exchange(strategy, routedBy.stream().map(read::indexOf).toList());
        return new KeyedInput(new SourceInput(table, read, null, bounded, List.of(), exchange), steps);
    }

    /** The indexes of the primary key's columns in the table. */
    static List<Integer> key(TableDefinition table) {
        return table.primaryKey().stream().map(table.schema()::indexOf).toList();
    }

    /** The columns of the key that the branch's columns with these indexes are, as indexes in the table. */
    static List<Integer> keyAmong(Branch branch, List<Integer> columns) {
        List<Integer> key = key(branch.table().definition());
        return columns.stream()
                .map(column -> branch.columns().get(column))
                .filter(ColumnReference.class::isInstance)
                .map(column -> ((ColumnReference) column).index())
                .filter(key::contains)
                .toList();
    }
}
