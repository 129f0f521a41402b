// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.plan.EventTime;
import dev.millrace.engine.plan.Exchange;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.Storage;
import dev.millrace.planner.catalog.CatalogTable;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Makes the input of a stage: which columns are decoded, what is done with them before they travel. */
final class InputBuilder {
    private InputBuilder() {}

    /**
     * @param branch what is read; its columns are those that travel
     * @param sent names and types of the columns that travel
     * @param timed whether the event time is needed
     */
    static SourceInput build(Branch branch, Schema sent, Exchange exchange, boolean timed, boolean bounded) {
        CatalogTable table = branch.table();
        Schema physical = table.definition().schema();
        List<Expression> columns = new ArrayList<>(branch.columns());
        Schema names = sent;
        if (columns.isEmpty()) {
            // COUNT(*) alone: rows without columns would be hard to count, so the cheapest one travels.
            int cheapest = cheapestColumn(physical);
            columns.add(new ColumnReference(cheapest, physical.type(cheapest)));
            names = Schema.of(physical.column(cheapest));
        }
        TreeSet<Integer> used = new TreeSet<>();
        columns.forEach(column -> Columns.collect(column, used));
        if (branch.condition() != null) {
            Columns.collect(branch.condition(), used);
        }
        Expression rowTime = null;
        Expression watermark = null;
        if (timed && table.timeColumn() >= 0) {
            rowTime = table.columns().get(table.timeColumn()).value();
            watermark = table.watermark();
            Columns.collect(rowTime, used);
            Columns.collect(watermark, used);
        }
        List<Integer> decoded = new ArrayList<>(used);
        List<Integer> inOrder = plainColumns(columns);
        if (inOrder != null && inOrder.size() == used.size()) {
            decoded = inOrder;
        }
        List<Integer> order = decoded;
        Schema decodedSchema = physical.select(order.stream().mapToInt(Integer::intValue).toArray());
        List<Step> steps = new ArrayList<>();
        if (branch.condition() != null) {
            steps.add(new Step.Filter(Columns.move(branch.condition(), order::indexOf), decodedSchema));
        }
        List<Expression> moved = columns.stream().map(column -> Columns.move(column, order::indexOf)).toList();
        if (!Columns.isIdentity(moved, decodedSchema, names)) {
            steps.add(new Step.Project(moved, names));
        }
        EventTime eventTime = rowTime == null ? null
                : new EventTime(Columns.move(rowTime, order::indexOf), Columns.move(watermark, order::indexOf));
        return new SourceInput(table.definition(), order, eventTime, bounded, steps, exchange);
    }

    /** The indexes of the columns if they are all plain and different, else null. */
    private static List<Integer> plainColumns(List<Expression> columns) {
        List<Integer> indexes = new ArrayList<>();
        for (Expression column : columns) {
            if (!(column instanceof ColumnReference reference) || indexes.contains(reference.index())) {
                return null;
            }
            indexes.add(reference.index());
        }
        return indexes;
    }

    private static int cheapestColumn(Schema schema) {
        return IntStream.range(0, schema.size())
                .filter(i -> schema.type(i).storage() == Storage.LONG)
                .findFirst().orElse(0);
    }
}
