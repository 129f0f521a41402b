// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static dev.millrace.engine.operator.AggregationTest.INPUT;
import static dev.millrace.engine.operator.Aggregations.call;
import static dev.millrace.engine.operator.Aggregations.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.operator.OperatorVerifier.Event;
import dev.millrace.engine.operator.OperatorVerifier.Rows;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.operator.aggregate.Aggregator;
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
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows that were combined before they came: the same results as of the rows. */
class CombinedAggregationTest {
    private static final int TIME = 8;

    private static List<AggregateCall> mergeable(Random random) {
        return AggregationTest.calls(
                random, call -> !Aggregator.of(call).partials().isEmpty() && (!call.distinct() || isExtreme(call)));
    }

    private static boolean isExtreme(AggregateCall call) {
        return call.function() == AggregateFunction.MIN || call.function() == AggregateFunction.MAX;
    }

    private static UnaryOperator<Operator> combining(Step.Aggregate step, long seed, AtomicLong saved) {
        return operator -> new CombiningOperator(operator, INPUT, step, new Random(seed)) {
            @Override
            public Batch poll() {
                saved.accumulateAndGet(rows() - combinedRows(), Math::max);
                return super.poll();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldGiveTheSameFinalResults(long seed) {
        Random random = new Random(seed);
        List<Integer> keys = AggregationTest.randomKeys(random);
        Step.Aggregate step = step(INPUT, keys, mergeable(random), null, Emit.FINAL);
        List<Event> events = AggregationTest.events(random, 8, 60, seed % 2 == 0, 0);
        AtomicLong saved = new AtomicLong();
        AggregationTest.check(step, events, Coalesce.NONE, null, seed, combining(step, seed, saved));
        Predicate<List<Object>> having = AggregationTest.randomHaving(random, keys.size());
        AggregationTest.check(step, events, Coalesce.NONE, having, seed, combining(step, seed, saved));
        assertTrue(seed % 2 == 0 || saved.get() > 0, "no rows were combined, seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
    void shouldGiveTheSameGatheredChanges(long seed) {
        Random random = new Random(seed);
        Step.Aggregate step = step(
                INPUT, AggregationTest.randomKeys(random), mergeable(random), null, Emit.CHANGES);
        List<Event> events = AggregationTest.events(random, 8, 60, seed % 2 == 0, 0);
        AggregationTest.check(
                step, events, Coalesce.INTERVAL, null, seed, combining(step, seed, new AtomicLong()));
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44})
    void shouldCloseWindowsWithTheSameResults(long seed) {
        Random random = new Random(seed);
        List<Integer> keys = AggregationTest.randomKeys(random);
        boolean manyWindows = seed % 3 == 0;
        long size = 1 + random.nextInt(manyWindows ? 10 : 2_000);
        Window window = new Window.Tumbling(
                TIME, size, random.nextInt((int) size), seed % 2 == 0 ? 0 : random.nextInt(1_000));
        List<Event> events = AggregationTest.events(
                random, 10, manyWindows ? 6 : 24, seed % 2 == 0, random.nextInt(3_000));
        Step.Aggregate atClose = step(INPUT, keys, mergeable(random), window, Emit.FINAL);
        UnaryOperator<Operator> combined = combining(atClose, seed, new AtomicLong());
        AggregationTest.check(atClose, events, Coalesce.NONE, null, seed, combined);
        Predicate<List<Object>> having = AggregationTest.randomHaving(random, keys.size() + 2);
        AggregationTest.check(atClose, events, Coalesce.NONE, having, seed, combined);
        Step.Aggregate changes = step(INPUT, keys, mergeable(random), window, Emit.CHANGES);
        AggregationTest.check(
                changes, events, Coalesce.INTERVAL, null, seed, combining(changes, seed, new AtomicLong()));
    }

    /** More rows than are looked up at once, in more windows than a usual batch has. */
    @ParameterizedTest
    @ValueSource(longs = {61, 62, 63, 64})
    void shouldCombineFullReads(long seed) {
        Random random = new Random(seed);
        Window window = seed % 2 == 0 ? null : new Window.Tumbling(TIME, 1_000, 0, 0);
        Step.Aggregate step = step(INPUT, List.of(0), mergeable(random), window, Emit.FINAL);
        List<Event> events = AggregationTest.events(random, 2, 8_000, false, 3_000);
        List<TestRow> expected = run(step, events, operator -> operator);
        assertEquals(expected, run(step, events, combining(step, seed, new AtomicLong())), "seed " + seed);
    }

    private static List<TestRow> run(Step.Aggregate step, List<Event> events, UnaryOperator<Operator> wrapped) {
        Operator operator = wrapped.apply(Aggregations.operator(
                INPUT, step, PipelineOptions.DEFAULT, null, new OperatorMetrics(), new RowErrors()));
        List<TestRow> rows = new ArrayList<>();
        for (Event event : events) {
            switch (event) {
                case Rows some -> operator.add(TestBatches.of(INPUT, some.rows()));
                case OperatorVerifier.Watermark risen -> operator.advanceTo(risen.value());
                default -> {
                    continue;
                }
            }
            for (Batch batch = operator.poll(); batch != null; batch = operator.poll()) {
                rows.addAll(TestBatches.rows(batch));
            }
        }
        return rows;
    }

    /** Which changes are the last of a batch is the same; their order within it is that of the first rows. */
    @ParameterizedTest
    @ValueSource(longs = {51, 52, 53, 54, 55, 56, 57, 58})
    void shouldGiveTheSameLastChangesOfBatches(long seed) {
        Random random = new Random(seed);
        List<Integer> keys = AggregationTest.randomKeys(random);
        Window window = seed % 2 == 0 ? null : new Window.Tumbling(TIME, 500, 0, 0);
        Step.Aggregate step = step(INPUT, keys, mergeable(random), window, Emit.CHANGES);
        List<Event> events = AggregationTest.events(random, 8, 40, seed % 3 == 0, 1_000);
        for (Predicate<List<Object>> having : Arrays.asList(
                null, AggregationTest.randomHaving(random, keys.size() + (window == null ? 0 : 2)))) {
            List<List<TestRow>> expected = changes(step, events, having, operator -> operator);
            List<List<TestRow>> actual = changes(step, events, having, combining(step, seed, new AtomicLong()));
            assertEquals(expected, actual, "seed " + seed);
        }
    }

    private static List<List<TestRow>> changes(
            Step.Aggregate step, List<Event> events, Predicate<List<Object>> having, UnaryOperator<Operator> wrapped) {
        Operator operator = wrapped.apply(Aggregations.operator(
                INPUT, step, PipelineOptions.DEFAULT.withCoalesce(Coalesce.BATCH), having, new OperatorMetrics(),
                new RowErrors()));
        List<List<TestRow>> changes = new ArrayList<>();
        for (Event event : events) {
            if (event instanceof Rows rows) {
                operator.add(TestBatches.of(INPUT, rows.rows()));
                List<TestRow> ofBatch = new ArrayList<>();
                for (Batch batch = operator.poll(); batch != null; batch = operator.poll()) {
                    ofBatch.addAll(TestBatches.rows(batch));
                }
                ofBatch.sort(Comparator.comparing(TestRow::toString));
                changes.add(ofBatch);
            }
        }
        return changes;
    }

    private static final Schema NUMBERS = Schema.of(
            new Column("key", SqlType.STRING), new Column("number", SqlType.BIGINT),
            new Column("time", SqlType.timestamp(3)));

    private static Step.Aggregate sums(Window window, Emit emit) {
        return step(
                NUMBERS, List.of(0),
                List.of(
                        call(AggregateFunction.COUNT, NUMBERS, AggregateCall.NO_ARGUMENT),
                        call(AggregateFunction.SUM, NUMBERS, 1)),
                window, emit);
    }

    private static Batch numbers(Object... keysAndNumbers) {
        List<InputRow> rows = new ArrayList<>();
        for (int i = 0; i < keysAndNumbers.length; i += 2) {
            rows.add(new InputRow(
                    Arrays.asList(keysAndNumbers[i], keysAndNumbers[i + 1], (long) i), 100 + i, Long.MIN_VALUE));
        }
        return TestBatches.of(NUMBERS, rows);
    }

    private static Batch combine(Step.Aggregate step, Batch batch, int groupsMax) {
        Combiner combiner = new Combiner(NUMBERS, step);
        combiner.begin(batch, new BatchArena());
        int[] rows = new int[batch.size()];
        Arrays.setAll(rows, i -> i);
        return combiner.combine(rows, rows.length, groupsMax);
    }

    @Test
    void shouldTellHowManyRowsACombinedRowStandsFor() {
        Batch combined = combine(
                sums(null, Emit.FINAL), numbers("a", 1L, "b", 2L, "a", 4L, null, null, "a", null), 3);
        assertEquals(
                List.of(
                        TestRow.insert("a", 3L, 3L, 5L), TestRow.insert("b", 1L, 1L, 2L),
                        TestRow.insert(null, 1L, 1L, null)),
                TestBatches.rows(combined));
    }

    @Test
    void shouldGiveUpWhenTooManyRowsAreLeft() {
        assertNull(combine(sums(null, Emit.FINAL), numbers("a", 1L, "b", 2L, "c", 4L), 2));
        assertNotNull(combine(sums(null, Emit.FINAL), numbers("a", 1L, "b", 2L, "c", 4L), 3));
    }

    @Test
    void shouldLetRowsTravelAsTheyAreWhenTheirSumLeavesItsType() {
        assertNull(combine(sums(null, Emit.FINAL), numbers("a", Long.MAX_VALUE, "b", 2L, "a", 1L), 9));
        assertNotNull(combine(sums(null, Emit.FINAL), numbers("a", Long.MAX_VALUE, "b", 2L, "a", -1L), 9));
    }

    @Test
    void shouldCountTheRowsOfAClosedWindowAndNotTheCombinedOnes() {
        Window window = new Window.Tumbling(2, 1_000, 0, 0);
        Step.Aggregate step = sums(window, Emit.FINAL);
        OperatorMetrics metrics = new OperatorMetrics();
        Operator operator = Aggregations.operator(
                NUMBERS, step, PipelineOptions.DEFAULT, null, metrics, new RowErrors());
        operator.advanceTo(999);
        operator.addCombined(combine(step, numbers("a", 1L, "b", 2L, "a", 4L), 9));
        assertNull(operator.poll());
        assertEquals(3, metrics.rowsOfClosedWindows());
        assertEquals(0, metrics.lateRows());
    }

    @Test
    void shouldRefuseCombinedRowsWhereEveryRowGivesAChange() {
        Step.Aggregate step = sums(null, Emit.CHANGES);
        Operator operator = Aggregations.operator(
                NUMBERS, step, PipelineOptions.DEFAULT, null, new OperatorMetrics(), new RowErrors());
        Batch combined = combine(step, numbers("a", 1L, "a", 2L), 9);
        assertThrows(IllegalStateException.class, () -> operator.addCombined(combined));
    }

    @Test
    void shouldSetLateRowsAndRowsWithoutTimeApart() {
        Window window = new Window.Tumbling(2, 1_000, 0, 0);
        Combiner combiner = new Combiner(NUMBERS, sums(window, Emit.FINAL));
        Batch batch = TestBatches.of(NUMBERS, List.of(
                new InputRow(Arrays.asList("a", 1L, 5L), 0, Long.MIN_VALUE),
                new InputRow(Arrays.asList("a", 1L, 6L), 1, 998),
                new InputRow(Arrays.asList("a", 1L, 7L), 2, 999),
                new InputRow(Arrays.asList("a", 1L, null), 3, Long.MIN_VALUE)));
        combiner.begin(batch, new BatchArena());
        int[] rows = {0, 1, 2, 3};
        int[] apart = new int[4];
        assertEquals(2, combiner.setApart(rows, 4, apart));
        assertEquals(List.of(2, 3), List.of(apart[0], apart[1]));
        assertEquals(List.of(0, 1), List.of(rows[0], rows[1]));
    }
}
