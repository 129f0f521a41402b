// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.operator.aggregate.Aggregator;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The columns of combined rows. Each stands for the rows of one group, and of one window, of a read:
 *
 * <pre>
 *   keys, in order │ window_start, if there is a window │ rows │ the partial results of each aggregate, in order
 * </pre>
 *
 * <p>{@code rows} is how many rows it stands for. What partial results are is the aggregators' to say
 * ({@link Aggregator#partials}).
 */
public final class CombinedRows {
    private final Schema schema;
    private final int keys;
    private final int start;
    private final int rows;

    /** By aggregate, its first column; one more behind the last. */
    private final int[] partials;

    /**
     * @param input the columns of the rows
     * @param step the aggregation
     */
    public CombinedRows(Schema input, Step.Aggregate step) {
        List<Column> columns = new ArrayList<>();
        step.keys().forEach(key -> columns.add(input.column(key)));
        keys = columns.size();
        start = step.window() == null ? -1 : columns.size();
        if (step.window() != null) {
            columns.add(new Column("window_start", SqlType.timestamp(3)));
        }
        rows = columns.size();
        columns.add(new Column("rows", SqlType.BIGINT));
        partials = new int[step.aggregates().size() + 1];
        int firstResult = step.output().size() - step.aggregates().size();
        for (int i = 0; i < step.aggregates().size(); i++) {
            partials[i] = columns.size();
            AggregateCall call = step.aggregates().get(i);
            String name = step.output().column(firstResult + i).name();
            List<Storage> storages = Aggregator.of(call).partials();
            if (storages.isEmpty()) {
                throw new IllegalArgumentException(call + " can't be put together from parts");
            }
            columns.add(new Column(name, storages.size() == 1 ? call.type() : sumType(call)));
            if (storages.size() > 1) {
                columns.add(new Column(name + " rows", SqlType.BIGINT));
            }
        }
        partials[step.aggregates().size()] = columns.size();
        schema = new Schema(columns);
    }

    private static SqlType sumType(AggregateCall call) {
        return SqlType.decimal(38, call.argumentType().scale());
    }

    /** The columns. */
    public Schema schema() {
        return schema;
    }

    /** Number of key columns, which come first. */
    int keys() {
        return keys;
    }

    /** Index of the column with the start of the window in milliseconds, -1 if there is no window. */
    int start() {
        return start;
    }

    /** Index of the column that says how many rows a combined row stands for. */
    public int rows() {
        return rows;
    }

    /** The partial results of an aggregate. */
    Vector[] partials(Vector[] columns, int aggregate) {
        return Arrays.copyOfRange(columns, partials[aggregate], partials[aggregate + 1]);
    }
}
