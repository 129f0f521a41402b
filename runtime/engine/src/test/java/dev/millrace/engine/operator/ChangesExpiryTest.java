// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.operator.OperatorVerifier.Clock;
import dev.millrace.engine.operator.OperatorVerifier.Event;
import dev.millrace.engine.operator.OperatorVerifier.Rows;
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
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows by key, and groups of them, that are forgotten when nothing comes for some time. */
class ChangesExpiryTest {
    private static final long START = 1_000_000;
    private static final Schema INPUT = Schema.of(
            new Column("id", SqlType.BIGINT), new Column("name", SqlType.STRING),
            new Column("quantity", SqlType.BIGINT));
    private static final List<AggregateCall> CALLS = List.of(
            Aggregations.call(AggregateFunction.COUNT, INPUT, AggregateCall.NO_ARGUMENT),
            Aggregations.call(AggregateFunction.SUM, INPUT, 2),
            Aggregations.call(AggregateFunction.MAX, INPUT, 2),
            Aggregations.call(AggregateFunction.COUNT, INPUT, 2, true, AggregateCall.NO_FILTER));

    /** A time to live as a number of milliseconds; 0 for ever. */
    private static StateTtl ttl(long millis, Refresh refresh) {
        return millis == 0 ? null : new StateTtl(millis, refresh);
    }

    private static Pipeline pipeline(StateTtl ofRows, StateTtl ofGroups, boolean grouped, boolean global) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Normalize(List.of(0), Emit.CHANGES, ofRows, INPUT));
        if (grouped) {
            Step.Aggregate step =
                    Aggregations.step(INPUT, global ? List.of() : List.of(1), CALLS, null, Emit.CHANGES);
            steps.add(new Step.Aggregate(
                    step.keys(), step.aggregates(), null, step.emit(), null, ofGroups, step.output()));
        }
        return Pipeline.of(INPUT, steps, PipelineOptions.DEFAULT);
    }

    private static final class Model {
        private record Kept(List<Object> row, long refreshed) {}

        private static final class Group {
            private long refreshed;
            private long count;
            private long sum;
            private long operands;
            private final TreeMap<Long, Long> quantities = new TreeMap<>();

            List<Object> result(List<Object> key) {
                List<Object> result = new ArrayList<>(key);
                result.addAll(Arrays.asList(
                        count, operands == 0 ? null : (Object) sum, quantities.isEmpty() ? null : quantities.lastKey(),
                        (long) quantities.size()));
                return result;
            }
        }

        private final long ofRows;
        private final long ofGroups;
        private final Refresh refresh;
        private final boolean grouped;
        private final boolean global;
        private final Map<Object, Kept> latest = new HashMap<>();
        private final Map<List<Object>, Group> groups = new HashMap<>();
        private final Map<List<Object>, List<Object>> shown = new HashMap<>();
        private final List<TestRow> output = new ArrayList<>();
        private long now;
        private long ignored;

        Model(long ofRows, long ofGroups, Refresh refresh, boolean grouped, boolean global) {
            this.ofRows = ofRows;
            this.ofGroups = ofGroups;
            this.refresh = refresh;
            this.grouped = grouped;
            this.global = global;
        }

        private boolean hasExpired(long refreshed, long ttl) {
            return ttl > 0 && now - refreshed >= ttl;
        }

        void take(InputRow row) {
            Object id = row.values().getFirst();
            Kept kept = latest.get(id);
            if (kept != null && hasExpired(kept.refreshed(), ofRows)) {
                kept = null;
            }
            boolean deletes = row.kind() == RowKind.DELETE;
            if (deletes) {
                latest.remove(id);
            } else {
                boolean keepsAge = kept != null && refresh == Refresh.CREATE;
                latest.put(id, new Kept(row.values(), keepsAge ? kept.refreshed() : now));
            }
            boolean same = kept != null && !deletes && kept.row().equals(row.values());
            if (deletes && kept == null || same && (!grouped || ofGroups == 0)) {
                return;
            }
            change(kept == null ? null : kept.row(), deletes ? null : row.values());
        }

        private void change(List<Object> before, List<Object> after) {
            if (!grouped) {
                if (before != null) {
                    output.add(new TestRow(after == null ? RowKind.DELETE : RowKind.UPDATE_BEFORE, before));
                }
                if (after != null) {
                    output.add(new TestRow(before == null ? RowKind.INSERT : RowKind.UPDATE_AFTER, after));
                }
                return;
            }
            Set<List<Object>> touched = new LinkedHashSet<>();
            if (before != null) {
                touch(before, -1, touched);
            }
            if (after != null) {
                touch(after, 1, touched);
            }
            touched.forEach(this::show);
        }

        private List<Object> key(List<Object> row) {
            return global ? List.of() : Arrays.asList(row.get(1));
        }

        private void touch(List<Object> row, int sign, Set<List<Object>> touched) {
            List<Object> key = key(row);
            Group group = groups.get(key);
            if (group != null && hasExpired(group.refreshed, ofGroups)) {
                groups.remove(key);
                shown.remove(key);
                group = null;
            }
            if (group == null || group.count == 0) {
                if (sign < 0) {
                    ignored++;
                    return;
                }
                group = new Group();
                group.refreshed = now;
                groups.put(key, group);
            }
            if (refresh == Refresh.WRITE) {
                group.refreshed = now;
            }
            touched.add(key);
            group.count += sign;
            Long quantity = (Long) row.get(2);
            if (quantity != null) {
                group.sum += sign * quantity;
                group.operands += sign;
                group.quantities.merge(quantity, (long) sign, (a, b) -> a + b == 0 ? null : a + b);
                group.quantities.remove(quantity, -1L);
            }
        }

        private void show(List<Object> key) {
            Group group = groups.get(key);
            boolean exists = group.count > 0 || global;
            List<Object> before = shown.get(key);
            if (!exists) {
                groups.remove(key);
                shown.remove(key);
                if (before != null) {
                    output.add(new TestRow(RowKind.DELETE, before));
                }
                return;
            }
            List<Object> result = group.result(key);
            shown.put(key, result);
            if (!Objects.equals(before, result)) {
                output.add(new TestRow(before == null ? RowKind.INSERT : RowKind.UPDATE_AFTER, result));
            }
        }

        List<TestRow> run(List<Event> events) {
            for (Event event : events) {
                switch (event) {
                    case Clock clock -> now = Math.max(now, clock.millis());
                    case Rows rows -> rows.rows().forEach(this::take);
                    default -> throw new IllegalStateException();
                }
            }
            return output;
        }
    }

    private static List<Event> events(Random random) {
        List<Event> events = new ArrayList<>();
        long clock = START;
        for (int i = 0; i < 150; i++) {
            clock += random.nextInt(6) == 0 ? random.nextInt(1_200) - 300 : random.nextInt(150);
            events.add(new Clock(clock));
            List<InputRow> rows = new ArrayList<>();
            for (int row = 0; row < 1 + random.nextInt(8); row++) {
                long id = random.nextInt(2) == 0 ? random.nextInt(4) : i / 8 + random.nextInt(10);
                boolean deletes = random.nextInt(5) == 0;
                rows.add(new InputRow(
                        deletes ? Arrays.asList(id, null, null)
                                : Arrays.asList(
                                        id, "a name that is long " + (id + random.nextInt(2)) % 11,
                                        random.nextInt(6) == 0 ? null : (Object) (long) random.nextInt(4)),
                        i * 100L + row, Long.MIN_VALUE, deletes ? RowKind.DELETE : RowKind.INSERT));
            }
            events.add(new Rows(rows));
        }
        return events;
    }

    @ParameterizedTest
    @CsvSource({"1, WRITE", "2, WRITE", "3, CREATE", "4, CREATE"})
    void shouldInsertRowsAgainOfKeysThatHaveExpired(long seed, Refresh refresh) {
        List<Event> events = events(new Random(seed));
        List<TestRow> expected = new Model(600, 0, refresh, false, false).run(events);
        assertTrue(expected.stream().filter(row -> row.kind() == RowKind.INSERT).count() > 60);
        new OperatorVerifier(INPUT, () -> pipeline(ttl(600, refresh), null, false, false), events, seed)
                .expect(expected);
    }

    @ParameterizedTest
    @CsvSource({"11, WRITE, 600, 600, false", "12, CREATE, 600, 600, false", "13, WRITE, 2000, 300, false",
        "14, CREATE, 2000, 300, false", "15, WRITE, 300, 2000, false", "16, WRITE, 0, 400, false",
        "17, WRITE, 500, 60, true", "18, WRITE, 400, 0, false"})
    void shouldIgnoreRowsThatAreTakenOutOfForgottenGroups(
            long seed, Refresh refresh, long ofRows, long ofGroups, boolean global) {
        List<Event> events = events(new Random(seed));
        Model model = new Model(ofRows, ofGroups, refresh, true, global);
        List<TestRow> expected = model.run(events);
        assertTrue(expected.size() > 200, expected.size() + " changes");
        boolean groupsGoFirst = ofGroups > 0 && (ofRows == 0 || ofGroups < ofRows);
        assertTrue(refresh == Refresh.CREATE || groupsGoFirst == model.ignored > 0, model.ignored + " were ignored");
        new OperatorVerifier(
                INPUT, () -> pipeline(ttl(ofRows, refresh), ttl(ofGroups, refresh), true, global), events, seed)
                .expect(expected);
        Pipeline pipeline = pipeline(ttl(ofRows, refresh), ttl(ofGroups, refresh), true, global);
        for (Event event : events) {
            switch (event) {
                case Clock clock -> pipeline.clock(clock.millis());
                case Rows rows -> run(pipeline, rows.rows());
                default -> throw new IllegalStateException();
            }
        }
        assertEquals(model.ignored, pipeline.metrics().forgottenRows());
    }

    private static List<TestRow> run(Pipeline pipeline, List<InputRow> rows) {
        pipeline.add(TestBatches.of(INPUT, rows));
        List<TestRow> output = new ArrayList<>();
        for (var batch = pipeline.poll(); batch != null; batch = pipeline.poll()) {
            output.addAll(TestBatches.rows(batch));
        }
        return output;
    }

    @Test
    void shouldKeepAGroupOfWhichTheSameRowComesAgain() {
        Pipeline pipeline = pipeline(ttl(1_000, Refresh.WRITE), ttl(1_000, Refresh.WRITE), true, false);
        List<InputRow> same = List.of(new InputRow(List.of(1L, "a", 5L), 0, Long.MIN_VALUE));
        pipeline.clock(START);
        assertEquals(1, run(pipeline, same).size());
        for (int i = 1; i < 5; i++) {
            pipeline.clock(START + i * 900);
            assertEquals(List.of(), run(pipeline, same));
        }
        assertEquals(
                List.of(TestRow.of(RowKind.UPDATE_AFTER, "a", 2L, 10L, 5L, 1L)),
                run(pipeline, List.of(new InputRow(List.of(2L, "a", 5L), 1, Long.MIN_VALUE))));
    }

    @Test
    void shouldHoldNoMoreWhenKeysRotate() {
        Pipeline pipeline = pipeline(ttl(1_000, Refresh.WRITE), ttl(1_000, Refresh.WRITE), true, false);
        long early = 0;
        for (int batch = 0; batch < 1_500; batch++) {
            pipeline.clock(START + batch * 10L);
            List<InputRow> rows = new ArrayList<>();
            for (long i = 0; i < 10; i++) {
                long id = batch * 10L + i;
                rows.add(new InputRow(
                        List.of(id, "the name of a group that has a row or two: " + id / 2, id), id, Long.MIN_VALUE));
            }
            run(pipeline, rows);
            early = batch == 500 ? pipeline.stateBytes() : early;
        }
        assertTrue(pipeline.stateBytes() <= 1.1 * early, pipeline.stateBytes() + " bytes after " + early);
    }
}
