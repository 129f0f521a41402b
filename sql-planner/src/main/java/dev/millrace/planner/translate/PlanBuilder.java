// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.connector.Guarantee;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Exchange;
import dev.millrace.engine.plan.Input;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Strategy;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.plan.Target;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.parser.EmitClause;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Sort;

/** Makes the plan of one query: stages, exchange, emission, target. */
public final class PlanBuilder {
    private final Connectors connectors;
    private final Map<String, String> options;
    private final int partitions;

    /**
     * @param options the job's options in force
     * @param partitions number of partitions, unless the query needs one only
     */
    public PlanBuilder(Connectors connectors, Map<String, String> options, int partitions) {
        this.connectors = connectors;
        this.options = options;
        this.partitions = partitions;
    }

    /** The rows of a query without a table, or null if it has one. */
    public static List<List<Expression>> constants(RelRoot root) {
        RelNode node = root.rel;
        return new RelTranslator(node.getCluster().getRexBuilder())
                .translate(withoutSort(node)) instanceof Relation.Constants constants ? constants.rows() : null;
    }

    private static RelNode withoutSort(RelNode node) {
        return node instanceof Sort sort ? sort.getInput() : node;
    }

    /**
     * @param name the job's name; empty for a SELECT
     * @param text the query as written
     * @param emit the EMIT clause, or null
     * @param insert the target, or null for a SELECT
     */
    public QueryPlan plan(RelRoot root, String name, QueryText text, EmitClause emit, InsertTarget insert) {
        QueryPlan plan = withoutGuarantee(root, name, text, emit, insert);
        if (insert == null) {
            return plan;
        }
        TableDefinition table = insert.definition();
        SinkConnector connector = connectors.sink(table);
        return plan.with(
                Guarantee.of(connector, table, options),
                connector.takesEpochs(table) ? Guarantee.EXACTLY_ONCE : Guarantee.AT_LEAST_ONCE);
    }

    private QueryPlan withoutGuarantee(
            RelRoot root, String name, QueryText text, EmitClause emit, InsertTarget insert) {
        SourceSpan position = text.position();
        Sort sort = root.rel instanceof Sort top ? top : null;
        RelNode body = withoutSort(root.rel);
        Relation relation;
        try {
            relation = new RelTranslator(body.getCluster().getRexBuilder()).translate(body);
        } catch (MillraceException e) {
            throw e.at(position);
        }
        return switch (relation) {
            case Relation.Constants constants -> throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "a job needs a table to read", position, null);
            case Relation.Rows rows -> keyed(rows.branches(), position) == null
                    ? stateless(rows, root, sort, name, text, insert)
                    : changing(rows, root, sort, name, text, emit, insert);
            case Relation.Grouped grouped -> grouped(grouped, root, sort, name, text, emit, insert);
            case Relation.Over over -> over(over, root, sort, name, text, insert);
        };
    }

    // ---- queries without state ----

    private QueryPlan stateless(
            Relation.Rows rows, RelRoot root, Sort sort, String name, QueryText text, InsertTarget insert) {
        SourceSpan position = text.position();
        boolean bounded = rows.branches().stream().allMatch(branch -> isBounded(branch.table(), position));
        OutputOrder order = OutputOrder.of(root, sort, rows, insert, bounded, text.orderPosition());
        SinkChanges changes = sinkChanges(insert);
        Exchange exchange = order.isMerged() ? mergingExchange(position)
                : statelessExchange(insert, changes, position);
        boolean timed = order.time() != null;
        Output output = output(root, rows.branches().getFirst().columns(), insert, order);
        List<Input> inputs = new ArrayList<>();
        for (Branch branch : rows.branches()) {
            List<Expression> columns = output(root, branch.columns(), insert, order).expressions();
            inputs.add(input(branch.withColumns(columns), output.schema(), exchange, timed, position));
        }
        int number = exchange.strategy() == Strategy.FAN_IN ? 1 : partitions;
        List<Stage> stages = ordered(new Stage(0, inputs, number, List.of()), output, order, root, insert);
        return new QueryPlan(
                new JobPlan(name, text.sql(), stages, target(stages, insert, order), false, options),
                timed ? rows.branches().getFirst().table().watermarkText() : null, changes);
    }

    /** The exchange by which all rows meet that are to be ordered. */
    private Exchange mergingExchange(SourceSpan position) {
        Strategy strategy = strategy(Strategy.FAN_IN, position);
        if (strategy != Strategy.FAN_IN && strategy != Strategy.SMART_REPARTITION) {
            throw refused(strategy, "ORDER BY brings all rows together in one partition", position);
        }
        return new Exchange(Strategy.FAN_IN, List.of());
    }

    private static Target target(List<Stage> stages, InsertTarget insert, OutputOrder order) {
        return insert == null ? new Target.Client(stages.getLast().output(), order.atClient())
                : new Target.Table(insert.definition());
    }

    /**
     * A stage with what brings its rows into an order behind it: in a stage of its own, unless all meet in one partition
     * anyway.
     *
     * @param body what the stage gives
     */
    private static List<Stage> ordered(
            Stage stage, Output body, OutputOrder order, RelRoot root, InsertTarget insert) {
        if (!order.isMerged()) {
            return List.of(stage);
        }
        Schema schema = body.schema();
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Order(order.merged(), order.time(), schema));
        List<Expression> columns = new ArrayList<>();
        for (int i = 0; i < schema.size(); i++) {
            columns.add(new ColumnReference(i, schema.type(i)));
        }
        Output output = output(root, columns, insert);
        if (!Columns.isIdentity(output.expressions(), schema, output.schema())) {
            steps.add(new Step.Project(output.expressions(), output.schema()));
        }
        if (stage.partitions() == 1 && stage.inputs().getFirst().exchange().strategy() == Strategy.FAN_IN) {
            List<Step> all = new ArrayList<>(stage.steps());
            all.addAll(steps);
            return List.of(new Stage(stage.index(), stage.inputs(), 1, all, stage.target()));
        }
        Stage feeding = new Stage(
                0, stage.inputs(), stage.partitions(), stage.steps(), new Target.Stages(schema));
        Exchange exchange = new Exchange(Strategy.FAN_IN, List.of());
        return List.of(
                feeding, new Stage(1, List.of(new StageInput(0, schema, order.time(), exchange)), 1, steps));
    }

    private Exchange statelessExchange(InsertTarget insert, SinkChanges changes, SourceSpan position) {
        if (!SinkKeys.matter(insert, changes)) {
            Strategy strategy = strategy(Strategy.ROUND_ROBIN, position);
            if (strategy == Strategy.ALWAYS_HASH) {
                throw refused(strategy, "the query has no GROUP BY, so there is no key to hash", position);
            }
            return new Exchange(strategy, List.of());
        }
        Strategy strategy = strategy(Strategy.ALWAYS_HASH, position);
        if (strategy == Strategy.ROUND_ROBIN || strategy == Strategy.STICKY_PARTITION) {
            throw refused(
                    strategy, "rows of one key of table \"" + insert.table().name()
                            + "\" would come from several partitions, and chance would decide which stays",
                    position);
        }
        return new Exchange(strategy, strategy == Strategy.FAN_IN ? List.of() : SinkKeys.indexes(insert));
    }

    // ---- tables of upserts ----

    /** The branch if it reads a table of upserts, else null. */
    private Branch keyed(List<Branch> branches, SourceSpan position) {
        for (Branch branch : branches) {
            if (source(branch.table(), position).readsUpserts()) {
                if (branches.size() > 1) {
                    throw new MillraceException(
                            ErrorCode.NOT_SUPPORTED,
                            "UNION with table \"" + branch.table().name()
                                    + "\", whose rows are replaced and deleted by key, is not supported yet",
                            position, "read each table by a query of its own");
                }
                return branch;
            }
        }
        return null;
    }

    /** Filter and projection of a table of upserts. */
    private QueryPlan changing(
            Relation.Rows rows, RelRoot root, Sort sort, String name, QueryText text, EmitClause clause,
            InsertTarget insert) {
        SourceSpan position = text.position();
        Branch branch = rows.branches().getFirst();
        EmissionRules.checkNoWindow(branch, position);
        boolean bounded = isBounded(branch.table(), position);
        OutputOrder order = OutputOrder.of(root, sort, rows, insert, bounded, text.orderPosition());
        Emit emit = EmissionRules.emit(false, clause, bounded, sort != null, position);
        boolean updating = emit == Emit.CHANGES;
        Output output = output(root, branch.columns(), insert, order);
        SinkChanges changes = sinkChanges(insert);
        if (updating && insert != null) {
            EmissionRules.checkChangingSink(insert, changes, branch.table(), bounded);
        }
        // In the order of one partition it is said which row of a key is the last.
        boolean keysMatter = SinkKeys.matter(insert, changes) && !order.isMerged();
        if (keysMatter) {
            SinkKeys.checkKeyed(insert, branch.table(), output.expressions());
        }
        Strategy strategy = strategy(Strategy.ALWAYS_HASH, position);
        checkKeysMeet(strategy, branch.table(), position);
        List<Integer> key = KeyedInput.key(branch.table().definition());
        KeyedInput input = keyedInput(
                branch.withColumns(output.expressions()), output.schema(), key, strategy, emit, position);
        List<Step> steps = new ArrayList<>(input.steps());
        if (updating) {
            boolean keepsBefore = keysMatter
                    ? SinkKeys.mayChange(insert, key, output.expressions())
                    : !SinkKeys.tellKey(output.expressions(), key);
            steps.add(new Step.MatchUpdates(keepsBefore, output.schema()));
        }
        Stage stage = new Stage(0, List.of(input.input()), strategy == Strategy.FAN_IN ? 1 : partitions, steps)
                .withOptions(options);
        List<Stage> stages = ordered(stage, output, order, root, insert);
        return new QueryPlan(
                new JobPlan(name, text.sql(), stages, target(stages, insert, order), updating, options), null, changes);
    }

    private static void checkKeysMeet(Strategy strategy, CatalogTable table, SourceSpan position) {
        if (strategy == Strategy.ROUND_ROBIN || strategy == Strategy.STICKY_PARTITION) {
            throw refused(
                    strategy, "a new row of table \"" + table.name()
                            + "\" replaces the one before it with the same key, so they have to meet in one partition",
                    position);
        }
    }

    private KeyedInput keyedInput(
            Branch branch, Schema names, List<Integer> routedBy, Strategy strategy, Emit emit, SourceSpan position) {
        SourceConnector connector = validSource(branch, position);
        List<Integer> keys = strategy == Strategy.FAN_IN ? List.of() : routedBy;
        return KeyedInput.build(
                branch, names, keys, strategy, emit, connector.isBounded(branch.table().definition()));
    }

    // ---- queries with GROUP BY ----

    private QueryPlan grouped(
            Relation.Grouped grouped, RelRoot root, Sort sort, String name, QueryText text, EmitClause clause,
            InsertTarget insert) {
        SourceSpan position = text.position();
        boolean bounded = grouped.branches().stream().allMatch(branch -> isBounded(branch.table(), position));
        Branch keyed = keyed(grouped.branches(), position);
        if (keyed != null) {
            EmissionRules.checkNoWindow(keyed, position);
        }
        OutputOrder order = OutputOrder.of(root, sort, grouped, insert, bounded, text.orderPosition());
        Emit emit = EmissionRules.emit(grouped, clause, bounded, sort != null, position);
        boolean updating = emit == Emit.CHANGES;
        SinkChanges changes = sinkChanges(insert);
        if (updating && insert != null) {
            if (keyed == null) {
                EmissionRules.checkSink(insert, changes, clause != null, grouped.condition() != null);
            } else {
                EmissionRules.checkChangingSink(insert, changes, keyed.table(), bounded);
            }
        }

        List<Integer> routedBy = keyed == null ? List.of() : KeyedInput.keyAmong(keyed, grouped.keys());
        Strategy strategy = groupedStrategy(grouped, keyed, routedBy, position);
        List<Integer> hashed = strategy == Strategy.FAN_IN ? List.of() : grouped.keys();
        Schema sent = sentSchema(grouped.branches(), grouped.sentNames());
        List<Input> inputs;
        List<Step> steps = new ArrayList<>();
        if (keyed == null) {
            Exchange exchange = new Exchange(strategy, hashed);
            inputs = grouped.branches().stream()
                    .<Input>map(branch -> input(branch, sent, exchange, grouped.timeColumn() >= 0, position)).toList();
        } else {
            KeyedInput input = keyedInput(keyed, sent, routedBy, strategy, emit, position);
            inputs = List.of(input.input());
            steps.addAll(input.steps());
        }
        Windowing windowing = grouped.windowing();
        Window window = windowing == null ? null
                : new Window.Tumbling(
                        grouped.timeColumn(), windowing.sizeMillis(), windowing.offsetMillis(),
                        windowing.graceMillis());

        Expression having = grouped.condition();
        steps.add(new Step.Aggregate(
                grouped.keys(), grouped.calls(), window, emit, emit == Emit.CHANGES ? having : null, grouped.output()));
        if (having != null && emit == Emit.FINAL) {
            steps.add(new Step.Filter(having, grouped.output()));
        }
        Output output = output(root, grouped.columns(), insert, order);
        if (SinkKeys.matter(insert, changes) && !order.isMerged()) {
            // A group that ends deletes its row: that must not be another one's.
            List<Integer> told = keyed != null && updating ? grouped.keys() : hashed;
            SinkKeys.check(insert, grouped, told, output.expressions(), updating);
        }
        if (!Columns.isIdentity(output.expressions(), grouped.output(), output.schema())) {
            steps.add(new Step.Project(output.expressions(), output.schema()));
        }
        Stage stage = new Stage(0, inputs, strategy == Strategy.FAN_IN ? 1 : partitions, steps)
                .withOptions(options);
        List<Stage> stages = ordered(stage, output, order, root, insert);
        CatalogTable first = grouped.branches().getFirst().table();
        return new QueryPlan(
                new JobPlan(name, text.sql(), stages, target(stages, insert, order), updating, options),
                isTimed(inputs.getFirst()) ? first.watermarkText() : null, changes);
    }

    private static boolean isTimed(Input input) {
        return input instanceof SourceInput source && source.eventTime() != null;
    }

    private Strategy groupedStrategy(
            Relation.Grouped grouped, Branch keyed, List<Integer> routedBy, SourceSpan position) {
        boolean meetInOne = grouped.keys().isEmpty() || keyed != null && routedBy.isEmpty();
        Strategy strategy = strategy(meetInOne ? Strategy.FAN_IN : Strategy.ALWAYS_HASH, position);
        if (meetInOne && strategy != Strategy.FAN_IN && strategy != Strategy.SMART_REPARTITION) {
            throw refused(
                    strategy, grouped.keys().isEmpty()
                            ? "the query has one group, whose rows must meet in one partition"
                            : "the query groups table \"" + keyed.table().name()
                                    + "\" by other columns than its key, so all rows must meet in one partition",
                    position);
        }
        if (keyed != null) {
            checkKeysMeet(strategy, keyed.table(), position);
        }
        if (strategy == Strategy.ROUND_ROBIN || strategy == Strategy.STICKY_PARTITION) {
            throw refused(
                    strategy, "rows of one group would meet in several partitions, each with a part of the result",
                    position);
        }
        return meetInOne ? Strategy.FAN_IN : strategy;
    }

    // ---- queries with OVER ----

    private QueryPlan over(
            Relation.Over over, RelRoot root, Sort sort, String name, QueryText text, InsertTarget insert) {
        SourceSpan position = text.position();
        Branch keyed = keyed(over.branches(), position);
        if (keyed != null) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED,
                    "OVER on table \"" + keyed.table().name()
                            + "\", whose rows are replaced and deleted by key, is not supported yet",
                    position, "read a table of rows that only come");
        }
        boolean bounded = over.branches().stream().allMatch(branch -> isBounded(branch.table(), position));
        OutputOrder order = OutputOrder.of(root, sort, over, insert, bounded, text.orderPosition());
        EmissionRules.checkEventTime(over, bounded, position);
        SinkChanges changes = sinkChanges(insert);
        Exchange exchange = keyedExchange(over.keys(), position);
        Schema sent = sentSchema(over.branches(), over.sentNames());
        List<Input> inputs = over.branches().stream()
                .<Input>map(branch -> input(branch, sent, exchange, true, position)).toList();
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Over(over.keys(), over.timeColumn(), over.calls(), over.output()));
        if (over.condition() != null) {
            steps.add(new Step.Filter(over.condition(), over.output()));
        }
        Output output = output(root, over.columns(), insert, order);
        if (SinkKeys.matter(insert, changes) && !order.isMerged()) {
            SinkKeys.check(insert, over, exchange.keys(), output.expressions());
        }
        if (!Columns.isIdentity(output.expressions(), over.output(), output.schema())) {
            steps.add(new Step.Project(output.expressions(), output.schema()));
        }
        Stage stage = new Stage(0, inputs, exchange.strategy() == Strategy.FAN_IN ? 1 : partitions, steps)
                .withOptions(options);
        List<Stage> stages = ordered(stage, output, order, root, insert);
        CatalogTable first = over.branches().getFirst().table();
        return new QueryPlan(
                new JobPlan(name, text.sql(), stages, target(stages, insert, order), false, options),
                isTimed(inputs.getFirst()) ? first.watermarkText() : null, changes);
    }

    /** The exchange by which rows of one key of OVER meet in one partition. */
    private Exchange keyedExchange(List<Integer> keys, SourceSpan position) {
        if (keys.isEmpty()) {
            Strategy strategy = strategy(Strategy.FAN_IN, position);
            if (strategy != Strategy.FAN_IN && strategy != Strategy.SMART_REPARTITION) {
                throw refused(strategy, "OVER without PARTITION BY orders all rows in one partition", position);
            }
            return new Exchange(Strategy.FAN_IN, List.of());
        }
        Strategy strategy = strategy(Strategy.ALWAYS_HASH, position);
        if (strategy == Strategy.ROUND_ROBIN || strategy == Strategy.STICKY_PARTITION) {
            throw refused(strategy, "rows of one key would be ordered in several partitions, each by itself", position);
        }
        return new Exchange(strategy, strategy == Strategy.FAN_IN ? List.of() : keys);
    }

    // ---- what they share ----

    private static Schema sentSchema(List<Branch> branches, List<String> names) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            int index = i;
            boolean nullable = branches.stream().anyMatch(branch -> branch.columns().get(index).type().nullable());
            columns.add(new Column(
                    names.get(i), branches.getFirst().columns().get(i).type().withNullable(nullable)));
        }
        return new Schema(columns);
    }

    private SourceInput input(Branch branch, Schema sent, Exchange exchange, boolean timed, SourceSpan position) {
        SourceConnector connector = validSource(branch, position);
        return InputBuilder.build(
                branch, sent, exchange, timed, connector.isBounded(branch.table().definition()));
    }

    private SourceConnector validSource(Branch branch, SourceSpan position) {
        checkWindowColumns(branch, position);
        SourceConnector connector = source(branch.table(), position);
        try {
            connector.validateSource(branch.table().definition());
        } catch (MillraceException e) {
            throw e.at(position);
        }
        return connector;
    }

    private static void checkWindowColumns(Branch branch, SourceSpan position) {
        boolean used = branch.columns().stream()
                .anyMatch(column -> Columns.refersBehind(column, branch.physicalColumns()))
                || branch.condition() != null && Columns.refersBehind(branch.condition(), branch.physicalColumns());
        if (used) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED,
                    "window_start and window_end can be used as keys of GROUP BY, in HAVING and in SELECT behind it",
                    position, "add GROUP BY window_start, window_end");
        }
    }

    private boolean isBounded(CatalogTable table, SourceSpan position) {
        return source(table, position).isBounded(table.definition());
    }

    private SourceConnector source(CatalogTable table, SourceSpan position) {
        try {
            return connectors.source(table.definition());
        } catch (MillraceException e) {
            throw e.at(position);
        }
    }

    private SinkChanges sinkChanges(InsertTarget insert) {
        if (insert == null) {
            return null;
        }
        try {
            var sink = connectors.sink(insert.definition());
            checkMetadata(insert.definition(), sink.writableMetadata());
            sink.validateSink(insert.definition());
            return sink.changes(insert.definition());
        } catch (MillraceException e) {
            throw e.at(insert.position());
        }
    }

    private static void checkMetadata(TableDefinition table, Set<String> writable) {
        table.metadata().forEach((column, key) -> {
            if (!writable.contains(key)) {
                throw new MillraceException(
                        ErrorCode.INSERT_MISMATCH,
                        "column \"" + column + "\" of table \"" + table.name() + "\" can't be written: connector '"
                                + table.connector() + "' makes metadata '" + key + "' itself",
                        "say METADATA FROM '" + key + "' VIRTUAL in CREATE TABLE, and INSERT leaves it out");
            }
        });
    }

    private Strategy strategy(Strategy natural, SourceSpan position) {
        String asked = options.get("partitioning");
        if (asked == null) {
            return natural;
        }
        for (Strategy strategy : Strategy.values()) {
            if (strategy.optionValue().equals(asked)) {
                return strategy;
            }
        }
        throw new IllegalStateException(asked);
    }

    private static MillraceException refused(Strategy strategy, String reason, SourceSpan position) {
        return new MillraceException(
                ErrorCode.PARTITIONING_REFUSED,
                "'partitioning' = '" + strategy.optionValue() + "' can't be used: " + reason,
                position, "RESET 'partitioning' leaves the choice to the planner");
    }

    /** What leaves: expressions over the rows of the query's body, and their columns. */
    private record Output(List<Expression> expressions, Schema schema) {}

    /** What leaves the query's body: the result, or all columns of the body if its rows are to be ordered first. */
    private static Output output(RelRoot root, List<Expression> body, InsertTarget insert, OutputOrder order) {
        if (!order.isMerged()) {
            return output(root, body, insert);
        }
        Map<Integer, String> shown = new HashMap<>();
        root.fields.forEach(field -> shown.putIfAbsent(field.getKey(), field.getValue()));
        Set<String> names = new HashSet<>();
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < body.size(); i++) {
            String name = RelTranslator.unique(names, shown.getOrDefault(i, "order_by"), "column");
            columns.add(new Column(name, body.get(i).type()));
        }
        return new Output(body, new Schema(columns));
    }

    private static Output output(RelRoot root, List<Expression> body, InsertTarget insert) {
        List<Expression> columns = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Map.Entry<Integer, String> field : root.fields) {
            columns.add(body.get(field.getKey()));
            names.add(field.getValue());
        }
        if (insert != null) {
            List<Expression> assigned = Assignments.assign(insert, columns, names);
            return new Output(assigned, insert.definition().schema());
        }
        List<Column> schema = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            schema.add(new Column(names.get(i), columns.get(i).type()));
        }
        return new Output(columns, new Schema(schema));
    }
}
