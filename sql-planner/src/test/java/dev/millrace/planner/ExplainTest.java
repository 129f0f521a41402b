// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.planner.explain.Explain;
import dev.millrace.planner.translate.QueryPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole plans, as EXPLAIN shows them. */
class ExplainTest {
    @Test
    void shouldReadOnlyTheColumnsUsedWhenFiltering() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 8 partitions
                            exchange round_robin
                              project symbol, price * 2 AS doubled
                              filter (quantity > 100) AND ((symbol = 'a') OR (symbol = 'b'))
                              source trades (memory, unbounded): symbol, price, quantity""",
                Script.explain(
                        """
                                SELECT symbol, price * 2 AS doubled FROM trades WHERE quantity > 100 AND symbol IN ('a', 'b')"""));
    }

    @Test
    void shouldDropTheProjectionWhenColumnsAreTakenAsTheyAre() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 8 partitions
                            exchange round_robin
                              source trades (memory, unbounded): ts, symbol""",
                Script.explain("""
                        SELECT ts, symbol FROM trades"""));
    }

    @Test
    void shouldEmitEveryChangeOfAGroupByWithoutAWindow() {
        assertEquals(
                """
                        SELECT to the client, every change
                          stage 0: 8 partitions
                            aggregate by symbol: COUNT(*) AS n, SUM(arg) AS total
                              emit: every change
                              state: one group per key, without a bound; a window or 'state.ttl' bounds it
                            exchange always_hash by symbol
                              pre-aggregation: none, every row gives a change
                              project symbol, price * CAST(quantity AS DECIMAL(10, 0)) AS arg
                              source trades (memory, unbounded): symbol, price, quantity""",
                Script.explain("""
                        SELECT symbol, COUNT(*) AS n, SUM(total) AS total FROM trades GROUP BY symbol"""));
    }

    @Test
    void shouldPlanTheWindowTableFunction() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 8 partitions
                            project symbol, window_start, window_end, window_end - 1 ms AS window_time, n
                            aggregate by symbol: COUNT(*) AS n
                              window: tumbling 1 min on ts
                              emit: when the window closes
                              state: open windows, until the watermark passes their end
                            exchange always_hash by symbol
                              pre-aggregation: in the readers by key and window, where it pays
                              source trades (memory, unbounded): ts, symbol
                                watermark: ts - INTERVAL '5' SECOND""",
                Script.explain(
                        """
                                SELECT symbol, window_start, window_end, window_time, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE trades, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY symbol, window_start, window_end, window_time"""));
    }

    @Test
    void shouldPlanTheWindowTableFunctionWithNamedArguments() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 8 partitions
                            project symbol, n
                            aggregate by symbol: COUNT(*) AS n
                              window: tumbling 90 min on ts
                              emit: when the window closes
                              state: open windows, until the watermark passes their end
                            exchange always_hash by symbol
                              pre-aggregation: in the readers by key and window, where it pays
                              source trades (memory, unbounded): ts, symbol
                                watermark: ts - INTERVAL '5' SECOND""",
                Script.explain(
                        """
                                SELECT symbol, COUNT(*) AS n FROM TABLE(TUMBLE(DATA => TABLE trades, TIMECOL => DESCRIPTOR(ts), SIZE => INTERVAL '90' MINUTE)) GROUP BY symbol, window_start, window_end"""));
    }

    @Test
    void shouldPlanTheGroupWindowFunction() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 8 partitions
                            project symbol, window_start AS s, window_end - 1 ms AS r, n
                            filter n > 3
                            aggregate by symbol: COUNT(*) AS n
                              window: tumbling 1 min on ts
                              emit: when the window closes
                              state: open windows, until the watermark passes their end
                            exchange always_hash by symbol
                              pre-aggregation: in the readers by key and window, where it pays
                              source trades (memory, unbounded): ts, symbol
                                watermark: ts - INTERVAL '5' SECOND""",
                Script.explain(
                        """
                                SELECT symbol, TUMBLE_START(ts, INTERVAL '1' MINUTE) AS s, TUMBLE_ROWTIME(ts, INTERVAL '1' MINUTE) AS r, COUNT(*) AS n FROM trades GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE), symbol HAVING COUNT(*) > 3"""));
    }

    @Test
    void shouldPlanTheWindowClauseBeforeGroupBy() {
        assertEquals(
                """
                        SELECT to the client, every change
                          stage 0: 8 partitions
                            project symbol, window_start AS WINDOW_START, window_end, n
                            aggregate by symbol: COUNT(*) AS n
                              window: tumbling 1 min on ts, grace 10 s
                              emit: every change
                              state: open windows, until the watermark passes their end
                            exchange always_hash by symbol
                              pre-aggregation: none, every row gives a change
                              source trades (memory, unbounded): ts, symbol
                                watermark: ts - INTERVAL '5' SECOND""",
                Script.explain(
                        """
                                SELECT symbol, WINDOW_START, window_end, COUNT(*) AS n FROM trades t WINDOW TUMBLING (SIZE 1 MINUTE, GRACE PERIOD 10 SECONDS) GROUP BY symbol EMIT CHANGES"""));
    }

    @Test
    void shouldSayForHowLongTheWatermarkWaitsForASplit() {
        String script = """
                CREATE TABLE quiet (k STRING, ts TIMESTAMP(3), WATERMARK FOR ts AS ts)
                WITH ('connector' = 'memory', 'bounded' = 'false', 'scan.watermark.idle-timeout' = '30s');
                EXPLAIN SELECT k, COUNT(*) FROM quiet WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY k""";
        String plan = ((PlannedStatement.Text) Script.last(script)).text();
        assertTrue(plan.endsWith("watermark: ts, not of splits idle for 30 s"), plan);
    }

    @Test
    void shouldPlanTheWindowClauseBehindGroupBy() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 8 partitions
                            project symbol, n
                            filter n > 2
                            aggregate by symbol: COUNT(*) AS n
                              window: tumbling 1 min on ts
                              emit: when the window closes
                              state: open windows, until the watermark passes their end
                            exchange always_hash by symbol
                              pre-aggregation: in the readers by key and window, where it pays
                              project ts, symbol
                              filter price > 3.00
                              source trades (memory, unbounded): symbol, price, ts
                                watermark: ts - INTERVAL '5' SECOND""",
                Script.explain(
                        """
                                SELECT t.symbol, COUNT(*) AS n FROM trades AS t WHERE price > 3 GROUP BY t.symbol WINDOW TUMBLING(1m) HAVING COUNT(*) > 2 EMIT FINAL"""));
    }

    @Test
    void shouldPlanTheWindowClauseWithATimeColumnAndNoGroup() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 1 partition
                            project n
                            aggregate all rows: COUNT(*) AS n
                              window: tumbling 1 h on ts
                              emit: when the window closes
                              state: open windows, until the watermark passes their end
                            exchange fan_in
                              pre-aggregation: in the readers by window
                              source trades (memory, unbounded): ts
                                watermark: ts - INTERVAL '5' SECOND""",
                Script.explain("""
                        SELECT COUNT(*) AS n FROM trades WINDOW TUMBLING(ts, INTERVAL '1' HOUR)"""));
    }

    @Test
    void shouldWaitForTheEndWhenABoundedInputHasNoWatermark() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 1 partition
                            project window_start, m
                            aggregate all rows: MAX(id) AS m
                              window: tumbling 1 d on ts
                              emit: when the window closes
                              state: all windows until the end of the input
                            exchange fan_in
                              pre-aggregation: in the readers by window
                              source bare (memory, bounded): ts, id""",
                Script.explain(
                        """
                                SELECT window_start, MAX(id) AS m FROM TABLE(TUMBLE(TABLE bare, DESCRIPTOR(ts), INTERVAL '1' DAY)) GROUP BY window_start, window_end"""));
    }

    @Test
    void shouldBringAGlobalAggregateIntoOnePartition() {
        assertEquals(
                """
                        SELECT to the client, every change
                          stage 0: 1 partition
                            aggregate all rows: COUNT(*) AS n
                              emit: every change
                              state: one group
                            exchange fan_in
                              pre-aggregation: none, every row gives a change
                              source trades (memory, unbounded): price""",
                Script.explain("""
                        SELECT COUNT(*) AS n FROM trades EMIT CHANGES"""));
    }

    @Test
    void shouldEmitAtTheEndWhenABoundedResultIsOrdered() {
        assertEquals(
                """
                        SELECT to the client
                          order by total DESC, symbol
                          limit 5
                          stage 0: 8 partitions
                            aggregate by symbol: SUM(n) AS total
                              emit: at the end of the input
                              state: one group per key
                            exchange always_hash by symbol
                              pre-aggregation: in the readers by key, where it pays
                              source past (memory, bounded): symbol, n""",
                Script.explain(
                        """
                                SELECT symbol, SUM(n) AS total FROM past GROUP BY symbol ORDER BY total DESC, symbol LIMIT 5"""));
    }

    @Test
    void shouldEmitAtTheEndWhenFinalIsAskedOfABoundedInput() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 8 partitions
                            filter total > 10
                            aggregate by symbol: SUM(n) AS total
                              emit: at the end of the input
                              state: one group per key
                            exchange always_hash by symbol
                              pre-aggregation: in the readers by key, where it pays
                              source past (memory, bounded): symbol, n""",
                Script.explain("""
                        SELECT symbol, SUM(n) AS total FROM past GROUP BY symbol HAVING SUM(n) > 10 EMIT FINAL"""));
    }

    @Test
    void shouldKeepHavingInTheAggregationWhenChangesAreEmitted() {
        assertEquals(
                """
                        SELECT to the client, every change
                          stage 0: 8 partitions
                            aggregate by symbol: SUM(n) AS total
                              emit: every change
                              having: total > 10
                              state: one group per key
                            exchange always_hash by symbol
                              pre-aggregation: none, every row gives a change
                              source past (memory, bounded): symbol, n""",
                Script.explain("""
                        SELECT symbol, SUM(n) AS total FROM past GROUP BY symbol HAVING SUM(n) > 10"""));
    }

    @Test
    void shouldGroupByExpressionsAndCountWithFilterAndDistinct() {
        assertEquals(
                """
                        SELECT to the client, every change
                          stage 0: 8 partitions
                            aggregate by symbol, dear: COUNT(*) FILTER (filter) AS flagged, COUNT(DISTINCT trader) AS traders
                              emit: every change
                              state: one group per key, without a bound; a window or 'state.ttl' bounds it
                            exchange always_hash by symbol, dear
                              pre-aggregation: none, every row gives a change
                              project symbol, price > 10.00 AS dear, flag IS TRUE AS filter, trader
                              source trades (memory, unbounded): symbol, trader, price, flag""",
                Script.explain(
                        """
                                SELECT symbol, price > 10 AS dear, COUNT(*) FILTER (WHERE flag) AS flagged, COUNT(DISTINCT trader) AS traders FROM trades GROUP BY symbol, price > 10"""));
    }

    @Test
    void shouldMakeDistinctAGrouping() {
        assertEquals(
                """
                        SELECT to the client, every change
                          stage 0: 8 partitions
                            aggregate by symbol
                              emit: every change
                              state: one group per key
                            exchange always_hash by symbol
                              pre-aggregation: none, every row gives a change
                              source past (memory, bounded): symbol""",
                Script.explain("""
                        SELECT DISTINCT symbol FROM past"""));
    }

    @Test
    void shouldReadBothSidesOfAUnion() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 8 partitions
                            exchange round_robin
                              source trades (memory, unbounded): symbol
                            exchange round_robin
                              source past (memory, bounded): symbol""",
                Script.explain("""
                        SELECT symbol FROM trades UNION ALL SELECT symbol FROM past"""));
    }

    @Test
    void shouldInsertWithAssignmentCasts() {
        assertEquals(
                """
                        INSERT INTO appended (memory): appends
                          guarantee: exactly-once
                          stage 0: 8 partitions
                            exchange round_robin
                              project symbol, CAST(quantity AS BIGINT) AS n
                              filter flag
                              source trades (memory, unbounded): symbol, quantity, flag""",
                Script.explain("""
                        INSERT INTO appended SELECT symbol, quantity FROM trades WHERE flag"""));
    }

    @Test
    void shouldFillColumnsThatAnInsertLeavesOutWithNull() {
        assertEquals(
                """
                        INSERT INTO appended (memory): appends
                          guarantee: exactly-once
                          stage 0: 8 partitions
                            exchange round_robin
                              project NULL AS symbol, CAST(quantity AS BIGINT) AS n
                              source trades (memory, unbounded): quantity""",
                Script.explain("""
                        INSERT INTO appended (n) SELECT quantity FROM trades"""));
    }

    @Test
    void shouldUpsertByThePrimaryKey() {
        assertEquals(
                """
                        INSERT INTO upserted (memory): upserts by symbol
                          guarantee: exactly-once
                          stage 0: 8 partitions
                            project symbol, EXPR$1 AS n
                            aggregate by symbol: COUNT(*) AS EXPR$1
                              emit: every change
                              state: one group per key, without a bound; a window or 'state.ttl' bounds it
                            exchange always_hash by symbol
                              pre-aggregation: none, every row gives a change
                              source trades (memory, unbounded): symbol""",
                Script.explain("""
                        INSERT INTO upserted SELECT symbol, COUNT(*) FROM trades GROUP BY symbol"""));
    }

    @Test
    void shouldHashByThePrimaryKeyWhereRowsReplaceEachOther() {
        assertEquals(
                """
                        INSERT INTO upserted (memory): upserts by symbol
                          guarantee: exactly-once
                          stage 0: 8 partitions
                            exchange always_hash by symbol
                              project symbol, CAST(quantity AS BIGINT) AS n
                              source trades (memory, unbounded): symbol, quantity""",
                Script.explain("""
                        INSERT INTO upserted SELECT symbol, quantity FROM trades"""));
    }

    @Test
    void shouldAppendChangesWhenTheyAreAskedFor() {
        assertEquals(
                """
                        INSERT INTO appended (memory): appends every change
                          guarantee: exactly-once
                          stage 0: 8 partitions
                            project symbol, EXPR$1 AS n
                            aggregate by symbol: COUNT(*) AS EXPR$1
                              emit: every change
                              state: one group per key, without a bound; a window or 'state.ttl' bounds it
                            exchange always_hash by symbol
                              pre-aggregation: none, every row gives a change
                              source trades (memory, unbounded): symbol""",
                Script.explain("""
                        INSERT INTO appended SELECT symbol, COUNT(*) FROM trades GROUP BY symbol EMIT CHANGES"""));
    }

    @Test
    void shouldInsertFinalWindowsIntoATableThatAppends() {
        assertEquals(
                """
                        INSERT INTO appended (memory): appends
                          guarantee: exactly-once
                          stage 0: 8 partitions
                            project symbol, EXPR$1 AS n
                            aggregate by symbol: COUNT(*) AS EXPR$1
                              window: tumbling 10 s on ts
                              emit: when the window closes
                              state: open windows, until the watermark passes their end
                            exchange always_hash by symbol
                              pre-aggregation: in the readers by key and window, where it pays
                              source trades (memory, unbounded): ts, symbol
                                watermark: ts - INTERVAL '5' SECOND""",
                Script.explain(
                        """
                                INSERT INTO appended SELECT symbol, COUNT(*) FROM trades WINDOW TUMBLING (SIZE 10 s) GROUP BY symbol"""));
    }

    private static final String WINDOWED = "SELECT symbol, COUNT(*) AS n FROM trades WHERE symbol <> '\"'"
            + " WINDOW TUMBLING (SIZE 10 s) GROUP BY symbol";

    @Test
    void shouldTellAPlanToPrograms() {
        QueryPlan query = ((PlannedStatement.Job) Script.last("SET 'partitions' = '2'; " + WINDOWED)).query();
        assertEquals("""
                {
                  "job": "",
                  "sql": "SELECT symbol, COUNT(*) AS n FROM trades WHERE symbol <> '\\"' \
                WINDOW TUMBLING (SIZE 10 s) GROUP BY symbol",
                  "options": {
                    "partitions": "2"
                  },
                  "bounded": false,
                  "updating": false,
                  "plans": [
                    {
                      "operator": "target",
                      "text": "SELECT to the client",
                      "columns": ["symbol", "n"],
                      "inputs": [
                        {
                          "operator": "stage",
                          "text": "stage 0: 2 partitions",
                          "stage": 0,
                          "partitions": 2,
                          "inputs": [
                            {
                              "operator": "project",
                              "text": "project symbol, n",
                              "columns": ["symbol", "n"],
                              "inputs": [
                                {
                                  "operator": "aggregate",
                                  "text": "aggregate by symbol: COUNT(*) AS n",
                                  "keys": ["symbol"],
                                  "aggregates": ["COUNT(*) AS n"],
                                  "columns": ["window_start", "window_end", "symbol", "n"],
                                  "window": "tumbling 10 s on ts",
                                  "emit": "when the window closes",
                                  "state": "open windows, until the watermark passes their end",
                                  "inputs": [
                                    {
                                      "operator": "exchange",
                                      "text": "exchange always_hash by symbol",
                                      "strategy": "always_hash",
                                      "keys": ["symbol"],
                                      "columns": ["ts", "symbol"],
                                      "pre-aggregation": "in the readers by key and window, where it pays",
                                      "inputs": [
                                        {
                                          "operator": "filter",
                                          "text": "filter symbol <> '\\"'",
                                          "inputs": [
                                            {
                                              "operator": "source",
                                              "text": "source trades (memory, unbounded): ts, symbol",
                                              "table": "trades",
                                              "connector": "memory",
                                              "bounded": false,
                                              "columns": ["ts", "symbol"],
                                              "watermark": "ts - INTERVAL '5' SECOND"
                                            }
                                          ]
                                        }
                                      ]
                                    }
                                  ]
                                }
                              ]
                            }
                          ]
                        }
                      ]
                    }
                  ]
                }""", Explain.json(query));
    }

    @Test
    void shouldSayWhichGuaranteeHoldsForEachTarget() {
        String insert = "INSERT INTO appended SELECT symbol, n FROM plain";
        assertTrue(Script.explain(insert).contains("\n  guarantee: exactly-once\n  stage"));
        String lower = Script.explain(insert, "SET 'guarantee' = 'at-least-once';\n");
        assertTrue(lower.contains("\n  guarantee: at-least-once\n  stage"), lower);
        String other = Script.explain("INSERT INTO shown SELECT symbol, n FROM plain");
        assertTrue(other.contains("\n  guarantee: at-least-once\n  exactly-once: not with connector any\n"), other);
        PlannedStatement.Text explained =
                (PlannedStatement.Text) Script.last("EXPLAIN INSERT INTO shown SELECT symbol, n FROM plain");
        String json = Explain.json(explained.explained());
        assertTrue(json.contains("\"guarantee\": \"at-least-once\""), json);
        assertTrue(json.contains("\"exactly-once\": \"not with connector any\""), json);
    }

    @Test
    void shouldWarnOfATargetThatCanNotDoWhatIsAskedFor() {
        String asked = "SET 'execution.checkpointing.mode' = 'EXACTLY_ONCE';\n";
        String insert = "INSERT INTO shown SELECT symbol, n FROM plain";
        List<String> warning = List.of(
                "rows come into table \"shown\" at-least-once all the same: connector 'any' has no exactly-once");
        assertEquals(warning, Script.last(asked + insert).warnings());
        assertEquals(warning,
                Script.last(asked + "BEGIN STATEMENT SET; INSERT INTO appended SELECT symbol, n FROM plain;"
                        + insert + "; END").warnings());
        assertEquals(List.of(), Script.last(insert).warnings());
        assertEquals(List.of(), Script.last(asked + "INSERT INTO appended SELECT symbol, n FROM plain").warnings());
        assertEquals(1, Script.last("CREATE TABLE made WITH ('connector' = 'any', 'guarantee' = 'exactly-once')"
                + " AS SELECT symbol FROM plain").warnings().size());
    }

    @Test
    void shouldDrawAPlan() {
        QueryPlan query = ((PlannedStatement.Job) Script.last("INSERT INTO appended " + WINDOWED)).query();
        assertEquals("""
                digraph "appended" {
                  rankdir=BT
                  node [shape=box, fontname="monospace"]
                  subgraph "cluster_0" {
                    label="stage 0: 8 partitions"
                    n0 [label="INSERT INTO appended (memory): appends\\lguarantee: exactly-once\\l"]
                    n1 [label="project symbol, n"]
                    n2 [label="aggregate by symbol: COUNT(*) AS n\\lwindow: tumbling 10 s on ts\
                \\lemit: when the window closes\\lstate: open windows, until the watermark passes their end\\l"]
                  }
                  n3 [label="filter symbol <> '\\"'"]
                  n4 [label="source trades (memory, unbounded): ts, symbol\\lwatermark: ts - INTERVAL '5' SECOND\\l"\
                , shape=cylinder]
                  n1 -> n0
                  n2 -> n1
                  n3 -> n2 [label="exchange always_hash by symbol"]
                  n4 -> n3
                }""", Explain.dot(query));
    }
}
