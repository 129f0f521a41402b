// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.millrace.engine.plan.JobPlan;
import dev.millrace.planner.PlanRun.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Queries that go on from a savepoint, on other numbers of partitions and with other plans. */
class SavepointTest {
    private static final int[][] PARTITIONS = {{4, 16}, {4, 3}, {1, 8}, {8, 1}};
    private static final int BATCHES = 12;
    private static final String FRAME =
            " OVER (PARTITION BY symbol ORDER BY ts ROWS BETWEEN 4 PRECEDING AND CURRENT ROW)";
    private static final String KEYED = "CREATE TABLE k (id BIGINT, a STRING, b STRING, n BIGINT,"
            + " PRIMARY KEY (id, a) NOT ENFORCED) WITH ('connector' = 'keyed', 'bounded' = 'false');\n";

    private static JobPlan plan(String query, int partitions) {
        return Script.plan("SET 'partitions' = '" + partitions + "'; " + query);
    }

    /** Batches of rows of table trades, about a second of event time each. */
    private static List<List<Row>> trades(long seed) {
        Random random = new Random(seed);
        List<List<Row>> batches = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                int key = random.nextInt(40);
                rows.add(new Row(
                        Arrays.asList(
                                key == 0 ? null : key < 20 ? "s" + key : "a symbol that is stored apart " + key,
                                or(random, "t" + random.nextInt(3)),
                                or(random, (long) random.nextInt(10_000)),
                                or(random, (long) random.nextInt(20)),
                                or(random, random.nextInt(1_000) / 4.0),
                                batch * 1_000L + random.nextInt(3_000),
                                or(random, random.nextBoolean())),
                        false));
            }
            batches.add(rows);
        }
        return batches;
    }

    /** Batches of rows of table k; some delete. */
    private static List<List<Row>> upserts(long seed) {
        Random random = new Random(seed);
        List<List<Row>> batches = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            List<Row> rows = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                rows.add(new Row(
                        Arrays.asList(
                                (long) random.nextInt(20), "a" + random.nextInt(4), or(random, "b" + random.nextInt(3)),
                                or(random, (long) random.nextInt(50))),
                        random.nextInt(4) == 0));
            }
            batches.add(rows);
        }
        return batches;
    }

    private static Object or(Random random, Object value) {
        return random.nextInt(8) == 0 ? null : value;
    }

    private static void send(PlanRun run, List<List<Row>> batches, int from, int to) {
        for (int batch = from; batch < to; batch++) {
            run.clock(1_000_000 + batch * 1_000L);
            run.send(0, batches.get(batch));
            run.advanceTo(batch * 1_000L - 2_000);
            run.endEpoch(1_000);
        }
    }

    private static List<String> uninterrupted(JobPlan plan, List<List<Row>> batches) {
        PlanRun run = new PlanRun(plan.with(Map.of("partitions", "1")));
        send(run, batches, 0, BATCHES);
        run.advanceTo(Long.MAX_VALUE);
        return run.takeResults();
    }

    private static void check(String query, List<List<Row>> batches, Random random) {
        JobPlan plan = plan(query, 1);
        List<String> expected = uninterrupted(plan, batches);
        assertFalse(expected.isEmpty());
        for (int[] numbers : PARTITIONS) {
            int cut = 1 + random.nextInt(BATCHES - 1);
            PlanRun before = new PlanRun(plan.with(Map.of("partitions", "" + numbers[0])));
            send(before, batches, 0, cut);
            PlanRun after = before.upgrade(plan.with(Map.of("partitions", "" + numbers[1])));
            send(after, batches, cut, BATCHES);
            after.advanceTo(Long.MAX_VALUE);
            assertEquals(expected, after.takeResults(), () -> Arrays.toString(numbers) + " cut at " + cut);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT symbol, COUNT(*), SUM(quantity), AVG(price), MIN(trader), MAX(amount) FROM trades GROUP BY symbol",
                "SELECT symbol, trader, SUM(amount) FILTER (WHERE flag), MIN(flag), AVG(quantity), SUM(price) FROM trades"
                        + " GROUP BY symbol, trader",
                "SELECT quantity, COUNT(DISTINCT trader), SUM(DISTINCT price), AVG(amount) FROM trades"
                        + " WHERE quantity > 3 GROUP BY quantity",
                "SELECT COUNT(*), SUM(amount), COUNT(DISTINCT symbol) FROM trades",
                "SELECT symbol, SUM(quantity) FROM trades GROUP BY symbol HAVING SUM(quantity) < 100",
                "SELECT DISTINCT trader, flag FROM trades",
                "SET 'state.ttl' = '4 s'; SELECT symbol, COUNT(*), COUNT(DISTINCT trader), MAX(price) FROM trades"
                        + " WHERE quantity < 3 GROUP BY symbol",
                "SELECT window_start, symbol, COUNT(*), MAX(price), COUNT(DISTINCT trader)"
                        + " FROM TABLE(TUMBLE(TABLE trades, DESCRIPTOR(ts), INTERVAL '2' SECOND))"
                        + " GROUP BY window_start, window_end, symbol",
                "SELECT symbol, SUM(amount) FROM trades WINDOW TUMBLING (SIZE 5 SECONDS) GROUP BY symbol EMIT CHANGES",
                "SELECT COUNT(*) FROM trades WINDOW TUMBLING (SIZE 3 SECONDS) GROUP BY window_start"
            })
    void shouldGoOnOnOtherNumbersOfPartitions(String query) {
        long seed = query.hashCode();
        check(query, trades(seed), new Random(seed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT symbol, ts, SUM(quantity)" + FRAME + ", MIN(trader)" + FRAME + ", AVG(price)" + FRAME
                        + ", LAG(amount, 3) OVER (PARTITION BY symbol ORDER BY ts), COUNT(flag)" + FRAME
                        + ", MAX(amount)" + FRAME + " FROM trades",
                "SELECT symbol, trader, COUNT(*) OVER (PARTITION BY trader, symbol ORDER BY ts ROWS BETWEEN UNBOUNDED"
                        + " PRECEDING AND CURRENT ROW) FROM trades",
                "SELECT symbol, SUM(amount) OVER (ORDER BY ts ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) FROM trades",
                "SELECT amount, COUNT(*) OVER (PARTITION BY amount ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW),"
                        + " trader FROM trades WHERE amount < 30"
            })
    void shouldGoOnWithOverOnOtherNumbersOfPartitions(String query) {
        long seed = query.hashCode();
        check(query, trades(seed), new Random(seed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT a, COUNT(*), SUM(n), MIN(n), COUNT(DISTINCT b) FROM k GROUP BY a",
                "SELECT b, MAX(n) FROM k WHERE n > 5 GROUP BY b",
                "SELECT a, AVG(n) FROM k GROUP BY a HAVING COUNT(*) > 10",
                "SELECT id, a, n FROM k WHERE b = 'b1'",
                "SELECT COUNT(*), SUM(n) FROM k"
            })
    void shouldGoOnWithRowsByKeyOnOtherNumbersOfPartitions(String query) {
        long seed = query.hashCode();
        check(KEYED + query, upserts(seed), new Random(seed));
    }

    /** The results by their first column, each with some of the others. */
    private static Map<String, List<String>> byKey(List<String> results, int... columns) {
        Map<String, List<String>> byKey = new TreeMap<>();
        for (String result : results) {
            String[] values = result.substring(result.indexOf('[') + 1, result.length() - 1).split(", ");
            StringBuilder text = new StringBuilder();
            for (int column : columns) {
                text.append(values[column]).append(' ');
            }
            byKey.computeIfAbsent(values[0], _ -> new ArrayList<>()).add(text.toString());
        }
        byKey.values().forEach(list -> list.sort(null));
        return byKey;
    }

    @Test
    void shouldKeepAggregatesBesideNewOnesAndCountTheNewFromTheSavepointOn() {
        List<List<Row>> batches = trades(7);
        String before = "SELECT symbol, COUNT(*), SUM(amount), MIN(price) FROM trades GROUP BY symbol";
        String after = "SELECT symbol, MIN(price), MAX(trader), SUM(quantity), COUNT(DISTINCT flag), COUNT(*)"
                + " FROM trades GROUP BY symbol";
        PlanRun old = new PlanRun(plan(before, 4));
        send(old, batches, 0, 5);
        old.takeResults();
        PlanRun now = old.upgrade(plan(after, 3));
        send(now, batches, 5, BATCHES);
        List<String> results = now.takeResults();

        PlanRun same = new PlanRun(plan(before, 1));
        send(same, batches, 0, 5);
        same.takeResults();
        send(same, batches, 5, BATCHES);
        assertEquals(byKey(same.takeResults(), 1, 3), byKey(results, 5, 1));
        PlanRun fresh = new PlanRun(plan(after, 1));
        send(fresh, batches, 5, BATCHES);
        assertEquals(byKey(fresh.takeResults(), 2, 3, 4), byKey(results, 2, 3, 4));
    }

    @Test
    void shouldLetNewFunctionsOfAFrameSeeNullInTheRowsBefore() {
        String over = " OVER (PARTITION BY symbol ORDER BY ts ROWS BETWEEN 2 PRECEDING AND CURRENT ROW)";
        String all = " OVER (PARTITION BY symbol ORDER BY ts ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)";
        PlanRun old = new PlanRun(plan(
                "SELECT symbol, SUM(quantity)" + over + ", SUM(quantity)" + all + ", trader, flag FROM trades", 2));
        old.send(0, List.of(trade("a", 1, 1), trade("a", 2, 2), trade("b", 3, 3), trade("a", 4, 4), trade("a", 9, 5)));
        old.advanceTo(5);
        assertEquals(
                List.of("+I[a, 1, 1, t, true]", "+I[a, 3, 3, t, true]", "+I[a, 7, 7, t, true]", "+I[b, 3, 3, t, true]"),
                old.takeResults());
        PlanRun now = old.upgrade(plan(
                "SELECT symbol, flag, MAX(quantity)" + over + ", SUM(quantity)" + over + ", COUNT(quantity)" + all
                        + ", LAG(trader, 1) OVER (PARTITION BY symbol ORDER BY ts), COUNT(*)" + over + " FROM trades",
                3));
        now.send(0, List.of(trade("b", 10, 6), trade("a", 11, 7), trade("a", 12, 8)));
        now.advanceTo(20);
        assertEquals(
                List.of(
                        "+I[a, true, 5, 11, 1, null, 3]", "+I[a, true, 7, 16, 2, t, 3]", "+I[a, true, 8, 20, 3, t, 3]",
                        "+I[b, true, 6, 9, 1, null, 2]"),
                now.takeResults());
    }

    private static Row trade(String symbol, long time, long quantity) {
        return new Row(Arrays.asList(symbol, "t", 1L, quantity, 1.0, time, true), false);
    }

    @Test
    void shouldTakeBackGroupsThatWereGivenUnderAnotherHaving() {
        String query = "SELECT symbol, COUNT(*) FROM trades GROUP BY symbol HAVING COUNT(*) > ";
        PlanRun old = new PlanRun(plan(query + 1, 2));
        List<Row> rows = List.of(trade("a"), trade("a"), trade("b"));
        old.send(0, rows);
        assertEquals(List.of("+I[a, 2]"), old.takeResults());
        PlanRun now = old.upgrade(plan(query + 3, 3));
        now.send(0, rows);
        assertEquals(List.of("+I[a, 4]", "-D[a, 2]"), now.takeResults());
        PlanRun stricter = old.upgrade(plan(query + 30, 3));
        stricter.send(0, rows);
        assertEquals(List.of("-D[a, 2]"), stricter.takeResults());
        PlanRun none = old.upgrade(plan("SELECT symbol, COUNT(*) FROM trades GROUP BY symbol", 3));
        none.send(0, rows);
        assertEquals(List.of("+I[b, 2]", "+U[a, 3]", "+U[a, 4]"), none.takeResults());
    }

    private static Row trade(String symbol) {
        return new Row(Arrays.asList(symbol, "t", 1L, 1L, 1.0, 1L, true), false);
    }

    @Test
    void shouldGiveWindowsAtTheirCloseThatWereToGiveChanges() {
        String query = "SELECT symbol, COUNT(*) FROM trades WINDOW TUMBLING (SIZE 5 SECONDS) GROUP BY symbol EMIT ";
        PlanRun old = new PlanRun(plan(query + "CHANGES", 2));
        old.send(0, List.of(trade("a"), trade("b")));
        old.takeResults();
        PlanRun last = old.upgrade(plan(query + "FINAL", 3));
        last.send(0, List.of(trade("a")));
        last.advanceTo(10_000);
        assertEquals(List.of("+I[a, 2]", "+I[b, 1]"), last.takeResults());
        PlanRun first = new PlanRun(plan(query + "FINAL", 2));
        first.send(0, List.of(trade("a"), trade("b")));
        PlanRun changes = first.upgrade(plan(query + "CHANGES", 1));
        changes.send(0, List.of(trade("a"), trade("a")));
        assertEquals(List.of("+I[a, 2]", "+U[a, 3]"), changes.takeResults());
    }

    @Test
    void shouldTellUpdatesFromInsertsWhenChangesAreGathered() {
        String query = "SELECT symbol, COUNT(*) FROM trades GROUP BY symbol";
        PlanRun old = new PlanRun(plan(query, 2));
        old.send(0, List.of(trade("a"), trade("b")));
        old.takeResults();
        PlanRun gathered = old.upgrade(plan("SET 'emit.coalesce' = '1 s'; " + query, 3));
        gathered.send(0, List.of(trade("a"), trade("a"), trade("c")));
        assertEquals(List.of(), gathered.takeResults());
        PlanRun each = gathered.upgrade(plan(query, 4));
        assertEquals(List.of("+I[c, 1]", "+U[a, 3]"), each.takeResults());
        each.send(0, List.of(trade("c")));
        assertEquals(List.of("+U[c, 2]"), each.takeResults());
    }

    @Test
    void shouldGiveAtOnceWhatAShorterGracePeriodHasClosed() {
        String query = "SELECT symbol, COUNT(*) FROM trades WINDOW TUMBLING (SIZE 5 SECONDS, GRACE PERIOD ";
        PlanRun old = new PlanRun(plan(query + "60 SECONDS) GROUP BY symbol", 2));
        old.send(0, List.of(trade("a")));
        old.advanceTo(10_000);
        PlanRun now = old.upgrade(plan(query + "1 SECONDS) GROUP BY symbol", 3));
        now.send(0, List.of(trade("a")));
        assertEquals(List.of("+I[a, 1]"), now.takeResults());
        assertEquals(1, now.lateRows());
    }

    @Test
    void shouldComputeGroupsOfOtherKeysAgainFromTheRowsByKey() {
        List<List<Row>> batches = upserts(3);
        String before = KEYED + "SELECT a, b, COUNT(*) FROM k GROUP BY a, b";
        String after = KEYED + "SELECT b, COUNT(*) FROM k WHERE a <> 'a1' GROUP BY b";
        PlanRun old = new PlanRun(plan(before, 4));
        send(old, batches, 0, 6);
        old.takeResults();
        PlanRun now = old.upgrade(plan(after, 4));
        send(now, batches, 6, BATCHES);
        PlanRun same = new PlanRun(plan(after, 1));
        send(same, batches, 0, 6);
        same.takeResults();
        send(same, batches, 6, BATCHES);
        assertEquals(same.takeResults(), now.takeResults());
    }

    @Test
    void shouldKeepGroupsOfKeysInAnotherOrder() {
        List<List<Row>> batches = trades(11);
        PlanRun old = new PlanRun(plan("SELECT symbol, trader, COUNT(*) FROM trades GROUP BY symbol, trader", 4));
        send(old, batches, 0, 6);
        PlanRun now = old.upgrade(plan("SELECT symbol, trader, COUNT(*) FROM trades GROUP BY trader, symbol", 3));
        send(now, batches, 6, BATCHES);
        assertEquals(
                uninterrupted(plan("SELECT symbol, trader, COUNT(*) FROM trades GROUP BY symbol, trader", 1), batches),
                now.takeResults());
    }
}
