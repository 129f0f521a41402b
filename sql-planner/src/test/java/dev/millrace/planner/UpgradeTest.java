// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.upgrade.SavepointName;
import dev.millrace.engine.upgrade.StageUpgrade;
import dev.millrace.engine.upgrade.StateMapping;
import dev.millrace.engine.upgrade.Upgrade;
import dev.millrace.planner.explain.UpgradeText;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What EXPLAIN UPGRADE finds in two plans. */
class UpgradeTest {
    private static final String BASE =
            "SELECT symbol, COUNT(*) AS n, SUM(amount) AS s FROM trades WHERE quantity > 5 GROUP BY symbol";

    private static String text(String before, String after) {
        return UpgradeText.of(upgrade(before, after), "job j");
    }

    private static Upgrade upgrade(String before, String after) {
        return Upgrade.of(Script.plan(before), Script.plan(after));
    }

    @Test
    void shouldKeepAllOfTheSameQuery() {
        assertEquals("""
                operator                state        what happens
                source trades (memory)  positions    kept
                aggregate by symbol     groups       kept
                                        COUNT(*)     kept
                                        SUM(amount)  kept

                all state of job j is kept""",
                text(BASE, BASE));
    }

    @Test
    void shouldKeepStateWhetherOrNotResultsAreOrdered() {
        String plain = "SELECT window_end, symbol, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE trades, DESCRIPTOR(ts), "
                + "INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, symbol";
        String ordered = plain + " ORDER BY window_end, n";
        assertEquals(List.of(0, 1), upgrade(ordered, ordered).stages().stream().map(StageUpgrade::before).toList());
        assertTrue(upgrade(ordered, ordered).stages().getLast().operators().getFirst() instanceof StateMapping.Waiting);
        assertEquals(List.of(), upgrade(ordered, ordered).lost());

        assertEquals(
                List.of(0, StateMapping.NONE),
                upgrade(plain, ordered).stages().stream().map(StageUpgrade::before).toList());
        assertEquals(List.of(), upgrade(plain, ordered).lost());
        String without = text(ordered, plain);
        assertTrue(without.contains("order by window_end, COUNT(*)  waiting rows"), without);
        assertEquals(1, upgrade(ordered, plain).lost().size());

        String other = ordered.replace("COUNT(*)", "SUM(quantity)");
        String changed = text(ordered, other);
        assertTrue(changed.contains("column SUM(quantity) was not kept"), changed);
    }

    @Test
    void shouldFindAggregatesWhereverTheyStand() {
        String changed = "SELECT MAX(price * quantity), SUM(amount), symbol FROM trades WHERE quantity > 5"
                + " GROUP BY symbol";
        assertEquals(
                """
                        operator                state                                          what happens
                        source trades (memory)  positions                                      kept
                        aggregate by symbol     groups                                         kept
                                                MAX(price * CAST(quantity AS DECIMAL(10, 0)))  new: it takes the rows from the savepoint on
                                                SUM(amount)                                    kept
                                                COUNT(*)                                       dropped: the query does not compute it any more

                        no state of job j is lost that the query needs""",
                text(BASE, changed));
        StateMapping.Groups groups =
                (StateMapping.Groups) upgrade(BASE, changed).stages().getFirst().operators().getFirst();
        assertEquals(List.of(0), groups.keys());
        assertEquals(List.of(0), groups.routedBy());
    }

    @Test
    void shouldTellApartWhatIsAggregatedOtherwise() {
        assertEquals(
                """
                        operator                state                                     what happens
                        source trades (memory)  positions                                 kept
                        aggregate by symbol     groups                                    kept
                                                SUM(quantity + 1)                         new: it takes the rows from the savepoint on
                                                COUNT(trader)                             new: it takes the rows from the savepoint on
                                                MIN(price)                                kept
                                                COUNT(*) FILTER (WHERE NOT flag IS TRUE)  new: it takes the rows from the savepoint on
                                                SUM(quantity)                             dropped: the query does not compute it any more
                                                COUNT(DISTINCT trader)                    dropped: the query does not compute it any more
                                                COUNT(*) FILTER (WHERE flag IS TRUE)      dropped: the query does not compute it any more

                        no state of job j is lost that the query needs""",
                text(
                        "SELECT symbol, SUM(quantity), COUNT(DISTINCT trader), MIN(DISTINCT price), COUNT(*) FILTER (WHERE flag)"
                                + " FROM trades GROUP BY symbol",
                        "SELECT symbol, SUM(quantity + 1), COUNT(trader), MIN(price), COUNT(*) FILTER (WHERE NOT flag)"
                                + " FROM trades GROUP BY symbol"));
    }

    @Test
    void shouldTellOfAnotherCondition() {
        assertEquals(
                """
                        operator                state        what happens
                        source trades (memory)  positions    kept
                        aggregate by symbol     groups       kept: rows before the savepoint had passed quantity > 5, later ones pass quantity > 7
                                                COUNT(*)     kept
                                                SUM(amount)  kept

                        all state of job j is kept""",
                text(BASE, BASE.replace("> 5", "> 7")));
    }

    @Test
    void shouldKeepGroupsOfKeysInAnotherOrder() {
        String before = "SELECT COUNT(*) FROM trades GROUP BY symbol, trader";
        String after = "SELECT COUNT(*) FROM trades GROUP BY trader, symbol";
        StateMapping.Groups groups =
                (StateMapping.Groups) upgrade(before, after).stages().getFirst().operators().getFirst();
        assertEquals(List.of(1, 0), groups.keys());
        assertEquals(List.of(0, 1), groups.routedBy());
    }

    @Test
    void shouldLoseGroupsOfAnotherKey() {
        assertEquals(
                """
                        operator                     state                            what happens
                        source trades (memory)       positions                        kept
                        aggregate by symbol          groups of COUNT(*), SUM(amount)  LOST: the key was (symbol) and is (symbol, trader)
                        aggregate by symbol, trader  groups of COUNT(*), SUM(amount)  new, starts empty

                        refused, since state of job j would be lost (aggregate by symbol);
                        SET 'savepoint.allow-loss' = 'true' goes on without it""",
                text(BASE, BASE.replace("GROUP BY symbol", "GROUP BY symbol, trader")));
        MillraceException refused = assertThrows(MillraceException.class,
                () -> upgrade(BASE, BASE.replace("GROUP BY symbol", "GROUP BY symbol, trader")).requireNothingLost());
        assertEquals(ErrorCode.SAVEPOINT_REFUSED, refused.code());
    }

    @Test
    void shouldLoseWindowsOfAnotherSize() {
        String windowed = "SELECT symbol, COUNT(*) FROM trades WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY symbol";
        assertEquals(
                """
                        operator                state                     what happens
                        source trades (memory)  positions                 kept
                        aggregate by symbol     open windows of COUNT(*)  LOST: the window was tumbling 1 min on ts and is tumbling 2 min on ts
                                                open windows of COUNT(*)  new, starts empty

                        refused, since state of job j would be lost (aggregate by symbol);
                        SET 'savepoint.allow-loss' = 'true' goes on without it""",
                text(windowed, windowed.replace("1 MINUTE", "2 MINUTES")));
        assertEquals("""
                operator                state         what happens
                source trades (memory)  positions     kept
                aggregate by symbol     open windows  kept
                                        COUNT(*)      kept

                all state of job j is kept""",
                text(windowed, windowed.replace("1 MINUTE", "1 MINUTE, GRACE PERIOD 10 SECONDS")));
    }

    @Test
    void shouldKeepWhatAUnionStillReads() {
        assertEquals("""
                operator                state      what happens
                source past (memory)    positions  new: it is read from where its options say
                source trades (memory)  positions  kept
                source plain (memory)   positions  LOST: the query does not read it any more
                aggregate by symbol     groups     kept
                                        COUNT(*)   kept

                refused, since state of job j would be lost (source plain (memory));
                SET 'savepoint.allow-loss' = 'true' goes on without it""",
                text(
                        "SELECT symbol, COUNT(*) FROM (SELECT symbol FROM trades UNION ALL SELECT symbol FROM plain)"
                                + " GROUP BY symbol",
                        "SELECT symbol, COUNT(*) FROM (SELECT symbol FROM past UNION ALL SELECT symbol FROM trades)"
                                + " GROUP BY symbol"));
    }

    @Test
    void shouldLoseAllOfAnotherTable() {
        assertEquals("""
                operator                state                            what happens
                source plain (memory)   positions                        new: it is read from where its options say
                source trades (memory)  positions                        LOST: the query does not read it any more
                aggregate by symbol     groups of COUNT(*), SUM(amount)  LOST: the query reads other tables
                                        groups of COUNT(*)               new, starts empty

                refused, since state of job j would be lost (source trades (memory); aggregate by symbol);
                SET 'savepoint.allow-loss' = 'true' goes on without it""",
                text(BASE, "SELECT symbol, COUNT(*) FROM plain GROUP BY symbol"));
    }

    @Test
    void shouldKeepFramesAndLoseRowsThatWaitWithoutAColumn() {
        String over = "SELECT symbol, ts, SUM(quantity) OVER (PARTITION BY symbol ORDER BY ts"
                + " ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) AS s FROM trades";
        assertEquals("""
                operator                state                              what happens
                source trades (memory)  positions                          kept
                over symbol             waiting rows                       LOST: column trader was not kept
                                        SUM(quantity) of the last 10 rows  kept

                refused, since state of job j would be lost (over symbol);
                SET 'savepoint.allow-loss' = 'true' goes on without it""",
                text(over, over.replace("SELECT symbol,", "SELECT symbol, trader,")));
        assertEquals("""
                operator                state                              what happens
                source trades (memory)  positions                          kept
                over symbol             waiting rows                       kept
                                        SUM(quantity) of the last 10 rows  kept
                                        COUNT(*) of the last 10 rows       new: it takes the rows from the savepoint on

                no state of job j is lost that the query needs""",
                text(over, over.replace(" AS s", " AS s, COUNT(*) OVER (PARTITION BY symbol ORDER BY ts"
                        + " ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) AS n")));
    }

    @Test
    void shouldComputeGroupsAgainFromRowsByKey() {
        String table = "CREATE TABLE k (id BIGINT, a STRING, b STRING, n BIGINT, PRIMARY KEY (id) NOT ENFORCED)"
                + " WITH ('connector' = 'keyed', 'bounded' = 'false');\n";
        assertEquals("""
                operator          state      what happens
                source k (keyed)  positions  kept
                last row by id    rows       kept
                aggregate by a    groups     kept: computed again from the rows by key

                all state of job j is kept""",
                text(
                        table + "SELECT a, COUNT(*), SUM(n) FROM k GROUP BY a",
                        table + "SELECT a, MAX(n) FROM k GROUP BY a"));
        assertEquals("""
                operator          state               what happens
                source k (keyed)  positions           kept
                last row by id    rows                LOST: column b was not kept
                                  rows                new, starts empty
                aggregate by a    groups of COUNT(*)  LOST: the rows that it was computed from are lost
                aggregate by b    groups of COUNT(*)  new, starts empty

                refused, since state of job j would be lost (last row by id; aggregate by a);
                SET 'savepoint.allow-loss' = 'true' goes on without it""",
                text(
                        table + "SELECT a, COUNT(*) FROM k GROUP BY a",
                        table + "SELECT b, COUNT(*) FROM k GROUP BY b"));
    }

    @Test
    void shouldCompareTheInsertsOfAStatementSetByTheirTables() {
        String insert = "INSERT INTO upserted SELECT symbol, COUNT(*) FROM trades GROUP BY symbol;";
        String other = "INSERT INTO shown SELECT symbol, quantity FROM trades;";
        assertEquals("""
                operator                          state      what happens
                upserted: source trades (memory)  positions  kept
                upserted: aggregate by symbol     groups     kept
                                                  COUNT(*)   kept
                appended: source plain (memory)   positions  new: it is read from where its options say
                shown: source trades (memory)     positions  LOST: there is no INSERT INTO this table any more

                refused, since state of job j would be lost (shown: source trades (memory));
                SET 'savepoint.allow-loss' = 'true' goes on without it""",
                text("EXECUTE STATEMENT SET BEGIN " + other + insert + " END",
                        "EXECUTE STATEMENT SET BEGIN " + insert + "INSERT INTO appended SELECT symbol, n FROM plain;"
                                + " END"));
        PlannedStatement.ExplainUpgrade explain = assertInstanceOf(
                PlannedStatement.ExplainUpgrade.class,
                Script.last("EXPLAIN UPGRADE EXECUTE STATEMENT SET BEGIN " + insert + other + " END"));
        assertEquals("upserted", explain.job());
    }

    @Test
    void shouldAskForTheJobOrSavepointThatTheStatementGoesOnFrom() {
        String insert = "INSERT INTO upserted SELECT symbol, COUNT(*) FROM trades GROUP BY symbol";
        PlannedStatement.ExplainUpgrade ofJob = assertInstanceOf(
                PlannedStatement.ExplainUpgrade.class, Script.last("EXPLAIN UPGRADE " + insert));
        assertEquals("upserted", ofJob.job());
        PlannedStatement.ExplainUpgrade ofSavepoint = assertInstanceOf(
                PlannedStatement.ExplainUpgrade.class,
                Script.last("SET 'savepoint' = 'counts/s1'; EXPLAIN UPGRADE " + insert));
        assertEquals(new SavepointName("counts", "s1"), ofSavepoint.savepoint());
        assertEquals("counts", ofSavepoint.job());
    }

    @Test
    void shouldGiveTheSavepointToTheNextJobOnly() {
        String insert = "INSERT INTO upserted SELECT symbol, COUNT(*) FROM trades GROUP BY symbol";
        List<PlannedStatement> planned = new Script().run(
                "SET 'savepoint' = 's1'; SET 'savepoint.allow-loss' = 'true'; " + insert + ";" + insert);
        assertEquals("s1", ((PlannedStatement.Job) planned.get(2)).plan().options().get(SavepointName.OPTION));
        assertEquals(null, ((PlannedStatement.Job) planned.get(3)).plan().options().get(SavepointName.OPTION));
    }
}
