// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static dev.millrace.engine.operator.Aggregations.call;
import static dev.millrace.engine.operator.Aggregations.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.operator.OperatorVerifier.Event;
import dev.millrace.engine.operator.OperatorVerifier.Rows;
import dev.millrace.engine.operator.OperatorVerifier.Show;
import dev.millrace.engine.operator.OperatorVerifier.Watermark;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregations against one that keeps all operands in lists, on random rows. */
class AggregationTest {
    private static final int TIME = 8;
    private static final int FLAG = 4;
    static final Schema INPUT = Schema.of(
            new Column("name", SqlType.STRING),
            new Column("number", SqlType.BIGINT),
            new Column("measure", SqlType.DOUBLE),
            new Column("amount", SqlType.decimal(38, 2)),
            new Column("flag", SqlType.BOOLEAN),
            new Column("price", SqlType.decimal(10, 2)),
            new Column("small", SqlType.INTEGER),
            new Column("whole", SqlType.decimal(38, 0)),
            new Column("time", SqlType.timestamp(6)));

    private static final long MICROS = 1_000;

    /** COUNT(*) and some others, of which all come up within a few seeds. */
    private static List<AggregateCall> calls(Random random) {
        return calls(random, call -> true);
    }

    /** @param allowed which of the others may come up */
    static List<AggregateCall> calls(Random random, Predicate<AggregateCall> allowed) {
        List<AggregateCall> others = new ArrayList<>();
        for (int column = 0; column < TIME; column++) {
            boolean distinct = column % 2 == 1;
            others.add(call(AggregateFunction.COUNT, INPUT, column, !distinct, AggregateCall.NO_FILTER));
            others.add(call(AggregateFunction.MIN, INPUT, column));
            others.add(call(AggregateFunction.MAX, INPUT, column, false, FLAG));
            if (INPUT.type(column).kind().isNumeric()) {
                others.add(call(AggregateFunction.SUM, INPUT, column));
                others.add(call(AggregateFunction.AVG, INPUT, column));
                others.add(call(AggregateFunction.SUM, INPUT, column, true, AggregateCall.NO_FILTER));
                others.add(call(AggregateFunction.AVG, INPUT, column, distinct, FLAG));
            }
        }
        others.removeIf(allowed.negate());
        Collections.shuffle(others, random);
        List<AggregateCall> calls = new ArrayList<>(others.subList(0, 7));
        calls.addFirst(call(AggregateFunction.COUNT, INPUT, AggregateCall.NO_ARGUMENT));
        return calls;
    }

    private static final String[] NAMES = {
        "", "a", "abc", "abcd", "abcde", "abcdefgh", "abcdefghijkl", "abcdefghijklm", "abcdefghijkln",
        "a long name that goes on for a while", "a long name that goes on for a whilf", "ä", "日本語", "\u0000"
    };

    private static List<Object> row(Random random, long time, boolean extreme) {
        Object[] values = {
            NAMES[random.nextInt(NAMES.length)],
            extreme && random.nextInt(4) == 0
                    ? (random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE) / (1 + random.nextInt(3))
                    : (Object) (long) (random.nextInt(20) - 10),
            measure(random, extreme),
            decimal(random, extreme),
            random.nextBoolean(),
            (long) random.nextInt(2_000) - 1_000,
            (long) random.nextInt(5),
            decimal(random, extreme),
            time
        };
        for (int i = 0; i < TIME; i++) {
            if (random.nextInt(6) == 0) {
                values[i] = null;
            }
        }
        return Arrays.asList(values);
    }

    private static double measure(Random random, boolean extreme) {
        if (extreme && random.nextInt(5) == 0) {
            double[] special = {-0.0, 0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.MAX_VALUE, Double.MIN_VALUE};
            return special[random.nextInt(special.length)];
        }
        return random.nextInt(64) / 4.0 - 8;
    }

    private static BigInteger decimal(Random random, boolean extreme) {
        BigInteger value = BigInteger.valueOf(random.nextInt(1_000) - 500);
        if (extreme && random.nextInt(4) == 0) {
            value = BigInteger.TEN.pow(28 + random.nextInt(10)).multiply(BigInteger.valueOf(random.nextInt(19) - 9));
        }
        return value;
    }

    /** Events with rising times, watermarks behind them, and some rows that are late by their own split. */
    static List<Event> events(Random random, int batches, int rowsMax, boolean extreme, long spreadMillis) {
        List<Event> events = new ArrayList<>();
        long position = random.nextInt(1000);
        long now = -5_000;
        long watermark = Long.MIN_VALUE;
        long maximum = Long.MIN_VALUE;
        for (int b = 0; b < batches; b++) {
            List<InputRow> rows = new ArrayList<>();
            int count = 1 + random.nextInt(rowsMax);
            for (int i = 0; i < count; i++) {
                now += random.nextInt(20);
                long millis = now - (long) (spreadMillis * random.nextDouble() * random.nextDouble());
                long before = maximum == Long.MIN_VALUE || millis > maximum - 1_001 ? Long.MIN_VALUE : maximum - 1_001;
                maximum = Math.max(maximum, millis);
                long time = millis * MICROS + random.nextInt(1_000);
                rows.add(new InputRow(row(random, time, extreme), position, before));
                position += 1 + random.nextInt(3);
            }
            events.add(new Rows(rows));
            if (b % 3 == 1) {
                events.add(new Show());
            }
            if (random.nextInt(2) == 0 && maximum - 1_001 > watermark) {
                // Now and then ahead of the splits, as with an input declared idle.
                watermark = maximum - 1_001 + (random.nextInt(4) == 0 ? 300 : 0);
                events.add(new Watermark(watermark));
            }
        }
        events.add(new Watermark(Long.MAX_VALUE));
        return events;
    }

    private static void check(
            Step.Aggregate step, List<Event> events, Coalesce coalesce, Predicate<List<Object>> having, long seed) {
        check(step, events, coalesce, having, seed, operator -> operator);
    }

    /** @param wrapped what stands before the operator */
    static void check(
            Step.Aggregate step, List<Event> events, Coalesce coalesce, Predicate<List<Object>> having, long seed,
            UnaryOperator<Operator> wrapped) {
        NaiveAggregation naive = new NaiveAggregation(step, INPUT.type(TIME), coalesce, having);
        List<TestRow> expected = naive.run(events);
        PipelineOptions options = PipelineOptions.DEFAULT.withCoalesce(coalesce);
        RowErrors errors = new RowErrors();
        OperatorMetrics shared = new OperatorMetrics();
        OperatorVerifier verifier = new OperatorVerifier(
                INPUT,
                () -> wrapped.apply(Aggregations.operator(INPUT, step, options, having, shared, errors)),
                events,
                seed);
        if (step.window() instanceof Window.Tumbling) {
            verifier.withTimes(row -> (Long) row.values().get(1) - 1);
        }
        int ways = 12;
        if (coalesce == Coalesce.BATCH || coalesce == Coalesce.INTERVAL && having != null) {
            verifier.withBatchesAsTheyAre();
            ways = 4;
        }
        verifier.expect(expected);
        assertEquals(naive.late() * ways, shared.lateRows(), "late rows, seed " + seed);
        assertEquals(naive.closed() * ways, shared.rowsOfClosedWindows(), "rows of closed windows, seed " + seed);
        assertEquals(naive.errors() * ways, errors.take().size(), "errors, seed " + seed);
    }

    static List<Integer> randomKeys(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> List.of();
            case 1 -> List.of(0);
            case 2 -> List.of(0, 6);
            case 3 -> List.of(6);
            case 4 -> List.of(2);
            case 5 -> List.of(3, 0);
            case 6 -> List.of(4, 0, 1);
            default -> List.of(5, 4);
        };
    }

    static Predicate<List<Object>> randomHaving(Random random, int countColumn) {
        int mode = random.nextInt(3);
        return values -> switch (mode) {
            case 0 -> ((Long) values.get(countColumn)) % 3 != 0;
            case 1 -> ((Long) values.get(countColumn)) > 4;
            default -> values.hashCode() % 3 == 0;
        };
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void shouldGiveEveryChangeAsTheNaiveAggregationDoes(long seed) {
        Random random = new Random(seed);
        List<Integer> keys = randomKeys(random);
        Step.Aggregate step = step(INPUT, keys, calls(random), null, Emit.CHANGES);
        List<Event> events = events(random, 5, 30, seed % 2 == 0, 0);
        check(step, events, Coalesce.NONE, null, seed);
        check(step, events, Coalesce.BATCH, null, seed);
        Predicate<List<Object>> having = randomHaving(random, keys.size());
        check(step, events, Coalesce.NONE, having, seed);
        check(step, events, Coalesce.BATCH, having, seed);
        check(step, events, Coalesce.INTERVAL, null, seed);
        check(step, events, Coalesce.INTERVAL, having, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28})
    void shouldGiveFinalResultsOnceAtTheEnd(long seed) {
        Random random = new Random(seed);
        List<Integer> keys = randomKeys(random);
        Step.Aggregate step = step(INPUT, keys, calls(random), null, Emit.FINAL);
        List<Event> events = events(random, 8, 60, seed % 2 == 0, 0);
        check(step, events, Coalesce.NONE, null, seed);
        check(step, events, Coalesce.NONE, randomHaving(random, keys.size()), seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44})
    void shouldCloseWindowsAsTheNaiveAggregationDoes(long seed) {
        Random random = new Random(seed);
        List<Integer> keys = randomKeys(random);
        boolean manyWindows = seed % 3 == 0;
        long size = 1 + random.nextInt(manyWindows ? 10 : 2_000);
        Window window = new Window.Tumbling(
                TIME, size, random.nextInt((int) size), seed % 2 == 0 ? 0 : random.nextInt(1_000));
        List<Event> events = events(random, 10, manyWindows ? 6 : 24, seed % 2 == 0, random.nextInt(3_000));
        Step.Aggregate atClose = step(INPUT, keys, calls(random), window, Emit.FINAL);
        check(atClose, events, Coalesce.NONE, null, seed);
        Predicate<List<Object>> having = randomHaving(random, keys.size() + 2);
        check(atClose, events, Coalesce.NONE, having, seed);
        Step.Aggregate changes = step(INPUT, keys, calls(random), window, Emit.CHANGES);
        check(changes, events, Coalesce.NONE, null, seed);
        check(changes, events, Coalesce.BATCH, null, seed);
        check(changes, events, Coalesce.NONE, having, seed);
        check(changes, events, Coalesce.BATCH, having, seed);
        check(changes, events, Coalesce.INTERVAL, null, seed);
        check(changes, events, Coalesce.INTERVAL, having, seed);
    }

    @Test
    void shouldGiveManyGroupsInSeveralBatches() {
        Schema input = Schema.of(new Column("id", SqlType.BIGINT));
        Step.Aggregate step = step(
                input,
                List.of(0),
                List.of(call(AggregateFunction.COUNT, input, AggregateCall.NO_ARGUMENT)),
                null,
                Emit.FINAL);
        List<InputRow> rows = new ArrayList<>();
        List<TestRow> expected = new ArrayList<>();
        for (long id = 0; id < 20_000; id++) {
            rows.add(new InputRow(List.of(id), id, Long.MIN_VALUE));
            expected.add(TestRow.insert(id, 1L));
        }
        OperatorMetrics metrics = new OperatorMetrics();
        RowErrors errors = new RowErrors();
        new OperatorVerifier(
                input,
                () -> Aggregations.operator(input, step, PipelineOptions.DEFAULT, null, metrics, errors),
                List.of(new Rows(rows), new Watermark(5), new Watermark(Long.MAX_VALUE)),
                1)
                .withBatchesAsTheyAre()
                .expect(expected);
        assertTrue(errors.isEmpty());
    }
}
