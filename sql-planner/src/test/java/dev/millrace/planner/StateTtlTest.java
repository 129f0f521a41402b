// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.StateTtl.Refresh;
import dev.millrace.engine.plan.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long state is kept: what plans say of it, and what EXPLAIN does. */
class StateTtlTest {
    private static final String COUNT = "SELECT symbol, COUNT(*) AS n FROM trades GROUP BY symbol";

    private static String keyed(String options) {
        return "CREATE TABLE accounts (id BIGINT, owner STRING, PRIMARY KEY (id) NOT ENFORCED)"
                + " WITH ('connector' = 'keyed', 'bounded' = 'false'" + options + ");\n";
    }

    private static List<Step> steps(String script) {
        return Script.plan(script).stages().getFirst().steps();
    }

    private static Step.Normalize rows(String script) {
        return (Step.Normalize) steps(script).getFirst();
    }

    private static StateTtl hours(int hours, Refresh refresh) {
        return new StateTtl(hours * 3_600_000L, refresh);
    }

    @Test
    void shouldKeepStateForEverUnlessSaid() {
        assertNull(Script.aggregate(COUNT).ttl());
        assertNull(Script.aggregate("SET 'state.ttl' = '0';" + COUNT).ttl());
        assertNull(Script.aggregate("SET 'state.ttl.refresh' = 'create';" + COUNT).ttl());
    }

    @Test
    void shouldForgetGroupsAfterTheLastRow() {
        String query = "SET 'state.ttl' = '1 h';" + COUNT;
        assertEquals(hours(1, Refresh.WRITE), Script.aggregate(query).ttl());
        assertTrue(Script.last(query).warnings().isEmpty());
        assertEquals(hours(2, Refresh.WRITE), Script.aggregate("SET 'table.exec.state.ttl' = '2 h';" + COUNT).ttl());
    }

    @Test
    void shouldForgetGroupsAfterTheFirstRow() {
        assertEquals(
                hours(1, Refresh.CREATE),
                Script.aggregate("SET 'state.ttl' = '1 h'; SET 'state.ttl.refresh' = 'create';" + COUNT).ttl());
    }

    @Test
    void shouldTakeBothFromCreateAs() {
        assertEquals(
                hours(1, Refresh.CREATE),
                Script.aggregate("CREATE TABLE counts WITH ('connector' = 'any', 'state.ttl' = '1 h',"
                        + " 'state.ttl.refresh' = 'CREATE') AS " + COUNT).ttl());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            SELECT symbol, COUNT(*) FROM past GROUP BY symbol EMIT FINAL                  | true
            SELECT id, owner FROM accounts EMIT FINAL                                     | true
            SELECT symbol, COUNT(*) FROM trades GROUP BY symbol WINDOW TUMBLING (SIZE 1 MINUTE) | false
            SELECT symbol, COUNT(*) FROM trades GROUP BY symbol WINDOW TUMBLING (SIZE 1 MINUTE) EMIT CHANGES | false
            SELECT symbol FROM trades                                                     | false
            """)
    void shouldNotTouchWhatEndsByItself(String query, boolean warns) {
        String script = "SET 'state.ttl' = '1 h';" + keyed("").replace("'false'", "'true'") + query;
        for (Step step : steps(script)) {
            assertTrue(!(step instanceof Step.Aggregate aggregate) || aggregate.ttl() == null);
            assertTrue(!(step instanceof Step.Normalize normalize) || normalize.ttl() == null);
        }
        assertEquals(
                warns ? List.of("option 'state.ttl' has no effect on a query that gives its results when the input has"
                        + " ended: it needs its state until then") : List.of(),
                Script.last(script).warnings());
    }

    @Test
    void shouldKeepTheRowsOfATableAsLongAsItSays() {
        String query = "SELECT owner, COUNT(*) AS n FROM accounts GROUP BY owner";
        String job = "SET 'state.ttl' = '2 h'; SET 'state.ttl.refresh' = 'create';";
        assertEquals(hours(2, Refresh.CREATE), rows(job + keyed("") + query).ttl());
        String own = job + keyed(", 'state.ttl' = '24 h', 'state.ttl.refresh' = 'Write'") + query;
        assertEquals(hours(24, Refresh.WRITE), rows(own).ttl());
        Step.Aggregate aggregate = (Step.Aggregate) steps(own).stream()
                .filter(Step.Aggregate.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertEquals(hours(2, Refresh.CREATE), aggregate.ttl());
        assertNull(rows(job + keyed(", 'state.ttl' = '0'") + query).ttl());
        assertEquals(hours(24, Refresh.WRITE), rows(keyed(", 'state.ttl' = '1 d'") + query).ttl());
    }

    @Test
    void shouldKeepTheRowsBeforeOfKeysOnly() {
        String set = "SET 'state.ttl' = '1 h';";
        Step byKey = steps(set
                + "SELECT symbol, SUM(quantity) OVER (PARTITION BY symbol ORDER BY ts ROWS 5 PRECEDING) FROM trades")
                .getFirst();
        assertEquals(hours(1, Refresh.WRITE), ((Step.Over) byKey).ttl());
        Step all =
                steps(set + "SELECT symbol, SUM(quantity) OVER (ORDER BY ts ROWS 5 PRECEDING) FROM trades").getFirst();
        assertNull(((Step.Over) all).ttl());
    }

    @Test
    void shouldKeepStateOtherwiseWhenTheOptionIsChanged() {
        JobPlan plan = Script.plan("SET 'state.ttl' = '1 h';" + COUNT);
        JobPlan changed = plan.with(Map.of("state.ttl", "7200000 ms", "state.ttl.refresh", "create"));
        assertEquals(
                hours(2, Refresh.CREATE),
                ((Step.Aggregate) changed.stages().getFirst().steps().getFirst()).ttl());
        JobPlan kept = changed.with(Map.of("state.ttl", "0 ms"));
        assertNull(((Step.Aggregate) kept.stages().getFirst().steps().getFirst()).ttl());
    }

    @Test
    void shouldRefuseItOfATableThatKeepsNoRows() {
        assertEquals("""
                MR-2002  option 'state.ttl' says how long rows are kept by key, and those of table "t" are not
                  line 1, column 54:   CREATE TABLE t (a INT) WITH ('connector' = 'memory', 'state.ttl' = '1 h')
                                                                                            ^^^^^^^^^^^
                  SET 'state.ttl' = '1 h' says it of what queries keep""",
                Script.error("CREATE TABLE t (a INT) WITH ('connector' = 'memory', 'state.ttl' = '1 h')"));
    }

    @Test
    void shouldRefuseWhatIsNoDurationOfATable() {
        String error = Script.error(keyed(", 'state.ttl' = 'long'"));
        assertTrue(error.startsWith("MR-2002  'long' is not a value of option 'state.ttl'"), error);
    }

    @Test
    void shouldExplainWhenStateIsForgotten() {
        String set = "SET 'state.ttl' = '90 min';";
        assertTrue(
                Script.explain(COUNT, set).contains("state: one group per key, forgotten 90 min after its last row\n"));
        assertTrue(Script.explain(COUNT, set + "SET 'state.ttl.refresh' = 'create';")
                .contains("state: one group per key, forgotten 90 min after its first row\n"));
        assertTrue(Script.explain(COUNT).contains(
                "state: one group per key, without a bound; a window or 'state.ttl' bounds it\n"));
        assertTrue(Script.explain("SELECT COUNT(*) FROM trades", set)
                .contains("state: one group, forgotten 90 min after its last row\n"));
        assertTrue(Script.explain("SELECT id FROM accounts", keyed(", 'state.ttl' = '2 h'"))
                .contains("state: one row per key, forgotten 2 h after its last row\n"));
        assertTrue(Script.explain("SELECT symbol, COUNT(*) FROM past GROUP BY symbol EMIT FINAL", set)
                .contains("state: one group per key; 'state.ttl' has no effect\n"));
        String over = Script.explain(
                "SELECT SUM(quantity) OVER (PARTITION BY symbol ORDER BY ts ROWS 5 PRECEDING) AS s FROM trades",
                set);
        assertTrue(over.contains("per key, forgotten 90 min after its last row\n"), over);
    }
}
