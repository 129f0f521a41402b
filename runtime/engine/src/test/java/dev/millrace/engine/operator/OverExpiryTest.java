// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.operator.OperatorVerifier.Clock;
import dev.millrace.engine.operator.OperatorVerifier.Event;
import dev.millrace.engine.operator.OperatorVerifier.Rows;
import dev.millrace.engine.operator.OperatorVerifier.Watermark;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.StateTtl.Refresh;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows before, of OVER, that are forgotten when none of their key comes for some time. */
class OverExpiryTest {
    private static final long TTL = 1_000;
    private static final long START = 1_000_000;
    private static final Schema INPUT = Schema.of(
            new Column("key", SqlType.STRING), new Column("time", SqlType.timestamp(3)),
            new Column("n", SqlType.BIGINT), new Column("d", SqlType.DOUBLE), new Column("s", SqlType.STRING),
            new Column("q", SqlType.decimal(38, 2)));

    /** Every function that keeps something of its own. */
    private static List<OverCall> calls(int rows) {
        List<OverCall> calls = new ArrayList<>();
        calls.add(call(OverFunction.COUNT, OverCall.NO_ARGUMENT, rows, SqlType.BIGINT));
        calls.add(call(OverFunction.COUNT, 2, rows, SqlType.BIGINT));
        calls.add(call(OverFunction.SUM, 2, rows, SqlType.BIGINT));
        calls.add(call(OverFunction.SUM, 3, rows, SqlType.DOUBLE));
        calls.add(call(OverFunction.SUM, 5, rows, SqlType.decimal(38, 2)));
        calls.add(call(OverFunction.MAX, 3, rows, SqlType.DOUBLE));
        calls.add(call(OverFunction.MIN, 4, rows, SqlType.STRING));
        if (rows != OverCall.UNBOUNDED) {
            calls.add(call(OverFunction.LAG, 2, rows, SqlType.BIGINT));
            calls.add(call(OverFunction.LAG, 4, rows, SqlType.STRING));
        }
        return calls;
    }

    private static OverCall call(OverFunction function, int argument, int rows, SqlType result) {
        SqlType type = argument < 0 ? null : INPUT.type(argument);
        return new OverCall(function, argument, rows, OverCall.NO_DEFAULT, type, result);
    }

    private static Pipeline pipeline(List<OverCall> calls, Refresh refresh) {
        List<Column> columns = new ArrayList<>(INPUT.columns());
        calls.forEach(call -> columns.add(new Column("c" + columns.size(), call.type())));
        Step step = new Step.Over(List.of(0), 1, calls, new StateTtl(TTL, refresh), new Schema(columns));
        return Pipeline.of(INPUT, List.of(step), PipelineOptions.DEFAULT);
    }

    private static List<Event> events(Random random) {
        List<Event> events = new ArrayList<>();
        long clock = START;
        long time = 1_000;
        for (int i = 0; i < 120; i++) {
            clock += random.nextInt(6) == 0 ? random.nextInt(1_500) - 400 : random.nextInt(150);
            events.add(new Clock(clock));
            List<InputRow> rows = new ArrayList<>();
            for (int row = 0; row < 1 + random.nextInt(8); row++) {
                int key = random.nextInt(3) == 0 ? random.nextInt(3) : i / 10 + random.nextInt(8);
                Object[] values = {
                    "a key that is long enough: " + key, ++time, (long) random.nextInt(100), random.nextDouble(),
                    "text " + random.nextInt(50), new BigInteger(90, random)
                };
                for (int column = 2; column < values.length; column++) {
                    values[column] = random.nextInt(6) == 0 ? null : values[column];
                }
                rows.add(new InputRow(Arrays.asList(values), time, Long.MIN_VALUE));
            }
            events.add(new Rows(rows));
            if (random.nextInt(3) > 0) {
                events.add(new Watermark(time - random.nextInt(12)));
            }
        }
        events.add(new Watermark(time));
        return events;
    }

    /** Gives every row the name of its key's life: a key that has expired, and of which no row waits, begins another. */
    private static List<TestRow> expected(List<Event> events, List<OverCall> calls, Refresh refresh) {
        Map<Object, Long> refreshed = new HashMap<>();
        Map<Object, Integer> lives = new HashMap<>();
        TreeMap<Long, List<Object>> waiting = new TreeMap<>();
        List<List<Object>> ordered = new ArrayList<>();
        long now = 0;
        for (Event event : events) {
            switch (event) {
                case Clock clock -> now = Math.max(now, clock.millis());
                case Watermark watermark -> {
                    var leaving = waiting.headMap(watermark.value(), true);
                    ordered.addAll(leaving.values());
                    leaving.clear();
                }
                case Rows rows -> {
                    // Rows of a key that come together are one use of it.
                    for (InputRow row : rows.rows()) {
                        Object key = row.values().getFirst();
                        boolean waits = waiting.values().stream().anyMatch(other -> other.getFirst().equals(key));
                        Long before = refreshed.get(key);
                        if (before == null || now - before >= TTL && !waits) {
                            lives.merge(key, 1, Integer::sum);
                            refreshed.put(key, now);
                        } else if (refresh == Refresh.WRITE) {
                            refreshed.put(key, now);
                        }
                        List<Object> named = new ArrayList<>(row.values());
                        named.add(lives.get(key));
                        waiting.put((Long) named.get(1), named);
                    }
                }
                default -> throw new IllegalStateException();
            }
        }
        assertTrue(lives.values().stream().anyMatch(life -> life > 2), "no key has expired");
        return NaiveOver.results(ordered, List.of(0, 6), calls).stream().map(row -> {
            List<Object> values = new ArrayList<>(row.values());
            values.remove(6);
            return new TestRow(row.kind(), values);
        }).toList();
    }

    @ParameterizedTest
    @CsvSource({"1, 3, WRITE", "2, 5, WRITE", "3, 2, CREATE", "4, -1, WRITE", "5, -1, CREATE", "6, 70, WRITE"})
    void shouldForgetTheRowsBeforeOfKeysThatHaveExpired(long seed, int rows, Refresh refresh) {
        List<OverCall> calls = calls(rows < 0 ? OverCall.UNBOUNDED : rows);
        List<Event> events = events(new Random(seed));
        List<TestRow> expected = expected(events, calls, refresh);
        new OperatorVerifier(INPUT, () -> pipeline(calls, refresh), events, seed).expect(expected);
    }

    @Test
    void shouldHoldNoMoreWhenKeysRotate() {
        Pipeline pipeline = pipeline(calls(5), Refresh.WRITE);
        long early = 0;
        long time = 0;
        for (int batch = 0; batch < 1_500; batch++) {
            pipeline.clock(START + batch * 10L);
            List<InputRow> rows = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                rows.add(new InputRow(
                        Arrays.asList(
                                "a key that comes for a while: " + (batch * 10 + i) / 3, ++time, time, 0.5,
                                "a text of " + time, null),
                        time, Long.MIN_VALUE));
            }
            pipeline.add(TestBatches.of(INPUT, rows));
            int given = drain(pipeline);
            pipeline.advanceTo(time);
            assertEquals(10, given + drain(pipeline));
            early = batch == 500 ? pipeline.stateBytes() : early;
        }
        assertTrue(pipeline.stateBytes() <= 1.1 * early, pipeline.stateBytes() + " bytes after " + early);
    }

    private static int drain(Pipeline pipeline) {
        int rows = 0;
        for (var batch = pipeline.poll(); batch != null; batch = pipeline.poll()) {
            rows += batch.size();
        }
        return rows;
    }
}
