// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** States of thousands of groups, restored from portions: nobody can tell the new operator from the old one. */
class PortionsTest {
    private static final int NAME = 1;
    private static final int TIME = 2;
    private static final int NUMBER = 3;
    private static final Schema SCHEMA = Schema.of(
            new Column("id", SqlType.BIGINT),
            new Column("name", SqlType.STRING),
            new Column("time", SqlType.timestamp(3)),
            new Column("number", SqlType.BIGINT));

    private static final int KEYS = 4_000;

    /** The pipelines under test. */
    enum Kind {
        CHANGES,
        CHANGES_HAVING,
        CHANGES_BY_TIME,
        AT_THE_END,
        WINDOWS,
        WINDOW_CHANGES_HAVING,
        WINDOW_CHANGES_BY_TIME,
        TABLE,
        TABLE_AT_THE_END,
        GROUPS_OF_TABLE,
        OVER;

        boolean takesBack() {
            return this == TABLE || this == TABLE_AT_THE_END || this == GROUPS_OF_TABLE;
        }

        Pipeline pipeline() {
            Window window = new Window.Tumbling(TIME, 1_000, 0, 100);
            PipelineOptions byTime = PipelineOptions.DEFAULT.withCoalesce(Coalesce.INTERVAL);
            Emit changes = Emit.CHANGES;
            return switch (this) {
                case CHANGES -> of(aggregate(null, changes, false));
                case CHANGES_HAVING -> of(aggregate(null, changes, true));
                case CHANGES_BY_TIME -> Pipeline.of(SCHEMA, List.of(aggregate(null, changes, false)), byTime);
                case AT_THE_END -> of(aggregate(null, Emit.FINAL, false));
                case WINDOWS -> of(aggregate(window, Emit.FINAL, true));
                case WINDOW_CHANGES_HAVING -> of(aggregate(window, changes, true));
                case WINDOW_CHANGES_BY_TIME ->
                        Pipeline.of(SCHEMA, List.of(aggregate(window, changes, false)), byTime);
                case TABLE -> of(new Step.Normalize(List.of(0), changes, SCHEMA));
                case TABLE_AT_THE_END -> of(new Step.Normalize(List.of(0), Emit.FINAL, SCHEMA));
                case GROUPS_OF_TABLE ->
                        of(new Step.Normalize(List.of(0), changes, SCHEMA), aggregate(null, changes, true));
                case OVER -> of(over());
            };
        }

        private static Pipeline of(Step... steps) {
            return Pipeline.of(SCHEMA, List.of(steps), PipelineOptions.DEFAULT);
        }
    }

    private static Step.Aggregate aggregate(Window window, Emit emit, boolean withHaving) {
        List<AggregateCall> calls = List.of(
                Aggregations.call(AggregateFunction.COUNT, SCHEMA, AggregateCall.NO_ARGUMENT),
                Aggregations.call(AggregateFunction.SUM, SCHEMA, NUMBER),
                Aggregations.call(AggregateFunction.MAX, SCHEMA, NAME),
                Aggregations.call(AggregateFunction.COUNT, SCHEMA, NUMBER, true, AggregateCall.NO_FILTER));
        Step.Aggregate step = Aggregations.step(SCHEMA, List.of(NAME), calls, window, emit);
        if (!withHaving) {
            return step;
        }
        int count = window == null ? 1 : 3;
        Call rest = new Call(
                Operation.MODULO, SqlType.BIGINT, new ColumnReference(count, SqlType.BIGINT), Literal.of(3L));
        Call having = new Call(Operation.NOT_EQUAL, SqlType.BOOLEAN, rest, Literal.of(1L));
        return new Step.Aggregate(step.keys(), calls, window, emit, having, step.output());
    }

    private static Step.Over over() {
        List<OverCall> calls = List.of(
                overCall(OverFunction.SUM, NUMBER, 5, SqlType.BIGINT),
                overCall(OverFunction.MAX, NUMBER, 3, SqlType.BIGINT),
                overCall(OverFunction.LAG, NAME, 2, SqlType.STRING),
                overCall(OverFunction.COUNT, NUMBER, OverCall.UNBOUNDED, SqlType.BIGINT));
        List<Column> columns = new ArrayList<>(SCHEMA.columns());
        calls.forEach(call -> columns.add(new Column("c" + columns.size(), call.type())));
        return new Step.Over(List.of(NAME), TIME, calls, new Schema(columns));
    }

    private static OverCall overCall(OverFunction function, int argument, int rows, SqlType type) {
        return new OverCall(function, argument, rows, OverCall.NO_DEFAULT, SCHEMA.type(argument), type);
    }

    /** Rows of few keys mostly, and their time. */
    private static final class Source {
        private final Kind kind;
        private final Random random;
        private long position;
        private long now = 1_000;

        Source(Kind kind, Random random) {
            this.kind = kind;
            this.random = random;
        }

        InputRow row(long id) {
            now += random.nextInt(3);
            boolean delete = kind.takesBack() && random.nextInt(3) == 0;
            // A name of a key is the same always, unless keys are numbers.
            long named = kind.takesBack() ? random.nextInt(KEYS) : id;
            Object name = named % 50 == 0 ? null : "n" + named + (named % 3 == 0 ? " with a long tail behind it" : "");
            Object number = switch (random.nextInt(40)) {
                case 0, 1, 2, 3 -> null;
                // Sums leave their range and come back.
                case 4 -> Long.MAX_VALUE;
                case 5 -> -Long.MAX_VALUE;
                default -> (long) random.nextInt(10);
            };
            long time = now - random.nextInt(50);
            return new InputRow(
                    Arrays.asList(id, name, time, number), position++, Long.MIN_VALUE,
                    delete ? RowKind.DELETE : RowKind.INSERT);
        }

        List<InputRow> rows(int count, boolean wide) {
            List<InputRow> rows = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rows.add(row(random.nextInt(wide ? KEYS : 30)));
            }
            return rows;
        }
    }

    private static List<TestRow> drain(Pipeline pipeline) {
        List<TestRow> rows = new ArrayList<>();
        for (Batch batch = pipeline.poll(); batch != null; batch = pipeline.poll()) {
            rows.addAll(TestBatches.rows(batch));
        }
        return rows;
    }

    @ParameterizedTest
    @EnumSource
    void shouldGoOnAsIfNothingHadHappened(Kind kind) {
        for (long seed = 1; seed <= 3; seed++) {
            Random random = new Random(seed);
            Source source = new Source(kind, random);
            Pipeline pipeline = kind.pipeline();
            Pipeline untouched = kind.pipeline();
            PortionLog portions = new PortionLog(random);
            for (int epoch = 0; epoch < 60; epoch++) {
                boolean wide = epoch < 5 || random.nextInt(4) == 0;
                Batch batch = TestBatches.of(SCHEMA, source.rows(1 + random.nextInt(wide ? 600 : 60), wide));
                boolean rises = random.nextInt(3) == 0;
                boolean passesAll = random.nextInt(3) == 0;
                long watermark = epoch == 59 ? Long.MAX_VALUE : passesAll ? source.now : source.now - 51;
                boolean shows = random.nextInt(3) == 0;
                List<TestRow> rows = new ArrayList<>();
                List<TestRow> expected = new ArrayList<>();
                int errors = 0;
                for (Pipeline each : List.of(pipeline, untouched)) {
                    List<TestRow> output = each == pipeline ? rows : expected;
                    each.from("source " + epoch % 3);
                    each.add(batch);
                    output.addAll(drain(each));
                    if (rises || epoch == 59) {
                        each.advanceTo(watermark);
                        if (each == pipeline) {
                            // In the middle of the output, maybe.
                            Batch first = pipeline.poll();
                            output.addAll(first == null ? List.of() : TestBatches.rows(first));
                            errors = pipeline.errors().take().size();
                            pipeline = next(pipeline, portions, kind, random);
                            each = pipeline;
                        }
                        output.addAll(drain(each));
                    }
                    if (shows) {
                        each.showChanges();
                        output.addAll(drain(each));
                    }
                }
                source.now += rises && passesAll ? 60 : 0;
                String where = kind + ", epoch " + epoch + ", seed " + seed;
                assertEquals(expected, rows, where);
                assertEquals(untouched.errors().take().size(), errors + pipeline.errors().take().size(), where);
                pipeline = next(pipeline, portions, kind, random);
            }
        }
    }

    /** A portion later: the same pipeline, or one that is restored. */
    private static Pipeline next(Pipeline pipeline, PortionLog portions, Kind kind, Random random) {
        portions.append(pipeline);
        if (!portions.holdsAll() || random.nextInt(3) > 0) {
            return pipeline;
        }
        Pipeline restored = kind.pipeline();
        portions.restore(restored);
        return restored;
    }

    @ParameterizedTest
    @EnumSource
    void shouldWriteLittleWhenLittleHasChanged(Kind kind) {
        Random random = new Random(1);
        Source source = new Source(kind, random);
        Pipeline pipeline = kind.pipeline();
        for (int i = 0; i < 10; i++) {
            pipeline.add(TestBatches.of(SCHEMA, source.rows(2_000, true)));
            drain(pipeline);
        }
        if (kind == Kind.OVER) {
            // Whatever waited leaves, so that the frames are left.
            pipeline.advanceTo(source.now);
            drain(pipeline);
            source.now += 100;
        }
        StateWriter out = new StateWriter();
        pipeline.save(out);
        long all = out.size();
        assertTrue(all > 100_000, all + " bytes in all");
        PortionLog portions = new PortionLog(random);
        portions.append(pipeline, true, 0);
        if (kind == Kind.CHANGES_BY_TIME || kind == Kind.WINDOW_CHANGES_BY_TIME) {
            pipeline.showChanges();
            drain(pipeline);
            portions.append(pipeline, false, 0);
        }
        for (int i = 0; i < 10; i++) {
            pipeline.add(TestBatches.of(SCHEMA, source.rows(20, false)));
            drain(pipeline);
            long bytes = portions.append(pipeline, false, 0);
            assertTrue(bytes < 20 * 400 + 1_000, bytes + " bytes for 20 rows");
        }
        long slice = 10_000;
        long image = 0;
        long last = slice;
        for (boolean begins = true; last >= slice; begins = false) {
            last = portions.append(pipeline, begins, slice);
            assertTrue(last < 3 * slice, last + " bytes for a slice of " + slice);
            image += last;
        }
        assertTrue(image > all * 9 / 10, "an image of " + image + " bytes instead of " + all);
    }
}
