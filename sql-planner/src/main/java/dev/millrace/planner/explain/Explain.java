// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.explain;

import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.Durations;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Target;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.Schema;
import dev.millrace.planner.options.JobOption;
import dev.millrace.planner.translate.QueryPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A plan as a tree, from where results go down to where rows come from. */
public final class Explain {
    private final QueryPlan query;
    private final StringBuilder out = new StringBuilder();

    private Explain(QueryPlan query) {
        this.query = query;
    }

    /** The plan as text of several lines, without a line break at its end. */
    public static String text(QueryPlan query) {
        Explain explain = new Explain(query);
        if (query.inserts().isEmpty()) {
            explain.job();
        } else {
            explain.line(0, "job " + query.plan().name() + ": " + query.inserts().size()
                    + " INSERTs side by side; a table that several of them read is read once");
            query.inserts().forEach(insert -> explain.out.append('\n').append(text(insert)).append('\n'));
        }
        return explain.out.toString().stripTrailing();
    }

    private void job() {
        JobPlan plan = query.plan();
        target(plan);
        Stage stage = plan.stages().getLast();
        SourceInput first = stage.inputs().getFirst();
        line(1, "stage " + stage.index() + ": " + partitions(stage.partitions()));
        List<Step> steps = stage.steps();
        for (int i = steps.size() - 1; i >= 0; i--) {
            Schema input = i == 0 ? first.sent() : steps.get(i - 1).output();
            step(2, steps.get(i), input, plan);
        }
        for (SourceInput input : stage.inputs()) {
            line(2, "exchange " + exchange(input));
            source(input);
        }
    }

    private void target(JobPlan plan) {
        switch (plan.target()) {
            case Target.Client client -> {
                line(0, "SELECT to the client" + (plan.updating() ? ", every change" : ""));
                order(client.order(), client.schema());
            }
            case Target.Table table -> {
                String mode = upserts(table) ? "upserts by " + String.join(", ", table.table().primaryKey())
                        : plan.updating() ? "appends every change" : "appends";
                line(0, "INSERT INTO " + table.table().name() + " (" + table.table().connector() + "): " + mode);
                line(1, "guarantee: at-least-once");
            }
        }
        if (plan.updating() && !plan.options().getOrDefault(JobOption.EMIT_COALESCE.key(), "none").equals("none")) {
            line(1, "coalesced: batch");
        }
    }

    private boolean upserts(Target.Table table) {
        return !table.table().primaryKey().isEmpty()
                && (query.changes() == SinkChanges.UPSERT || query.changes() == SinkChanges.UPSERT_DELETE);
    }

    private void order(ResultOrder order, Schema schema) {
        if (!order.keys().isEmpty()) {
            line(1, "order by " + order.keys().stream()
                    .map(key -> schema.column(key.column()).name() + (key.descending() ? " DESC" : "")
                            + (key.nullsFirst() == key.descending() ? key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST"
                                    : ""))
                    .collect(Collectors.joining(", ")));
        }
        if (order.limit() != ResultOrder.NO_LIMIT) {
            line(1, "limit " + order.limit() + (order.offset() > 0 ? " after " + order.offset() : ""));
        } else if (order.offset() > 0) {
            line(1, "after " + order.offset() + " rows");
        }
    }

    private static String partitions(int count) {
        return count == 1 ? "1 partition" : count + " partitions";
    }

    private static String exchange(SourceInput input) {
        String keys = names(input.exchange().keys(), input.sent());
        return input.exchange().strategy().optionValue() + (keys.isEmpty() ? "" : " by " + keys);
    }

    private void step(int depth, Step step, Schema input, JobPlan plan) {
        switch (step) {
            case Step.Filter filter -> line(depth, "filter " + ExpressionText.of(filter.condition(), input));
            case Step.Project project -> line(depth, "project " + projection(project, input));
            case Step.Aggregate aggregate -> aggregate(depth, aggregate, input, plan);
        }
    }

    private static String projection(Step.Project project, Schema input) {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < project.expressions().size(); i++) {
            Expression expression = project.expressions().get(i);
            String name = project.output().column(i).name();
            String text = ExpressionText.of(expression, input);
            items.add(expression instanceof ColumnReference && text.equals(name) ? text : text + " AS " + name);
        }
        return String.join(", ", items);
    }

    private void aggregate(int depth, Step.Aggregate aggregate, Schema input, JobPlan plan) {
        List<String> calls = new ArrayList<>();
        int offset = aggregate.output().size() - aggregate.aggregates().size();
        for (int i = 0; i < aggregate.aggregates().size(); i++) {
            AggregateCall call = aggregate.aggregates().get(i);
            calls.add(call(call, input) + " AS " + aggregate.output().column(offset + i).name());
        }
        String keys = names(aggregate.keys(), input);
        line(depth, "aggregate " + (keys.isEmpty() ? "all rows" : "by " + keys)
                + (calls.isEmpty() ? "" : ": " + String.join(", ", calls)));
        if (aggregate.window() != null) {
            line(depth + 1, "window: " + window(aggregate.window(), input));
        }
        line(depth + 1, "emit: " + (aggregate.emit() == Emit.CHANGES ? "every change"
                : aggregate.window() == null ? "at the end of the input" : "when the window closes"));
        if (aggregate.having() != null) {
            line(depth + 1, "having: " + ExpressionText.of(aggregate.having(), aggregate.output()));
        }
        line(depth + 1, "state: " + state(aggregate, plan));
    }

    private static String call(AggregateCall call, Schema input) {
        String argument = call.argument() == AggregateCall.NO_ARGUMENT ? "*"
                : (call.distinct() ? "DISTINCT " : "") + input.column(call.argument()).name();
        return call.function() + "(" + argument + ")" + (call.filter() == AggregateCall.NO_FILTER ? ""
                : " FILTER (" + input.column(call.filter()).name() + ")");
    }

    private static String window(Window window, Schema input) {
        return switch (window) {
            case Window.Tumbling tumbling -> "tumbling " + Durations.text(tumbling.sizeMillis()) + " on "
                    + input.column(tumbling.timeColumn()).name()
                    + (tumbling.offsetMillis() == 0 ? "" : ", shifted by " + Durations.text(tumbling.offsetMillis()))
                    + (tumbling.graceMillis() == 0 ? "" : ", grace " + Durations.text(tumbling.graceMillis()));
        };
    }

    private String state(Step.Aggregate aggregate, JobPlan plan) {
        if (aggregate.keys().isEmpty() && aggregate.window() == null) {
            return "one group";
        }
        if (aggregate.window() != null) {
            return query.watermarkText() == null ? "all windows until the end of the input"
                    : "open windows, until the watermark passes their end";
        }
        return plan.bounded() ? "one group per key"
                : "one group per key, without a bound; a window bounds it";
    }

    private void source(SourceInput input) {
        for (int i = input.steps().size() - 1; i >= 0; i--) {
            Schema from = i == 0 ? input.decoded() : input.steps().get(i - 1).output();
            step(3, input.steps().get(i), from, query.plan());
        }
        line(3, "source " + input.table().name() + " (" + input.table().connector() + ", "
                + (input.bounded() ? "bounded" : "unbounded") + "): "
                + input.decoded().columns().stream().map(column -> column.name())
                        .collect(Collectors.joining(", ")));
        if (input.eventTime() != null) {
            line(4, "watermark: " + query.watermarkText());
        }
    }

    private static String names(List<Integer> columns, Schema schema) {
        return columns.stream().map(index -> schema.column(index).name()).collect(Collectors.joining(", "));
    }

    private void line(int depth, String text) {
        out.append("  ".repeat(depth)).append(text).append('\n');
    }
}
