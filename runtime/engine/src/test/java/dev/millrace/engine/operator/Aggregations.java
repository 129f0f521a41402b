// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.expression.RowFilter;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes aggregation steps and operators for tests. */
final class Aggregations {
    private Aggregations() {}

    static AggregateCall call(AggregateFunction function, Schema input, int argument) {
        return call(function, input, argument, false, AggregateCall.NO_FILTER);
    }

    static AggregateCall call(AggregateFunction function, Schema input, int argument, boolean distinct, int filter) {
        SqlType type = argument < 0 ? null : input.type(argument);
        return new AggregateCall(function, argument, distinct, filter, type, resultType(function, type));
    }

    static SqlType resultType(AggregateFunction function, SqlType argument) {
        return switch (function) {
            case COUNT -> SqlType.BIGINT;
            case MIN, MAX -> argument;
            case SUM -> switch (argument.kind()) {
                case DECIMAL -> SqlType.decimal(38, argument.scale());
                case FLOAT, DOUBLE -> SqlType.DOUBLE;
                default -> SqlType.BIGINT;
            };
            case AVG -> switch (argument.kind()) {
                case DECIMAL -> SqlType.decimal(38, Math.max(6, argument.scale()));
                default -> SqlType.DOUBLE;
            };
        };
    }

    static Step.Aggregate step(
            Schema input, List<Integer> keys, List<AggregateCall> calls, Window window, Emit emit) {
        List<Column> columns = new ArrayList<>();
        if (window != null) {
            columns.add(new Column("window_start", SqlType.timestamp(3)));
            columns.add(new Column("window_end", SqlType.timestamp(3)));
        }
        keys.forEach(key -> columns.add(input.column(key)));
        calls.forEach(call -> columns.add(new Column(call.toString(), call.type())));
        return new Step.Aggregate(keys, calls, window, emit, null, new Schema(columns));
    }

    static Operator operator(
            Schema input,
            Step.Aggregate step,
            PipelineOptions options,
            Predicate<List<Object>> having,
            OperatorMetrics metrics,
            RowErrors errors) {
        Grouping grouping =
                new Grouping(input, step, options, List.of(), having == null ? null : filter(having), errors);
        return step.window() instanceof Window.Tumbling tumbling
                ? new WindowAggregateOperator(
                        grouping, tumbling, input.type(tumbling.timeColumn()), step.emit(), metrics, errors)
                : new AggregateOperator(grouping, step.emit(), options.partition() == 0);
    }

    static RowFilter filter(Predicate<List<Object>> condition) {
        return (Batch batch, BatchArena arena, RowErrors errors) -> {
            List<TestRow> rows = TestBatches.rows(batch);
            int[] selection = arena.ints(batch.size());
            int selected = 0;
            for (int i = 0; i < batch.size(); i++) {
                if (condition.test(rows.get(i).values())) {
                    selection[selected++] = batch.row(i);
                }
            }
            return batch.withSelection(selection, selected);
        };
    }
}
