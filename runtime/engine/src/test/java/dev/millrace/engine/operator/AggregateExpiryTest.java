// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.operator.OperatorVerifier.Clock;
import dev.millrace.engine.operator.OperatorVerifier.Event;
import dev.millrace.engine.operator.OperatorVerifier.Rows;
import dev.millrace.engine.operator.OperatorVerifier.Show;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.StateTtl.Refresh;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that are forgotten when no row comes for some time. */
class AggregateExpiryTest {
    private static final long TTL = 1_000;
    private static final Schema INPUT = Schema.of(
            new Column("name", SqlType.STRING), new Column("number", SqlType.BIGINT),
            new Column("text", SqlType.STRING));

    private static final List<AggregateCall> CALLS = List.of(
            Aggregations.call(AggregateFunction.COUNT, INPUT, AggregateCall.NO_ARGUMENT),
            Aggregations.call(AggregateFunction.SUM, INPUT, 1),
            Aggregations.call(AggregateFunction.COUNT, INPUT, 1, true, AggregateCall.NO_FILTER),
            Aggregations.call(AggregateFunction.MAX, INPUT, 2));

    /** What a query keeps of one key, in the plainest way. */
    private static final class Group {
        private long refreshed;
        private long count;
        private Long sum;
        private final Set<Long> numbers = new HashSet<>();
        private String greatest;
        private boolean shown;

        void take(List<Object> row) {
            count++;
            if (row.get(1) != null) {
                sum = (sum == null ? 0 : sum) + (Long) row.get(1);
                numbers.add((Long) row.get(1));
            }
            String text = (String) row.get(2);
            if (text != null) {
                greatest = greatest == null || text.compareTo(greatest) > 0 ? text : greatest;
            }
        }

        List<Object> result(List<Object> keys) {
            List<Object> values = new ArrayList<>(keys);
            values.addAll(Arrays.asList(count, sum, (long) numbers.size(), greatest));
            return values;
        }
    }

    /** Groups in a map, each with the time of its last refresh. */
    private static final class Model {
        private final Map<List<Object>, Group> groups = new LinkedHashMap<>();
        private final Map<List<Object>, Group> changed = new LinkedHashMap<>();
        private final Refresh refresh;
        private final long ttl;
        private long now;

        Model(Refresh refresh, long ttl) {
            this.refresh = refresh;
            this.ttl = ttl;
        }

        Group take(List<Object> key, List<Object> row) {
            Group group = groups.get(key);
            if (group == null || now - group.refreshed >= ttl && !changed.containsKey(key)) {
                group = new Group();
                group.refreshed = now;
                groups.put(key, group);
            } else if (refresh == Refresh.WRITE) {
                group.refreshed = now;
            }
            group.take(row);
            return group;
        }
    }

    /** Rows of keys of which some come all the time and others seldom, and a clock that is set back at times. */
    private static List<Event> events(Random random, boolean shows) {
        List<Event> events = new ArrayList<>();
        long clock = 1_000_000;
        long position = 0;
        for (int i = 0; i < 120; i++) {
            clock += random.nextInt(8) == 0 ? random.nextInt(1_500) - 600 : random.nextInt(200);
            events.add(new Clock(clock));
            List<InputRow> rows = new ArrayList<>();
            for (int row = 0; row < 1 + random.nextInt(12); row++) {
                int key = random.nextInt(3) == 0 ? random.nextInt(3) : i / 12 + random.nextInt(9);
                rows.add(new InputRow(
                        Arrays.asList(
                                "the key with the number " + key,
                                random.nextInt(5) == 0 ? null : (Object) (long) random.nextInt(6),
                                random.nextInt(4) == 0 ? null : "x".repeat(random.nextInt(40))),
                        position++, Long.MIN_VALUE));
            }
            events.add(new Rows(rows));
            if (shows && random.nextInt(3) == 0) {
                events.add(new Show());
            }
        }
        return events;
    }

    private static Operator operator(List<Integer> keys, StateTtl ttl, Coalesce coalesce,
            Predicate<List<Object>> having) {
        Step.Aggregate step = Aggregations.step(INPUT, keys, CALLS, null, Emit.CHANGES);
        step = new Step.Aggregate(
                step.keys(), step.aggregates(), null, step.emit(), null, ttl, step.output());
        return Aggregations.operator(
                INPUT, step, PipelineOptions.DEFAULT.withCoalesce(coalesce), having, new OperatorMetrics(),
                new RowErrors());
    }

    @ParameterizedTest
    @CsvSource({"WRITE, 1", "WRITE, 2", "WRITE, 3", "CREATE, 4", "CREATE, 5", "WRITE, 6", "CREATE, 7", "WRITE, 8"})
    void shouldBeginAnewWithAKeyThatHasExpired(Refresh refresh, long seed) {
        List<Event> events = events(new Random(seed), false);
        List<Integer> keys = seed == 3 || seed == 5 ? List.of() : List.of(0);
        long ttl = keys.isEmpty() ? TTL / 4 : TTL;
        Model model = new Model(refresh, ttl);
        List<TestRow> expected = new ArrayList<>();
        for (Event event : events) {
            switch (event) {
                case Clock clock -> model.now = Math.max(model.now, clock.millis());
                case Rows rows -> {
                    for (InputRow row : rows.rows()) {
                        List<Object> key = keys.isEmpty() ? List.of() : List.of(row.values().getFirst());
                        Group group = model.take(key, row.values());
                        RowKind kind = group.count == 1 ? RowKind.INSERT : RowKind.UPDATE_AFTER;
                        expected.add(new TestRow(kind, group.result(key)));
                    }
                }
                default -> throw new IllegalStateException();
            }
        }
        long inserts = expected.stream().filter(row -> row.kind() == RowKind.INSERT).count();
        assertTrue(inserts > model.groups.size(), "no group has expired");
        new OperatorVerifier(INPUT, () -> operator(keys, new StateTtl(ttl, refresh), Coalesce.NONE, null), events, seed)
                .expect(expected);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void shouldForgetThatAGroupWasSeen(long seed) {
        List<Event> events = events(new Random(seed), false);
        Predicate<List<Object>> having = values -> (Long) values.get(1) % 3 != 2;
        Model model = new Model(Refresh.WRITE, TTL);
        List<TestRow> expected = new ArrayList<>();
        for (Event event : events) {
            switch (event) {
                case Clock clock -> model.now = Math.max(model.now, clock.millis());
                case Rows rows -> {
                    for (InputRow row : rows.rows()) {
                        List<Object> key = List.of(row.values().getFirst());
                        Group before = model.groups.get(key);
                        List<Object> last = before == null ? null : before.result(key);
                        Group group = model.take(key, row.values());
                        if (having.test(group.result(key))) {
                            expected.add(new TestRow(
                                    group.shown ? RowKind.UPDATE_AFTER : RowKind.INSERT, group.result(key)));
                            group.shown = true;
                        } else if (group.shown) {
                            expected.add(new TestRow(RowKind.DELETE, last));
                            group.shown = false;
                        }
                    }
                }
                default -> throw new IllegalStateException();
            }
        }
        new OperatorVerifier(
                INPUT, () -> operator(List.of(0), new StateTtl(TTL, Refresh.WRITE), Coalesce.NONE, having), events,
                seed).expect(expected);
    }

    /** A group of which a change is still to be shown is kept until then. */
    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void shouldShowWhatWasGatheredBeforeItIsForgotten(long seed) {
        List<Event> events = events(new Random(seed), true);
        events.add(new Show());
        Model model = new Model(Refresh.WRITE, TTL);
        Comparator<TestRow> byKey = Comparator.comparing(row -> String.valueOf(row.values().getFirst()));
        List<TestRow> expected = new ArrayList<>();
        for (Event event : events) {
            switch (event) {
                case Clock clock -> model.now = Math.max(model.now, clock.millis());
                case Rows rows -> {
                    for (InputRow row : rows.rows()) {
                        List<Object> key = List.of(row.values().getFirst());
                        model.changed.put(key, model.take(key, row.values()));
                    }
                }
                case Show _ -> {
                    int before = expected.size();
                    model.changed.forEach((key, group) -> {
                        expected.add(new TestRow(
                                group.shown ? RowKind.UPDATE_AFTER : RowKind.INSERT, group.result(key)));
                        group.shown = true;
                    });
                    model.changed.clear();
                    expected.subList(before, expected.size()).sort(byKey);
                }
                default -> throw new IllegalStateException();
            }
        }
        new OperatorVerifier(
                INPUT, () -> operator(List.of(0), new StateTtl(TTL, Refresh.WRITE), Coalesce.INTERVAL, null), events,
                seed).withShownSorted(byKey).expect(expected);
    }

    @Test
    void shouldGiveTheLastChangeOfABatchOfAGroupMadeAnew() {
        List<Event> events = List.of(
                new Clock(1_000_000), new Rows(rows("a", "b", "a")), new Clock(1_000_000 + TTL - 1),
                new Rows(rows("b")),
                new Clock(1_000_000 + TTL), new Rows(rows("a", "b", "a", "a")));
        new OperatorVerifier(
                INPUT, () -> operator(List.of(0), new StateTtl(TTL, Refresh.WRITE), Coalesce.BATCH, null), events, 1)
                .withBatchesAsTheyAre()
                .expect(List.of(
                        TestRow.insert("b", 1L, 1L, 1L, "t"),
                        TestRow.insert("a", 2L, 2L, 1L, "t"),
                        TestRow.of(RowKind.UPDATE_AFTER, "b", 2L, 2L, 1L, "t"),
                        TestRow.of(RowKind.UPDATE_AFTER, "b", 3L, 3L, 1L, "t"),
                        TestRow.insert("a", 3L, 3L, 1L, "t")));
    }

    private static List<InputRow> rows(String... keys) {
        return Arrays.stream(keys).map(key -> new InputRow(List.of(key, 1L, "t"), 0, Long.MIN_VALUE)).toList();
    }

    @Test
    void shouldHoldNoMoreWhenKeysRotate() {
        Operator operator = operator(List.of(0), new StateTtl(TTL, Refresh.WRITE), Coalesce.NONE, null);
        long clock = 1_000_000;
        long highest = 0;
        for (int batch = 0; batch < 2_000; batch++) {
            clock += 10;
            operator.clock(clock);
            List<InputRow> rows = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                int key = batch * 20 + i;
                rows.add(new InputRow(
                        List.of("a key that is long and comes once: " + key, (long) key, "text ".repeat(key % 9)), key,
                        Long.MIN_VALUE));
            }
            operator.add(TestBatches.of(INPUT, rows));
            Batch result = operator.poll();
            assertEquals(20, result.size());
            assertNull(operator.poll());
            highest = batch == 500 ? operator.stateBytes() : Math.max(highest, operator.stateBytes());
            if (batch > 500) {
                assertTrue(operator.stateBytes() <= 1.1 * highest);
            }
        }
        // 2,000 keys come within the time to live, of 40,000.
        assertTrue(highest < 2_000_000, highest + " bytes");
    }

    @Test
    void shouldCostNothingWithoutATimeToLive() {
        Operator operator = operator(List.of(0), null, Coalesce.NONE, null);
        operator.clock(1_000_000);
        operator.add(TestBatches.of(INPUT, rows("a")));
        operator.poll();
        long bytes = operator.stateBytes();
        operator.clock(Long.MAX_VALUE);
        operator.add(TestBatches.of(INPUT, rows("a")));
        assertEquals(RowKind.UPDATE_AFTER, TestBatches.rows(operator.poll()).getFirst().kind());
        assertEquals(bytes, operator.stateBytes());
    }
}
