// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.explain;

import dev.millrace.engine.connector.Guarantee;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Durations;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.ExpressionText;
import dev.millrace.engine.plan.IdleTimeout;
import dev.millrace.engine.plan.Input;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.plan.PreAggregation;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Strategy;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.plan.Target;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.planner.explain.PlanNode.Kind;
import dev.millrace.planner.options.JobOption;
import dev.millrace.planner.translate.QueryPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Makes the parts of a planned query, from where results go down to where rows come from. */
final class PlanTree {
    private final QueryPlan query;

    private PlanTree(QueryPlan query) {
        this.query = query;
    }

    /** The target of a query that is no statement set, with all below it. */
    static PlanNode of(QueryPlan query) {
        return new PlanTree(query).target();
    }

    private PlanNode target() {
        JobPlan plan = query.plan();
        Map<String, Object> names = new LinkedHashMap<>();
        Map<String, String> details = new LinkedHashMap<>();
        String text;
        switch (plan.target()) {
            case Target.Stages _ -> throw new IllegalStateException("a job ends in no stage");
            case Target.Client client -> {
                text = "SELECT to the client" + (plan.updating() ? ", every change" : "");
                order(client.order(), client.schema(), details);
            }
            case Target.Table target -> {
                TableDefinition table = target.table();
                String mode = upserts(target) ? "upserts by " + String.join(", ", table.primaryKey())
                        : plan.updating() ? "appends every change" : "appends";
                text = "INSERT INTO " + table.name() + " (" + table.connector() + "): " + mode;
                names.put("table", table.name());
                names.put("connector", table.connector());
                names.put("primaryKey", table.primaryKey());
                details.put("guarantee", query.guarantee().optionValue());
                if (query.best() == Guarantee.AT_LEAST_ONCE) {
                    details.put("exactly-once", "not with connector " + table.connector());
                }
            }
        }
        names.put("columns", names(plan.target().schema()));
        String coalesce = plan.options().getOrDefault(JobOption.EMIT_COALESCE.key(), "none");
        boolean hasGroups = plan.stages().getLast().steps().stream().anyMatch(Step.Aggregate.class::isInstance);
        if (plan.updating() && hasGroups && !coalesce.equals("none")) {
            details.put("coalesced", isChanging() ? "batch" : coalesce);
        }
        return new PlanNode(Kind.TARGET, text, names, details, List.of(stage(plan.stages().getLast())));
    }

    private boolean upserts(Target.Table table) {
        return !table.table().primaryKey().isEmpty()
                && (query.changes() == SinkChanges.UPSERT || query.changes() == SinkChanges.UPSERT_DELETE);
    }

    private static void order(ResultOrder order, Schema schema, Map<String, String> details) {
        if (!order.keys().isEmpty()) {
            details.put("order by", keys(order, schema));
        }
        limit(order, details);
    }

    private static String keys(ResultOrder order, Schema schema) {
        return order.keys().stream()
                .map(key -> schema.column(key.column()).name() + (key.descending() ? " DESC" : "")
                        + (key.nullsFirst() == key.descending() ? key.nullsFirst() ? " NULLS FIRST" : " NULLS LAST"
                                : ""))
                .collect(Collectors.joining(", "));
    }

    private static void limit(ResultOrder order, Map<String, String> details) {
        if (order.limit() != ResultOrder.NO_LIMIT) {
            details.put("limit", order.limit() + (order.offset() > 0 ? " after " + order.offset() : ""));
        } else if (order.offset() > 0) {
            details.put("after", order.offset() + " rows");
        }
    }

    private PlanNode stage(Stage stage) {
        List<PlanNode> parts = stage.inputs().stream().map(input -> exchange(input, stage)).toList();
        parts = steps(stage.steps(), stage.inputs().getFirst().sent(), parts);
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("stage", stage.index());
        names.put("partitions", stage.partitions());
        String count = stage.partitions() == 1 ? "1 partition" : stage.partitions() + " partitions";
        return new PlanNode(
                Kind.STAGE, "stage " + stage.index() + ": " + count, names,
                isNarrowed(stage) ? Map.of("one partition", "groups of a table with a key, by other columns")
                        : Map.of(),
                parts);
    }

    private PlanNode exchange(Input input, Stage stage) {
        List<String> keys = names(input.exchange().keys(), input.sent());
        String strategy = input.exchange().strategy().optionValue();
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("strategy", strategy);
        names.put("keys", keys);
        names.put("columns", names(input.sent()));
        return new PlanNode(
                Kind.EXCHANGE, "exchange " + strategy + (keys.isEmpty() ? "" : " by " + String.join(", ", keys)), names,
                input instanceof SourceInput ? preAggregation(input.exchange().preAggregation(), stage) : Map.of(),
                switch (input) {
                    case SourceInput source -> steps(source.steps(), source.decoded(), List.of(source(source)));
                    case StageInput before -> List.of(stage(query.plan().stage(before.stage())));
                });
    }

    /** What readers do before rows travel; nothing is said where nobody would expect it. */
    private Map<String, String> preAggregation(PreAggregation preAggregation, Stage stage) {
        if (stage.steps().isEmpty() || !(stage.steps().getFirst() instanceof Step.Aggregate aggregate)) {
            return Map.of();
        }
        String groups = aggregate.keys().isEmpty() ? "" : "by key";
        String panes = aggregate.window() == null ? groups : groups.isEmpty() ? "by window" : groups + " and window";
        String what = panes.isEmpty() ? "in the readers" : "in the readers " + panes;
        String text = switch (preAggregation) {
            case ALWAYS -> what;
            case AUTO -> what + ", where it pays";
            case NEVER -> {
                String obstacle = PreAggregation.obstacle(aggregate, query.plan().options());
                yield "none" + (obstacle == null ? "" : ", " + obstacle);
            }
        };
        return Map.of(PreAggregation.OPTION, text);
    }

    private PlanNode source(SourceInput input) {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("table", input.table().name());
        names.put("connector", input.table().connector());
        names.put("bounded", input.bounded());
        names.put("columns", names(input.decoded()));
        return new PlanNode(
                Kind.SOURCE,
                "source " + input.table().name() + " (" + input.table().connector() + ", "
                        + (input.bounded() ? "bounded" : "unbounded") + "): "
                        + String.join(", ", names(input.decoded())),
                names, input.eventTime() == null ? Map.of() : Map.of("watermark", watermark(input)), List.of());
    }

    private String watermark(SourceInput input) {
        long idle = IdleTimeout.millis(input.table());
        return query.watermarkText() + (idle == 0 ? "" : ", not of splits idle for " + Durations.text(idle));
    }

    /** The steps over these inputs, the last one on top. */
    private List<PlanNode> steps(List<Step> steps, Schema first, List<PlanNode> inputs) {
        List<PlanNode> below = inputs;
        Schema input = first;
        for (Step step : steps) {
            below = List.of(step(step, input, below));
            input = step.output();
        }
        return below;
    }

    private PlanNode step(Step step, Schema input, List<PlanNode> below) {
        return switch (step) {
            case Step.Filter filter ->
                    new PlanNode(Kind.FILTER, "filter " + ExpressionText.of(filter.condition(), input), below);
            case Step.Project project -> new PlanNode(
                    Kind.PROJECT, "project " + projection(project, input),
                    Map.of("columns", names(project.output())), Map.of(), below);
            case Step.Aggregate aggregate -> aggregate(aggregate, input, below);
            case Step.Normalize normalize -> normalize(normalize, below);
            case Step.MatchUpdates match -> new PlanNode(
                    Kind.CHANGES, match.keepsBefore() ? "changes: new rows, updates with the row before, deletes"
                            : "changes: new rows, updates, deletes",
                    below);
            case Step.Over over -> over(over, input, below);
            case Step.Order order -> order(order, below);
        };
    }

    private static PlanNode order(Step.Order step, List<PlanNode> below) {
        String keys = keys(step.order(), step.output());
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("keys", keys);
        names.put("columns", names(step.output()));
        Map<String, String> details = new LinkedHashMap<>();
        limit(step.order(), details);
        boolean waits = step.time() == null;
        String time = waits ? null : step.output().column(step.time().column()).name();
        details.put("emit", waits ? "at the end of the input"
                : "in this order over all partitions, when the watermark of all has passed " + time);
        details.put("state", waits ? "all rows until the end of the input" : "rows before the watermark reaches them");
        return new PlanNode(Kind.ORDER, "order by " + keys, names, details, below);
    }

    private PlanNode normalize(Step.Normalize normalize, List<PlanNode> below) {
        List<String> keys = names(normalize.keys(), normalize.output());
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("keys", keys);
        Map<String, String> details = new LinkedHashMap<>();
        details.put("emit", normalize.emit() == Emit.CHANGES ? "every change" : "at the end of the input");
        details.put("state", "one row per key" + (normalize.ttl() != null ? expiry(normalize.ttl())
                : query.plan().bounded() ? "" : ", without a bound; deletes and 'state.ttl' make room"));
        return new PlanNode(Kind.NORMALIZE, "last row by " + String.join(", ", keys), names, details, below);
    }

    /** Whether a stage has one partition because of how it groups a table of upserts. */
    private boolean isNarrowed(Stage stage) {
        return stage.steps().stream().anyMatch(Step.Normalize.class::isInstance)
                && stage.steps().stream().anyMatch(
                        step -> step instanceof Step.Aggregate aggregate && !aggregate.keys().isEmpty())
                && stage.inputs().getFirst().exchange().strategy() == Strategy.FAN_IN
                && !Strategy.FAN_IN.optionValue().equals(query.plan().options().get("partitioning"));
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

    private PlanNode aggregate(Step.Aggregate aggregate, Schema input, List<PlanNode> below) {
        List<String> calls = new ArrayList<>();
        int offset = aggregate.output().size() - aggregate.aggregates().size();
        for (int i = 0; i < aggregate.aggregates().size(); i++) {
            AggregateCall call = aggregate.aggregates().get(i);
            calls.add(call(call, input) + " AS " + aggregate.output().column(offset + i).name());
        }
        List<String> keys = names(aggregate.keys(), input);
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("keys", keys);
        names.put("aggregates", calls);
        names.put("columns", names(aggregate.output()));
        Map<String, String> details = new LinkedHashMap<>();
        if (aggregate.window() != null) {
            details.put("window", window(aggregate.window(), input));
        }
        details.put("emit", aggregate.emit() == Emit.CHANGES ? "every change"
                : aggregate.window() == null ? "at the end of the input" : "when the window closes");
        if (aggregate.having() != null) {
            details.put("having", ExpressionText.of(aggregate.having(), aggregate.output()));
        }
        boolean ignored = aggregate.ttl() == null && StateTtl.ofJob(query.plan().options()) != null;
        details.put("state", state(aggregate) + (ignored ? "; 'state.ttl' has no effect" : ""));
        return new PlanNode(
                Kind.AGGREGATE,
                "aggregate " + (keys.isEmpty() ? "all rows" : "by " + String.join(", ", keys))
                        + (calls.isEmpty() ? "" : ": " + String.join(", ", calls)),
                names, details, below);
    }

    private static String call(AggregateCall call, Schema input) {
        String argument = call.argument() == AggregateCall.NO_ARGUMENT ? "*"
                : (call.distinct() ? "DISTINCT " : "") + input.column(call.argument()).name();
        return call.function() + "(" + argument + ")" + (call.filter() == AggregateCall.NO_FILTER ? ""
                : " FILTER (" + input.column(call.filter()).name() + ")");
    }

    private PlanNode over(Step.Over over, Schema input, List<PlanNode> below) {
        List<String> calls = new ArrayList<>();
        for (int i = 0; i < over.calls().size(); i++) {
            calls.add(call(over.calls().get(i), input) + " AS " + over.output().column(input.size() + i).name());
        }
        List<String> keys = names(over.keys(), input);
        String time = input.column(over.timeColumn()).name();
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("keys", keys);
        names.put("order", time);
        names.put("calls", calls);
        names.put("columns", names(over.output()));
        int rows = over.calls().stream().mapToInt(OverCall::rows).max().orElse(1);
        Map<String, String> details = new LinkedHashMap<>();
        details.put("emit", query.watermarkText() == null ? "a row for every row, at the end of the input"
                : "a row for every row, when the watermark reaches it");
        details.put("state", (query.watermarkText() == null ? "all rows until the end of the input"
                : "rows before the watermark reaches them") + "; "
                + (rows == OverCall.UNBOUNDED ? "a result" : rows == 1 ? "a row" : "the last " + rows + " rows")
                + (keys.isEmpty() ? "" : " per key" + (over.ttl() != null ? expiry(over.ttl())
                        : query.plan().bounded() ? "" : ", keys without a bound; 'state.ttl' bounds them")));
        return new PlanNode(
                Kind.OVER,
                "over " + (keys.isEmpty() ? "all rows" : String.join(", ", keys)) + " by " + time + ": "
                        + String.join(", ", calls),
                names, details, below);
    }

    private static String call(OverCall call, Schema input) {
        String argument = call.argument() == OverCall.NO_ARGUMENT ? "*" : input.column(call.argument()).name();
        if (call.function() == OverFunction.LAG) {
            return "LAG(" + argument + ", " + call.rows()
                    + (call.otherwise() == OverCall.NO_DEFAULT ? "" : ", " + input.column(call.otherwise()).name())
                    + ")";
        }
        return call.function() + "(" + argument + ") of "
                + (call.rows() == OverCall.UNBOUNDED ? "all rows so far"
                        : call.rows() == 1 ? "the row" : "the last " + call.rows() + " rows");
    }

    private static String window(Window window, Schema input) {
        return switch (window) {
            case Window.Tumbling tumbling -> "tumbling " + Durations.text(tumbling.sizeMillis()) + " on "
                    + input.column(tumbling.timeColumn()).name()
                    + (tumbling.offsetMillis() == 0 ? "" : ", shifted by " + Durations.text(tumbling.offsetMillis()))
                    + (tumbling.graceMillis() == 0 ? "" : ", grace " + Durations.text(tumbling.graceMillis()));
        };
    }

    private boolean isChanging() {
        return query.plan().stages().stream()
                .flatMap(stage -> stage.steps().stream())
                .anyMatch(step -> step instanceof Step.Normalize normalize && normalize.emit() == Emit.CHANGES);
    }

    private String state(Step.Aggregate aggregate) {
        if (aggregate.keys().isEmpty() && aggregate.window() == null) {
            return "one group" + (aggregate.ttl() == null ? "" : expiry(aggregate.ttl()));
        }
        if (aggregate.window() != null) {
            return query.watermarkText() == null ? "all windows until the end of the input"
                    : "open windows, until the watermark passes their end";
        }
        if (isChanging()) {
            boolean keepsValues = aggregate.aggregates().stream()
                    .anyMatch(call -> call.distinct() || call.function() == AggregateFunction.MIN
                            || call.function() == AggregateFunction.MAX);
            return "one group per key" + (keepsValues ? " with every value of MIN, MAX and DISTINCT" : "")
                    + (aggregate.ttl() != null ? expiry(aggregate.ttl())
                            : query.plan().bounded() ? "" : ", without a bound; deletes and 'state.ttl' make room");
        }
        return "one group per key" + (aggregate.ttl() != null ? expiry(aggregate.ttl())
                : query.plan().bounded() ? "" : ", without a bound; a window or 'state.ttl' bounds it");
    }

    private static String expiry(StateTtl ttl) {
        return ", forgotten " + Durations.text(ttl.millis()) + " after its "
                + (ttl.refresh() == StateTtl.Refresh.WRITE ? "last" : "first") + " row";
    }

    private static List<String> names(List<Integer> columns, Schema schema) {
        return columns.stream().map(index -> schema.column(index).name()).toList();
    }

    private static List<String> names(Schema schema) {
        return schema.columns().stream().map(Column::name).toList();
    }
}
