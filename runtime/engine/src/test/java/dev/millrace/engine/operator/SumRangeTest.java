// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A row that would take a sum out of its range counts nowhere, and is told of. */
class SumRangeTest {
    private static final BigInteger LARGEST = BigInteger.TEN.pow(38).subtract(BigInteger.ONE);

    private final RowErrors errors = new RowErrors();

    private List<TestRow> run(Schema input, Step.Aggregate step, List<List<Object>> rows) {
        Operator operator = Aggregations.operator(
                input, step, PipelineOptions.DEFAULT, null, new OperatorMetrics(), errors);
        List<InputRow> inputRows = new ArrayList<>();
        for (List<Object> row : rows) {
            inputRows.add(new InputRow(row, 10 + inputRows.size(), Long.MIN_VALUE));
        }
        operator.add(TestBatches.of(input, inputRows));
        List<TestRow> result = new ArrayList<>();
        for (Batch batch = operator.poll(); batch != null; batch = operator.poll()) {
            result.addAll(TestBatches.rows(batch));
        }
        operator.advanceTo(Long.MAX_VALUE);
        for (Batch batch = operator.poll(); batch != null; batch = operator.poll()) {
            result.addAll(TestBatches.rows(batch));
        }
        return result;
    }

    private List<Long> failedPositions() {
        List<Long> positions = new ArrayList<>();
        for (RowErrors.RowError error : errors.take()) {
            assertEquals(ErrorCode.OVERFLOW, error.code());
            positions.add(error.position());
        }
        return positions;
    }

    @Test
    void shouldLeaveOutTheRowThatTakesASumBeyondBigint() {
        Schema input = Schema.of(new Column("key", SqlType.STRING), new Column("n", SqlType.BIGINT));
        List<AggregateCall> calls = List.of(
                Aggregations.call(AggregateFunction.COUNT, input, AggregateCall.NO_ARGUMENT),
                Aggregations.call(AggregateFunction.SUM, input, 1),
                Aggregations.call(AggregateFunction.MAX, input, 1),
                Aggregations.call(AggregateFunction.AVG, input, 1));
        List<List<Object>> rows = List.of(
                List.of("a", Long.MAX_VALUE - 1),
                List.of("b", 5L),
                List.of("a", 1L),
                List.of("a", 1L),
                List.of("a", -1L),
                List.of("a", 1L),
                List.of("b", Long.MIN_VALUE),
                List.of("b", -6L));
        double half = Long.MAX_VALUE / 4.0;
        Step.Aggregate last = Aggregations.step(input, List.of(0), calls, null, Emit.FINAL);
        List<TestRow> groups = run(input, last, rows);
        assertEquals(List.of(13L, 17L), failedPositions());
        assertEquals(2, groups.size());
        assertEquals(Arrays.<Object>asList("a", 4L, Long.MAX_VALUE, Long.MAX_VALUE - 1, half), groups.get(0).values());
        assertEquals(Arrays.<Object>asList("b", 2L, Long.MIN_VALUE + 5, 5L, (Long.MIN_VALUE + 5) / 2.0),
                groups.get(1).values());

        Step.Aggregate changes = Aggregations.step(
                input, List.of(0), calls.subList(0, 2), null, Emit.CHANGES);
        List<TestRow> changed = run(input, changes, rows);
        assertEquals(List.of(13L, 17L), failedPositions());
        assertEquals(
                List.of(
                        TestRow.insert("a", 1L, Long.MAX_VALUE - 1),
                        TestRow.insert("b", 1L, 5L),
                        TestRow.of(RowKind.UPDATE_AFTER, "a", 2L, Long.MAX_VALUE),
                        TestRow.of(RowKind.UPDATE_AFTER, "a", 3L, Long.MAX_VALUE - 1),
                        TestRow.of(RowKind.UPDATE_AFTER, "a", 4L, Long.MAX_VALUE),
                        TestRow.of(RowKind.UPDATE_AFTER, "b", 2L, Long.MIN_VALUE + 5)),
                changed);
    }

    @Test
    void shouldLeaveOutTheRowThatTakesASumBeyondThirtyEightDigits() {
        Schema input = Schema.of(new Column("n", SqlType.decimal(38, 0)));
        List<AggregateCall> calls = List.of(
                Aggregations.call(AggregateFunction.SUM, input, 0),
                Aggregations.call(AggregateFunction.COUNT, input, 0));
        Step.Aggregate step = Aggregations.step(input, List.of(), calls, null, Emit.FINAL);
        List<List<Object>> rows = List.of(
                List.of(LARGEST), List.of(LARGEST), List.of(BigInteger.ONE), List.of(LARGEST.negate()),
                List.of(LARGEST.negate()), List.of(BigInteger.ONE.negate()));
        assertEquals(List.of(TestRow.insert(LARGEST.negate(), 3L)), run(input, step, rows));
        assertEquals(List.of(11L, 12L, 15L), failedPositions());
    }

    @Test
    void shouldRefuseOperandsWhoseAverageMayNotFit() {
        Schema input = Schema.of(new Column("key", SqlType.BIGINT), new Column("n", SqlType.decimal(38, 0)));
        List<AggregateCall> calls = List.of(Aggregations.call(AggregateFunction.AVG, input, 1));
        Step.Aggregate step = Aggregations.step(input, List.of(0), calls, null, Emit.FINAL);
        BigInteger limit = BigInteger.TEN.pow(32);
        BigInteger below = limit.subtract(BigInteger.ONE);
        List<List<Object>> rows = List.of(
                List.of(1L, limit), List.of(2L, below), List.of(2L, below), List.of(3L, below.negate()));
        BigInteger scaled = below.multiply(BigInteger.valueOf(1_000_000));
        // The group of the refused row does not exist.
        assertEquals(
                List.of(TestRow.insert(2L, scaled), TestRow.insert(3L, scaled.negate())), run(input, step, rows));
        assertEquals(List.of(10L), failedPositions());
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
