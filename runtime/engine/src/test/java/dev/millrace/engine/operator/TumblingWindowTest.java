// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The edges of windows and of lateness, by one. */
class TumblingWindowTest {
    private static final long SIZE = 1_000;
    private static final long GRACE = 10;

    private final OperatorMetrics metrics = new OperatorMetrics();
    private final RowErrors errors = new RowErrors();

    private Operator operator(int precision, long offset, long grace, Emit emit) {
        Schema input = Schema.of(new Column("time", SqlType.timestamp(precision)));
        Step.Aggregate step = Aggregations.step(
                input,
                List.of(),
                List.of(Aggregations.call(AggregateFunction.COUNT, input, AggregateCall.NO_ARGUMENT)),
                new Window.Tumbling(0, SIZE, offset, grace),
                emit);
        return Aggregations.operator(input, step, PipelineOptions.DEFAULT, null, metrics, errors);
    }

    private static void add(Operator operator, long before, Long... times) {
        List<InputRow> rows = new ArrayList<>();
        for (Long time : times) {
            rows.add(new InputRow(Arrays.asList(time), 100 + rows.size(), before));
        }
        operator.add(TestBatches.of(Schema.of(new Column("time", SqlType.timestamp(3))), rows));
    }

    private static List<TestRow> poll(Operator operator) {
        List<TestRow> rows = new ArrayList<>();
        for (Batch batch = operator.poll(); batch != null; batch = operator.poll()) {
            rows.addAll(TestBatches.rows(batch));
        }
        return rows;
    }

    private static List<TestRow> advance(Operator operator, long watermark) {
        operator.advanceTo(watermark);
        return poll(operator);
    }

    @Test
    void shouldPutTheLastMillisecondIntoAWindowAndTheNextIntoTheNext() {
        Operator operator = operator(3, 0, 0, Emit.FINAL);
        add(operator, Long.MIN_VALUE, -1_001L, -1_000L, -1L, 0L, 999L, 1_000L);
        assertNull(operator.poll());
        List<TestRow> expected = List.of(
                TestRow.insert(-2_000L, -1_000L, 1L),
                TestRow.insert(-1_000L, 0L, 2L),
                TestRow.insert(0L, 1_000L, 2L),
                TestRow.insert(1_000L, 2_000L, 1L));
        assertEquals(expected, advance(operator, Long.MAX_VALUE));
        assertEquals(List.of(), advance(operator, Long.MAX_VALUE));
    }

    @Test
    void shouldShiftWindowsByTheirOffset() {
        Operator operator = operator(3, 250, 0, Emit.FINAL);
        add(operator, Long.MIN_VALUE, 249L, 250L, 1_249L);
        assertEquals(
                List.of(TestRow.insert(-750L, 250L, 1L), TestRow.insert(250L, 1_250L, 2L)),
                advance(operator, Long.MAX_VALUE));
    }

    @Test
    void shouldFloorFinerTimesToMilliseconds() {
        for (int precision : new int[] {6, 9}) {
            long unit = precision == 6 ? 1_000 : 1_000_000;
            Operator operator = operator(precision, 0, 0, Emit.FINAL);
            add(operator, Long.MIN_VALUE, -1L, 0L, 1_000 * unit - 1, 1_000 * unit);
            List<TestRow> expected = List.of(
                    TestRow.insert(-1_000L, 0L, 1L), TestRow.insert(0L, 1_000L, 2L),
                    TestRow.insert(1_000L, 2_000L, 1L));
            assertEquals(expected, advance(operator, Long.MAX_VALUE), "precision " + precision);
        }
    }

    @Test
    void shouldCloseWhenTheWatermarkReachesTheLastMillisecond() {
        Operator operator = operator(3, 0, 0, Emit.FINAL);
        add(operator, Long.MIN_VALUE, 5L);
        assertEquals(List.of(), advance(operator, 998));
        assertEquals(998, operator.outputWatermark());
        operator.advanceTo(999);
        assertEquals(998, operator.outputWatermark());
        assertEquals(List.of(TestRow.insert(0L, 1_000L, 1L)), poll(operator));
        assertEquals(999, operator.outputWatermark());
    }

    @Test
    void shouldWaitForTheGrace() {
        Operator operator = operator(3, 0, GRACE, Emit.FINAL);
        add(operator, Long.MIN_VALUE, 5L);
        assertEquals(List.of(), advance(operator, 999 + GRACE - 1));
        assertEquals(998, operator.outputWatermark());
        assertEquals(List.of(TestRow.insert(0L, 1_000L, 1L)), advance(operator, 999 + GRACE));
        assertEquals(999, operator.outputWatermark());
    }

    @Test
    void shouldKeepLateRowWhenWindowStillOpenByItsOwnSplit() {
        Operator operator = operator(3, 0, GRACE, Emit.FINAL);
        add(operator, 999 + GRACE - 1, 5L);
        add(operator, 999 + GRACE, 6L, 1_000L);
        assertEquals(1, metrics.lateRows());
        assertEquals(0, metrics.rowsOfClosedWindows());
        assertEquals(
                List.of(TestRow.insert(0L, 1_000L, 1L), TestRow.insert(1_000L, 2_000L, 1L)),
                advance(operator, Long.MAX_VALUE));
    }

    @Test
    void shouldNeverOpenAClosedWindowAgain() {
        Operator operator = operator(3, 0, 0, Emit.FINAL);
        add(operator, Long.MIN_VALUE, 5L);
        assertEquals(1, advance(operator, 999).size());
        add(operator, Long.MIN_VALUE, 7L, 8L);
        add(operator, Long.MIN_VALUE, 9L, 1_000L);
        assertEquals(3, metrics.rowsOfClosedWindows());
        assertEquals(0, metrics.lateRows());
        assertEquals(List.of(TestRow.insert(1_000L, 2_000L, 1L)), advance(operator, Long.MAX_VALUE));
    }

    @Test
    void shouldGiveNothingAtTheCloseWhenChangesWereGiven() {
        Operator operator = operator(3, 0, 0, Emit.CHANGES);
        add(operator, Long.MIN_VALUE, 5L, 1_005L, 6L);
        List<TestRow> expected = List.of(
                TestRow.insert(0L, 1_000L, 1L),
                TestRow.insert(1_000L, 2_000L, 1L),
                TestRow.of(RowKind.UPDATE_AFTER, 0L, 1_000L, 2L));
        assertEquals(expected, poll(operator));
        assertEquals(List.of(), advance(operator, Long.MAX_VALUE));
        assertTrue(operator.needsInput());
    }

    @Test
    void shouldSendARowWithoutTimeToTheErrors() {
        Operator operator = operator(3, 0, 0, Emit.FINAL);
        add(operator, Long.MIN_VALUE, 5L, null, 6L);
        List<RowErrors.RowError> failed = errors.take();
        assertEquals(1, failed.size());
        assertEquals(101, failed.getFirst().position());
        assertEquals(ErrorCode.EVENT_TIME_NULL, failed.getFirst().code());
        assertEquals(List.of(TestRow.insert(0L, 1_000L, 2L)), advance(operator, Long.MAX_VALUE));
    }

    @Test
    void shouldUseTheMemoryOfClosedWindowsAgain() {
        Operator operator = operator(3, 0, 0, Emit.FINAL);
        long bytes = 0;
        for (long window = 0; window < 100; window++) {
            add(operator, Long.MIN_VALUE, window * SIZE, window * SIZE + 1);
            assertEquals(
                    List.of(TestRow.insert(window * SIZE, window * SIZE + SIZE, 2L)),
                    advance(operator, window * SIZE + SIZE - 1));
            assertTrue(window < 2 || operator.stateBytes() == bytes, "the state grows");
            bytes = operator.stateBytes();
        }
    }
}
