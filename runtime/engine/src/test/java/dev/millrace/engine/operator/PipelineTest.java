// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.OperatorVerifier.Event;
import dev.millrace.engine.operator.OperatorVerifier.Rows;
import dev.millrace.engine.operator.OperatorVerifier.Watermark;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final Schema INPUT = Schema.of(
            new Column("time", SqlType.timestamp(3)),
            new Column("symbol", SqlType.STRING),
            new Column("price", SqlType.BIGINT),
            new Column("quantity", SqlType.BIGINT));

    private static Expression column(Schema schema, int index) {
        return new ColumnReference(index, schema.type(index));
    }

    private static Expression call(Operation operation, SqlType type, Expression... arguments) {
        return new Call(operation, type, arguments);
    }

    /** WHERE quantity &lt;&gt; 0. */
    private static Step.Filter filter() {
        return new Step.Filter(
                call(Operation.NOT_EQUAL, SqlType.BOOLEAN, column(INPUT, 3), Literal.of(0L)), INPUT);
    }

    /** (symbol, time, price / quantity). */
    private static Step.Project project() {
        Schema output = Schema.of(INPUT.column(1), INPUT.column(0), new Column("ratio", SqlType.BIGINT));
        return new Step.Project(
                List.of(
                        column(INPUT, 1),
                        column(INPUT, 0),
                        call(Operation.DIVIDE, SqlType.BIGINT, column(INPUT, 2), column(INPUT, 3))),
                output);
    }

    private static Step.Aggregate count(Schema input, List<Integer> keys, Window window, Emit emit) {
        List<AggregateCall> calls = new ArrayList<>();
        calls.add(Aggregations.call(AggregateFunction.COUNT, input, AggregateCall.NO_ARGUMENT));
        calls.add(Aggregations.call(AggregateFunction.SUM, input, input.size() - 1));
        return Aggregations.step(input, keys, calls, window, emit);
    }

    private static List<InputRow> rows(Object[]... rows) {
        List<InputRow> list = new ArrayList<>();
        for (Object[] row : rows) {
            list.add(new InputRow(List.of(row), 100 + list.size(), Long.MIN_VALUE));
        }
        return list;
    }

    private static Object[] row(Object... values) {
        return values;
    }

    private static List<TestRow> drain(Operator operator) {
        List<TestRow> rows = new ArrayList<>();
        for (Batch batch = operator.poll(); batch != null; batch = operator.poll()) {
            rows.addAll(TestBatches.rows(batch));
        }
        return rows;
    }

    @Test
    void shouldPassRowsWithoutSteps() {
        List<InputRow> rows = rows(row(1L, "a", 2L, 3L), row(2L, "b", 3L, 4L));
        new OperatorVerifier(
                INPUT,
                () -> Pipeline.of(INPUT, List.of(), PipelineOptions.DEFAULT),
                List.of(new Rows(rows), new Watermark(9)),
                1)
                .expect(List.of(TestRow.insert(1L, "a", 2L, 3L), TestRow.insert(2L, "b", 3L, 4L)));
    }

    @Test
    void shouldFilterThenProjectThenAggregateThenProject() {
        Step.Project projected = project();
        Step.Aggregate aggregated = count(projected.output(), List.of(0), null, Emit.CHANGES);
        Schema output = Schema.of(new Column("twice", SqlType.BIGINT), aggregated.output().column(0));
        Step.Project last = new Step.Project(
                List.of(
                        call(Operation.MULTIPLY, SqlType.BIGINT, column(aggregated.output(), 2), Literal.of(2L)),
                        column(aggregated.output(), 0)),
                output);
        List<InputRow> rows = rows(
                row(1L, "a", 6L, 3L),
                row(2L, "b", 8L, 2L),
                row(3L, "a", 7L, 0L),
                row(4L, "a", 9L, 1L),
                row(5L, "b", 1L, 1L));
        new OperatorVerifier(
                INPUT,
                () -> Pipeline.of(
                        INPUT, List.of(filter(), projected, aggregated, last), PipelineOptions.DEFAULT),
                List.of(new Rows(rows)),
                2)
                .expect(List.of(
                        TestRow.insert(4L, "a"),
                        TestRow.insert(8L, "b"),
                        TestRow.of(RowKind.UPDATE_AFTER, 22L, "a"),
                        TestRow.of(RowKind.UPDATE_AFTER, 10L, "b")));
    }

    @Test
    void shouldTakeBackAGroupThatStopsToPassHaving() {
        Step.Aggregate counted = count(INPUT, List.of(1), null, Emit.CHANGES);
        Expression having = call(
                Operation.GREATER, SqlType.BOOLEAN, column(counted.output(), 2), Literal.of(10L));
        Step.Aggregate step = new Step.Aggregate(
                counted.keys(), counted.aggregates(), null, Emit.CHANGES, having, counted.output());
        List<InputRow> rows = rows(
                row(1L, "a", 0L, 20L),
                row(2L, "b", 0L, 5L),
                row(3L, "a", 0L, 1L),
                row(4L, "a", 0L, -15L),
                row(5L, "a", 0L, -1L),
                row(6L, "b", 0L, 6L),
                row(7L, "a", 0L, 100L));
        new OperatorVerifier(
                INPUT,
                () -> Pipeline.of(INPUT, List.of(step), PipelineOptions.DEFAULT),
                List.of(new Rows(rows)),
                3)
                .expect(List.of(
                        TestRow.insert("a", 1L, 20L),
                        TestRow.of(RowKind.UPDATE_AFTER, "a", 2L, 21L),
                        TestRow.of(RowKind.DELETE, "a", 2L, 21L),
                        TestRow.insert("b", 2L, 11L),
                        TestRow.insert("a", 5L, 105L)));
    }

    /** Windows first, then over the windows' results by window: the second closes when the first has given all. */
    @Test
    void shouldPassWatermarksOnWhenTheRowsBeforeThemHavePassed() {
        Step.Aggregate first = count(INPUT, List.of(1), new Window.Tumbling(0, 10, 0, 3), Emit.FINAL);
        Step.Aggregate second = count(first.output(), List.of(), new Window.Tumbling(0, 20, 0, 0), Emit.FINAL);
        List<Event> events = List.of(
                new Rows(rows(row(1L, "a", 0L, 1L), row(12L, "b", 0L, 2L), row(22L, "a", 0L, 4L))),
                new Watermark(12),
                new Rows(rows(row(3L, "b", 0L, 8L), row(13L, "b", 0L, 16L))),
                new Watermark(22),
                new Rows(rows(row(25L, "c", 0L, 32L))),
                new Watermark(Long.MAX_VALUE));
        // The row at 3 comes after its window was closed by another input.
        List<TestRow> expected = List.of(TestRow.insert(0L, 20L, 2L, 19L), TestRow.insert(20L, 40L, 2L, 36L));
        new OperatorVerifier(
                INPUT, () -> Pipeline.of(INPUT, List.of(first, second), PipelineOptions.DEFAULT), events, 4)
                .withTimes(row -> (Long) row.values().get(1) - 1)
                .expect(expected);
    }

    @Test
    void shouldUseTheHashesOfTheRouterOnlyForTheSameColumns() {
        Random random = new Random(5);
        List<InputRow> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            rows.add(new InputRow(
                    List.of((long) random.nextInt(10), "s" + random.nextInt(10), (long) random.nextInt(3), 1L),
                    i,
                    Long.MIN_VALUE));
        }
        Batch batch = TestBatches.of(INPUT, rows);
        long[] hashes = new long[rows.size()];
        new KeyHasher(List.of(2, 1)).hash(batch, hashes);
        for (List<Integer> keys : List.of(List.of(1, 2), List.of(2, 1), List.of(1), List.of(0, 1))) {
            Step.Aggregate step = count(INPUT, keys, null, Emit.FINAL);
            Pipeline alone = Pipeline.of(INPUT, List.of(step), PipelineOptions.DEFAULT);
            Pipeline routed = Pipeline.of(
                    INPUT, List.of(step), PipelineOptions.DEFAULT.withHashedColumns(List.of(2, 1)));
            alone.add(batch);
            routed.add(batch.withHashes(hashes));
            drain(alone);
            drain(routed);
            // Hashes that are missing are computed as the router would have.
            routed.add(batch);
            alone.add(batch);
            drain(alone);
            drain(routed);
            alone.advanceTo(Long.MAX_VALUE);
            routed.advanceTo(Long.MAX_VALUE);
            assertEquals(drain(alone), drain(routed), "keys " + keys);
        }
    }

    @Test
    void shouldReportRowsThatFailInAnyStep() {
        Pipeline pipeline = Pipeline.of(INPUT, List.of(project()), PipelineOptions.DEFAULT);
        pipeline.add(TestBatches.of(INPUT, rows(row(1L, "a", 6L, 3L), row(2L, "b", 1L, 0L))));
        assertEquals(List.of(TestRow.insert("a", 1L, 2L)), drain(pipeline));
        List<RowErrors.RowError> failed = pipeline.errors().take();
        assertEquals(1, failed.size());
        assertEquals(101, failed.getFirst().position());
        assertEquals(ErrorCode.DIVISION_BY_ZERO, failed.getFirst().code());
        assertTrue(pipeline.errors().isEmpty());
    }

    @Test
    void shouldKeepWhatItCountsInItsState() {
        Step.Aggregate step = count(INPUT, List.of(1), new Window.Tumbling(0, 10, 0, 0), Emit.FINAL);
        Pipeline pipeline = Pipeline.of(INPUT, List.of(step), PipelineOptions.DEFAULT);
        pipeline.add(TestBatches.of(INPUT, List.of(new InputRow(List.of(1L, "a", 0L, 1L), 0, 9))));
        assertFalse(pipeline.needsInput());
        drain(pipeline);
        pipeline.advanceTo(19);
        drain(pipeline);
        pipeline.add(TestBatches.of(INPUT, rows(row(11L, "a", 0L, 1L), row(12L, "a", 0L, 1L))));
        drain(pipeline);
        StateWriter out = new StateWriter();
        pipeline.save(out);
        Pipeline restored = Pipeline.of(INPUT, List.of(step), PipelineOptions.DEFAULT);
        restored.restore(new StateReader(out.finish()));
        assertEquals(1, restored.metrics().lateRows());
        assertEquals(2, restored.metrics().rowsOfClosedWindows());
        assertEquals(19, restored.outputWatermark());
    }

    @Test
    void shouldRefuseStateOfANewerVersion() {
        StateWriter out = new StateWriter();
        out.writeInt(Integer.MAX_VALUE);
        Pipeline pipeline = Pipeline.of(INPUT, List.of(), PipelineOptions.DEFAULT);
        MillraceException refused = assertThrows(
                MillraceException.class, () -> pipeline.restore(new StateReader(out.finish())));
        assertEquals(ErrorCode.STATE_NEWER, refused.code());
    }

    @Test
    void shouldApplyTheStepsOfAReaderInItsOwnArena() {
        RowSteps steps = RowSteps.of(List.of(filter(), project()));
        RowErrors errors = new RowErrors();
        BatchArena one = new BatchArena();
        BatchArena two = new BatchArena();
        Batch first = steps.apply(
                TestBatches.of(INPUT, rows(row(1L, "a", 6L, 3L), row(2L, "b", 1L, 0L))), one, errors);
        Batch second = steps.apply(TestBatches.of(INPUT, rows(row(7L, "c", 8L, 2L))), two, errors);
        assertEquals(List.of(TestRow.insert("a", 1L, 2L)), TestBatches.rows(first));
        assertEquals(List.of(TestRow.insert("c", 7L, 4L)), TestBatches.rows(second));
        assertEquals(100, first.positions()[first.row(0)]);
        assertTrue(errors.isEmpty());
        assertNull(second.hashes());
        assertThrows(
                IllegalArgumentException.class,
                () -> RowSteps.of(List.of(count(INPUT, List.of(), null, Emit.FINAL))));
    }
}
