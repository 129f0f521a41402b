// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.type.Schema;
import java.util.List;

/**
 * A table that a stage reads.
 *
 * @param table the table
 * @param columns indexes in the table's schema of the columns to decode, in the order in which they are decoded
 * @param eventTime the event time, or null
 * @param bounded whether the input ends by itself
 * @param steps filters and projections before the exchange, over the decoded columns
 * @param exchange how rows get to the partitions
 */
public record SourceInput(
        TableDefinition table,
        List<Integer> columns,
        EventTime eventTime,
        boolean bounded,
        List<Step> steps,
        Exchange exchange) implements Input {
    public SourceInput {
        columns = List.copyOf(columns);
        steps = List.copyOf(steps);
    }

    /** The columns that are decoded. */
    public Schema decoded() {
        return table.schema().select(columns.stream().mapToInt(Integer::intValue).toArray());
    }

    @Override
    public Schema sent() {
        return steps.isEmpty() ? decoded() : steps.getLast().output();
    }

    SourceInput with(PreAggregation preAggregation) {
        return new SourceInput(table, columns, eventTime, bounded, steps, exchange.with(preAggregation));
    }
}
