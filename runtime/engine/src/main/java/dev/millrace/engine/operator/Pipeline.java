// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.ExpressionCompiler;
import dev.millrace.engine.expression.RowFilter;
import dev.millrace.engine.operator.over.OrderOperator;
import dev.millrace.engine.operator.over.OverOperator;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.Share;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.upgrade.StateMapping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/**
 * All operators of a partition as one: rows in at the first, results out of the last.
 *
 * <p>After {@link #add} and {@link #advanceTo} the driver polls until it gets null, and then takes the
 * {@link #errors()}, which are not part of the saved state.
 */
public final class Pipeline implements Operator {
    private static final int STATE_VERSION = 6;

    private final Operator[] operators;
    private final RowErrors errors;
    private final OperatorMetrics metrics;

    /** By operator: the watermark that it was last told. */
    private final long[] told;

    private boolean drained = true;

    private Pipeline(List<Operator> operators, RowErrors errors, OperatorMetrics metrics) {
        this.operators = operators.toArray(Operator[]::new);
        this.errors = errors;
        this.metrics = metrics;
        told = new long[this.operators.length];
        Arrays.fill(told, Long.MIN_VALUE);
    }

    /**
     * Makes the operators of a stage.
     *
     * @param input the columns of the batches that will be added
     * @param steps the steps, in order; without any, rows pass as they are
     */
    public static Pipeline of(Schema input, List<Step> steps, PipelineOptions options) {
        RowErrors errors = new RowErrors();
        OperatorMetrics metrics = new OperatorMetrics();
        List<Operator> operators = new ArrayList<>();
        List<Step> rowSteps = new ArrayList<>();
        List<Integer> hashed = options.hashedColumns();
        Schema schema = input;
        boolean changing = false;
        for (Step step : steps) {
            switch (step) {
                case Step.Aggregate aggregate -> {
                    addRowSteps(rowSteps, operators, errors);
                    List<Integer> hashOrder = hashOrder(hashed, aggregate.keys());
                    operators.add(changing
                            ? retracting(schema, aggregate, options, errors, metrics)
                            : aggregation(schema, aggregate, options, hashOrder, errors, metrics));
                    hashed = List.of();
                }
                case Step.Normalize normalize -> {
                    addRowSteps(rowSteps, operators, errors);
                    boolean refreshes = steps.stream()
                            .anyMatch(other -> other instanceof Step.Aggregate aggregate && aggregate.ttl() != null);
                    operators.add(new NormalizeOperator(
                            schema, normalize, hashOrder(hashed, normalize.keys()), refreshes, options.groupsMax()));
                    changing = normalize.emit() == Emit.CHANGES;
                    hashed = List.of();
                }
                case Step.Project project -> {
                    rowSteps.add(project);
                    hashed = follow(hashed, project.expressions());
                }
                case Step.Filter filter -> rowSteps.add(filter);
                case Step.MatchUpdates match -> rowSteps.add(match);
                case Step.Over over -> {
                    addRowSteps(rowSteps, operators, errors);
                    List<Integer> hashOrder = hashOrder(hashed, over.keys());
                    operators.add(new OverOperator(schema, over, hashOrder, options.groupsMax(), errors, metrics));
                    hashed = List.of();
                }
                case Step.Order order -> {
                    addRowSteps(rowSteps, operators, errors);
                    operators.add(new OrderOperator(schema, order, errors, metrics));
                    hashed = List.of();
                }
            }
            schema = step.output();
        }
        addRowSteps(rowSteps, operators, errors);
        if (operators.isEmpty()) {
            operators.add(new RowStepsOperator(RowSteps.of(List.of()), errors));
        }
        return new Pipeline(operators, errors, metrics);
    }

    /** The hashed columns if they are the keys, in the order in which they were hashed; else none. */
    private static List<Integer> hashOrder(List<Integer> hashed, List<Integer> keys) {
        return new HashSet<>(hashed).equals(new HashSet<>(keys)) ? hashed : List.of();
    }

    private static void addRowSteps(List<Step> rowSteps, List<Operator> operators, RowErrors errors) {
        if (!rowSteps.isEmpty()) {
            operators.add(new RowStepsOperator(RowSteps.of(rowSteps), errors));
            rowSteps.clear();
        }
    }

    /** Where the hashed columns stand behind a projection; empty unless all are still there. */
    private static List<Integer> follow(List<Integer> hashed, List<Expression> expressions) {
        List<Integer> behind = new ArrayList<>();
        for (int column : hashed) {
            for (int i = 0; i < expressions.size(); i++) {
                if (expressions.get(i) instanceof ColumnReference reference && reference.index() == column) {
                    behind.add(i);
                    break;
                }
            }
        }
        return behind.size() == hashed.size() ? behind : List.of();
    }

    private static Operator retracting(
            Schema schema, Step.Aggregate step, PipelineOptions options, RowErrors errors, OperatorMetrics metrics) {
        if (step.window() != null || step.emit() != Emit.CHANGES) {
            throw new IllegalArgumentException("rows that change are aggregated without windows, to changes");
        }
        RowFilter having = step.having() == null ? null : ExpressionCompiler.filter(step.having());
        return new RetractingAggregateOperator(schema, step, options, having, errors, metrics);
    }

    private static Operator aggregation(
            Schema schema,
            Step.Aggregate step,
            PipelineOptions options,
            List<Integer> hashOrder,
            RowErrors errors,
            OperatorMetrics metrics) {
        RowFilter having = step.having() == null ? null : ExpressionCompiler.filter(step.having());
        Grouping grouping = new Grouping(schema, step, options, hashOrder, having, errors);
        return switch (step.window()) {
            case null -> new AggregateOperator(grouping, step.emit(), options.partition() == 0);
            case Window.Tumbling tumbling -> new WindowAggregateOperator(
                    grouping, tumbling, schema.type(tumbling.timeColumn()), step.emit(), metrics, errors);
        };
    }

    @Override
    public boolean needsInput() {
        return drained;
    }

    /** Told up to the first operator that keeps state: what that one gives has an order of its own. */
    @Override
    public void from(String input) {
        for (Operator operator : operators) {
            operator.from(input);
            if (!(operator instanceof RowStepsOperator)) {
                break;
            }
        }
    }

    @Override
    public void clock(long millis) {
        for (Operator operator : operators) {
            operator.clock(millis);
        }
    }

    @Override
    public void add(Batch batch) {
        drained = false;
        operators[0].add(batch);
    }

    @Override
    public void addCombined(Batch batch) {
        drained = false;
        operators[0].addCombined(batch);
    }

    @Override
    public void advanceTo(long watermark) {
        if (watermark > told[0]) {
            drained = false;
            told[0] = watermark;
            operators[0].advanceTo(watermark);
        }
    }

    /** Shows what the operators have gathered; later ones gather what earlier ones show until they are told again. */
    @Override
    public void showChanges() {
        drained = false;
        for (Operator operator : operators) {
            operator.showChanges();
        }
    }

    /**
     * The next result. An operator is polled only when those behind it have given all, so every operator holds at most
     * one batch of the one before it; a watermark moves on when the rows before it have.
     */
    @Override
    public Batch poll() {
        int last = operators.length - 1;
        int at = last;
        while (at >= 0) {
            Batch batch = operators[at].poll();
            if (at == last) {
                if (batch != null) {
                    return batch;
                }
                at--;
            } else if (batch != null) {
                operators[++at].add(batch);
            } else if (operators[at].outputWatermark() > told[at + 1]) {
                long watermark = operators[at].outputWatermark();
                told[++at] = watermark;
                operators[at].advanceTo(watermark);
            } else {
                at--;
            }
        }
        drained = true;
        return null;
    }

    @Override
    public long outputWatermark() {
        return operators[operators.length - 1].outputWatermark();
    }

    /** The operators share the slice, the first first. */
    @Override
    public boolean save(StateWriter out, Portion portion) {
        out.writeInt(STATE_VERSION);
        out.writeInt(operators.length);
        out.writeBoolean(drained);
        out.writeLongs(told, 0, told.length);
        metrics.save(out);
        boolean complete = true;
        for (Operator operator : operators) {
            complete &= operator.save(out, portion);
        }
        return complete;
    }

    @Override
    public void restorePortion(StateReader in) {
        in.readVersion("the operators", STATE_VERSION);
        int count = in.readInt();
        if (count != operators.length) {
            throw new IllegalStateException("state of " + count + " operators for " + operators.length);
        }
        drained = in.readBoolean();
        in.readLongs(told, 0, told.length);
        metrics.restore(in);
        for (Operator operator : operators) {
            operator.restorePortion(in);
        }
    }

    @Override
    public void restored() {
        for (Operator operator : operators) {
            operator.restored();
        }
    }

    /**
     * Takes over a share of the state of a partition before, of another plan; called for each of these, before anything
     * else.
     *
     * @param index index of the partition before: its counters go to one partition
     * @param mappings by operator with state, where that is
     */
    void absorb(Pipeline before, int index, List<StateMapping> mappings, Share share) {
        if (!before.drained) {
            throw new IllegalStateException("a partition was stored while results of it were waiting");
        }
        told[0] = Math.max(told[0], before.told[0]);
        if (told[0] == Long.MAX_VALUE) {
            throw new IllegalStateException("a partition at the end of its input has nothing to go on with");
        }
        if (index % share.routes().partitions() == share.partition()) {
            metrics.add(before.metrics);
        }
        List<Operator> olds = before.stateful();
        List<Operator> news = stateful();
        for (int i = 0; i < news.size(); i++) {
            switch (mappings.get(i)) {
                case StateMapping.Empty empty -> {
                    // Starts as it is.
                }
                case StateMapping.Computed computed -> {
                    // Follows when all rows are there.
                }
                case StateMapping.Groups groups -> news.get(i).absorb(olds.get(groups.operator()), groups, share);
                case StateMapping.Rows rows -> news.get(i).absorb(olds.get(rows.operator()), rows, share);
                case StateMapping.Frames frames -> news.get(i).absorb(olds.get(frames.operator()), frames, share);
                case StateMapping.Waiting rows -> news.get(i).absorb(olds.get(rows.operator()), rows, share);
            }
        }
    }

    private List<Operator> stateful() {
        return Arrays.stream(operators).filter(operator -> !(operator instanceof RowStepsOperator)).toList();
    }

    /** All was taken over: computes what follows from it, and puts the operators at the watermark. */
    void absorbed(List<StateMapping> mappings) {
        if (mappings.contains(new StateMapping.Computed()) && stateful().getFirst() instanceof NormalizeOperator rows
                && rows.givesChanges()) {
            compute(rows);
        }
        drained = false;
        long watermark = told[0];
        for (int i = 0; i < operators.length && watermark > Long.MIN_VALUE; i++) {
            told[i] = watermark;
            operators[i].advanceTo(watermark);
            watermark = operators[i].outputWatermark();
        }
    }

    /** Takes the rows of each key through the operators behind; what these give is known already. */
    private void compute(NormalizeOperator rows) {
        int first = Arrays.asList(operators).indexOf(rows) + 1;
        for (Batch batch = rows.nextRows(); batch != null; batch = rows.nextRows()) {
            Batch passing = batch;
            for (int i = first; i < operators.length && passing != null; i++) {
                operators[i].add(passing);
                passing = operators[i].poll();
            }
        }
        // These rows were told of when they came.
        errors.take();
    }

    @Override
    public long stateBytes() {
        long bytes = 0;
        for (Operator operator : operators) {
            bytes += operator.stateBytes();
        }
        return bytes;
    }

    /** What the operators count; part of the saved state. */
    public OperatorMetrics metrics() {
        return metrics;
    }

    /** The rows that failed in any operator since they were last taken. */
    public RowErrors errors() {
        return errors;
    }

    @Override
    public void close() {
        for (Operator operator : operators) {
            operator.close();
        }
    }
}
