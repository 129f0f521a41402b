// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sums are exact whatever comes; the row of a group whose result is out of range is told of in place of being given. */
class SumRangeTest {
    private static final BigInteger LARGEST = BigInteger.TEN.pow(38).subtract(BigInteger.ONE);

    private static final Schema NUMBERS =
            Schema.of(new Column("key", SqlType.STRING), new Column("n", SqlType.BIGINT));

    private static final List<List<Object>> TOO_LARGE_FOR_A_WHILE = List.of(
            List.of("a", Long.MAX_VALUE - 1),
            List.of("b", 5L),
            List.of("a", 1L),
            List.of("a", 1L),
            List.of("a", -1L),
            List.of("a", 1L),
            List.of("b", Long.MIN_VALUE),
            List.of("b", -6L));

    private final RowErrors errors = new RowErrors();

    private List<TestRow> run(Schema input, Step.Aggregate step, List<List<Object>> rows) {
        return run(input, step, PipelineOptions.DEFAULT, List.of(rows));
    }

    /** Gives batches to an operator, then the end; the rows have positions from 10. */
    private List<TestRow> run(
            Schema input, Step.Aggregate step, PipelineOptions options, List<List<List<Object>>> batches) {
        Operator operator = Aggregations.operator(input, step, options, null, new OperatorMetrics(), errors);
        List<TestRow> result = new ArrayList<>();
        long position = 10;
        for (List<List<Object>> rows : batches) {
            List<InputRow> inputRows = new ArrayList<>();
            for (List<Object> row : rows) {
                inputRows.add(new InputRow(row, position++, Long.MIN_VALUE));
            }
            if (!inputRows.isEmpty()) {
                operator.add(TestBatches.of(input, inputRows));
                drain(operator, result);
            }
        }
        operator.advanceTo(Long.MAX_VALUE);
        drain(operator, result);
        return result;
    }

    private static void drain(Operator operator, List<TestRow> to) {
        for (Batch batch = operator.poll(); batch != null; batch = operator.poll()) {
            to.addAll(TestBatches.rows(batch));
        }
    }

    /** Each error as its position and its reason. */
    private List<String> failures() {
        List<String> failures = new ArrayList<>();
        for (RowErrors.RowError error : errors.take()) {
            assertEquals(ErrorCode.OVERFLOW, error.code());
            failures.add(error.position() + ": " + error.reason());
        }
        return failures;
    }

    @Test
    void shouldTellOfGroupsWhoseSumIsBeyondBigintAtTheEnd() {
        List<AggregateCall> calls = List.of(
                Aggregations.call(AggregateFunction.COUNT, NUMBERS, AggregateCall.NO_ARGUMENT),
                Aggregations.call(AggregateFunction.SUM, NUMBERS, 1),
                Aggregations.call(AggregateFunction.MAX, NUMBERS, 1));
        Step.Aggregate step = Aggregations.step(NUMBERS, List.of(0), calls, null, Emit.FINAL);
        assertEquals(List.of(), run(NUMBERS, step, TOO_LARGE_FOR_A_WHILE));
        assertEquals(
                List.of(
                        "-1: SUM leaves the range of BIGINT in the group key = 'a'",
                        "-1: SUM leaves the range of BIGINT in the group key = 'b'"),
                failures());
        List<List<Object>> back = new ArrayList<>(TOO_LARGE_FOR_A_WHILE);
        back.add(List.of("b", 1L));
        assertEquals(List.of(TestRow.insert("b", 4L, Long.MIN_VALUE, 5L)), run(NUMBERS, step, back));
        assertEquals(List.of("-1: SUM leaves the range of BIGINT in the group key = 'a'"), failures());
    }

    @Test
    void shouldTellOfChangesThatTakeASumBeyondBigint() {
        List<AggregateCall> calls = List.of(
                Aggregations.call(AggregateFunction.COUNT, NUMBERS, AggregateCall.NO_ARGUMENT),
                Aggregations.call(AggregateFunction.SUM, NUMBERS, 1));
        Step.Aggregate changes = Aggregations.step(NUMBERS, List.of(0), calls, null, Emit.CHANGES);
        assertEquals(
                List.of(
                        TestRow.insert("a", 1L, Long.MAX_VALUE - 1),
                        TestRow.insert("b", 1L, 5L),
                        TestRow.of(RowKind.UPDATE_AFTER, "a", 2L, Long.MAX_VALUE),
                        TestRow.of(RowKind.UPDATE_AFTER, "a", 4L, Long.MAX_VALUE),
                        TestRow.of(RowKind.UPDATE_AFTER, "b", 2L, Long.MIN_VALUE + 5)),
                run(NUMBERS, changes, TOO_LARGE_FOR_A_WHILE));
        assertEquals(
                List.of(
                        "13: SUM leaves the range of BIGINT in the group key = 'a'",
                        "15: SUM leaves the range of BIGINT in the group key = 'a'",
                        "17: SUM leaves the range of BIGINT in the group key = 'b'"),
                failures());
    }

    @Test
    void shouldAverageIntegersWhateverTheirSum() {
        List<AggregateCall> calls = List.of(Aggregations.call(AggregateFunction.AVG, NUMBERS, 1));
        Step.Aggregate step = Aggregations.step(NUMBERS, List.of(), calls, null, Emit.FINAL);
        List<List<Object>> rows = List.of(
                List.of("a", Long.MAX_VALUE), List.of("a", Long.MAX_VALUE), List.of("a", Long.MAX_VALUE));
        assertEquals(List.of(TestRow.insert((double) Long.MAX_VALUE)), run(NUMBERS, step, rows));
        assertEquals(List.of(), failures());
    }

    @Test
    void shouldKeepSumsBeyondThirtyEightDigitsAndBeyond128Bits() {
        Schema input = Schema.of(new Column("n", SqlType.decimal(38, 0)));
        List<AggregateCall> calls = List.of(
                Aggregations.call(AggregateFunction.SUM, input, 0),
                Aggregations.call(AggregateFunction.AVG, input, 0),
                Aggregations.call(AggregateFunction.COUNT, input, 0));
        Step.Aggregate step = Aggregations.step(input, List.of(), calls.subList(0, 1), null, Emit.FINAL);
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            rows.add(List.of(LARGEST));
        }
        assertEquals(List.of(), run(input, step, rows));
        assertEquals(List.of("-1: SUM leaves the range of DECIMAL(38, 0)"), failures());
        for (int i = 0; i < 10; i++) {
            rows.add(List.of(LARGEST.negate()));
        }
        assertEquals(List.of(TestRow.insert(LARGEST.negate())), run(input, step, rows));
        assertEquals(List.of(), failures());
        rows.add(List.of(LARGEST));
        Step.Aggregate all = Aggregations.step(input, List.of(), calls, null, Emit.FINAL);
        assertEquals(
                List.of(TestRow.insert(BigInteger.ZERO, BigInteger.ZERO, 20L)),
                run(input, all, rows));
        assertEquals(List.of(), failures());
    }

    @Test
    void shouldTellOfAveragesWithTooManyDigits() {
        Schema input = Schema.of(new Column("key", SqlType.BIGINT), new Column("n", SqlType.decimal(38, 0)));
        List<AggregateCall> calls = List.of(Aggregations.call(AggregateFunction.AVG, input, 1));
        Step.Aggregate step = Aggregations.step(input, List.of(0), calls, null, Emit.CHANGES);
        BigInteger limit = BigInteger.TEN.pow(32);
        List<List<Object>> rows = List.of(
                List.of(1L, limit), List.of(2L, LARGEST), List.of(1L, BigInteger.ZERO), List.of(2L, LARGEST.negate()));
        BigInteger half = limit.multiply(BigInteger.valueOf(500_000));
        // The first change that is given of a group is an insert.
        assertEquals(
                List.of(TestRow.insert(1L, half), TestRow.insert(2L, BigInteger.ZERO)), run(input, step, rows));
        assertEquals(
                List.of(
                        "10: AVG leaves the range of DECIMAL(38, 6) in the group key = 1",
                        "11: AVG leaves the range of DECIMAL(38, 6) in the group key = 2"),
                failures());
    }

    /** Numbers whose sum is in range only in the end, in every order that several splits can give them in. */
    @Test
    void shouldGiveTheSameSumsInWhateverOrderTheRowsCome() {
        Schema input = Schema.of(
                new Column("whole", SqlType.BIGINT),
                new Column("decimal", SqlType.decimal(38, 0)));
        List<AggregateCall> calls = List.of(
                Aggregations.call(AggregateFunction.SUM, input, 0),
                Aggregations.call(AggregateFunction.SUM, input, 1),
                Aggregations.call(AggregateFunction.AVG, input, 0),
                Aggregations.call(AggregateFunction.COUNT, input, AggregateCall.NO_ARGUMENT));
        List<List<Object>> rows = List.of(
                List.of(Long.MAX_VALUE, LARGEST),
                List.of(Long.MAX_VALUE, LARGEST),
                List.of(Long.MIN_VALUE, LARGEST.negate()),
                List.of(Long.MIN_VALUE, LARGEST.negate()),
                List.of(7L, BigInteger.ONE),
                List.of(-3L, BigInteger.valueOf(-3)));
        List<Object> expected = List.of(2L, BigInteger.valueOf(-2), 2 / 6.0, 6L);
        List<List<List<Object>>> orders = new ArrayList<>();
        addOrders(new ArrayList<>(rows), 0, orders);
        assertEquals(720, orders.size());
        for (Coalesce coalesce : Coalesce.values()) {
            PipelineOptions options = PipelineOptions.DEFAULT.withCoalesce(coalesce);
            Step.Aggregate last = Aggregations.step(input, List.of(), calls, null, Emit.FINAL);
            Step.Aggregate changes = Aggregations.step(input, List.of(), calls, null, Emit.CHANGES);
            int refused = 0;
            for (int i = 0; i < orders.size(); i++) {
                List<List<Object>> order = orders.get(i);
                int cut = i % order.size();
                List<List<List<Object>>> batches = List.of(order.subList(0, cut), order.subList(cut, order.size()));
                List<TestRow> ends = run(input, last, options, batches);
                assertEquals(List.of(new TestRow(RowKind.INSERT, expected)), ends, order.toString());
                assertEquals(List.of(), failures(), order.toString());
                List<TestRow> changed = run(input, changes, options, batches);
                assertEquals(expected, changed.getLast().values(), order.toString());
                assertEquals(RowKind.INSERT, changed.getFirst().kind(), order.toString());
                refused += failures().size();
            }
            assertEquals(coalesce != Coalesce.INTERVAL, refused > 0, coalesce + ": " + refused);
        }
    }

    /** Adds all orders of rows of which those before an index stay where they are. */
    private static void addOrders(List<List<Object>> rows, int from, List<List<List<Object>>> to) {
        if (from == rows.size()) {
            to.add(List.copyOf(rows));
        }
        for (int i = from; i < rows.size(); i++) {
            Collections.swap(rows, from, i);
            addOrders(rows, from + 1, to);
            Collections.swap(rows, from, i);
        }
    }

    @Test
    void shouldKeepSumsThatHaveLeftTheirRangeInTheState() {
        List<AggregateCall> calls = List.of(Aggregations.call(AggregateFunction.SUM, NUMBERS, 1));
        Step.Aggregate step = Aggregations.step(NUMBERS, List.of(0), calls, null, Emit.CHANGES);
        PipelineOptions options = PipelineOptions.DEFAULT.withCoalesce(Coalesce.INTERVAL);
        Pipeline pipeline = Pipeline.of(NUMBERS, List.of(step), options);
        pipeline.add(TestBatches.of(NUMBERS, List.of(
                new InputRow(List.of("a", Long.MAX_VALUE), 0, Long.MIN_VALUE),
                new InputRow(List.of("a", 2L), 1, Long.MIN_VALUE))));
        pipeline.showChanges();
        assertNull(pipeline.poll());
        assertEquals("SUM leaves the range of BIGINT in the group key = 'a'",
                pipeline.errors().take().getFirst().reason());
        StateWriter out = new StateWriter();
        pipeline.save(out);
        Pipeline restored = Pipeline.of(NUMBERS, List.of(step), options);
        restored.restore(new StateReader(out.finish()));
        restored.add(TestBatches.of(NUMBERS, List.of(new InputRow(List.of("a", -1L), 2, Long.MIN_VALUE))));
        restored.showChanges();
        assertNull(restored.poll());
        restored.add(TestBatches.of(NUMBERS, List.of(new InputRow(List.of("a", -2L), 3, Long.MIN_VALUE))));
        restored.showChanges();
        assertEquals(List.of(TestRow.insert("a", Long.MAX_VALUE - 1)), TestBatches.rows(restored.poll()));
    }

    @Test
    void shouldRoundAveragesHalfAwayFromZero() {
        Schema input = Schema.of(new Column("key", SqlType.BIGINT), new Column("n", SqlType.decimal(10, 6)));
        List<AggregateCall> calls = List.of(Aggregations.call(AggregateFunction.AVG, input, 1));
        Step.Aggregate step = Aggregations.step(input, List.of(0), calls, null, Emit.FINAL);
        List<List<Object>> rows = List.of(
                List.of(1L, 1L), List.of(1L, 2L), List.of(2L, -1L), List.of(2L, -2L), List.of(3L, 1L), List.of(3L, 1L),
                List.of(3L, 2L));
        assertEquals(
                List.of(
                        TestRow.insert(1L, BigInteger.TWO),
                        TestRow.insert(2L, BigInteger.TWO.negate()),
                        TestRow.insert(3L, BigInteger.ONE)),
                run(input, step, rows));
    }

    @Test
    void shouldGiveOneRowForNoRows() {
        Schema input = Schema.of(new Column("n", SqlType.BIGINT));
        List<AggregateCall> calls = List.of(
                Aggregations.call(AggregateFunction.COUNT, input, AggregateCall.NO_ARGUMENT),
                Aggregations.call(AggregateFunction.SUM, input, 0));
        for (Emit emit : Emit.values()) {
            Step.Aggregate step = Aggregations.step(input, List.of(), calls, null, emit);
            for (int partition = 0; partition < 2; partition++) {
                Operator operator = Aggregations.operator(
                        input,
                        step,
                        PipelineOptions.DEFAULT.withPartition(partition),
                        null,
                        new OperatorMetrics(),
                        errors);
                operator.advanceTo(Long.MAX_VALUE);
                Batch batch = operator.poll();
                List<TestRow> rows = batch == null ? List.of() : TestBatches.rows(batch);
                assertEquals(partition == 0 ? List.of(TestRow.insert(0L, null)) : List.of(), rows);
                assertEquals(null, operator.poll());
                operator.advanceTo(Long.MAX_VALUE);
                assertEquals(null, operator.poll());
            }
        }
    }
}
