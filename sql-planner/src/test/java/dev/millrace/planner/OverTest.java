// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.SqlType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Plans of OVER, and what is refused of it. */
class OverTest {
    private static final String LAST_SIX = " OVER (PARTITION BY symbol ORDER BY ts ROWS 5 PRECEDING)";

    private static Step.Over over(String query) {
        return (Step.Over) Script.plan(query).stages().getFirst().steps().getFirst();
    }

    private static List<OverCall> calls(String items) {
        return over("SELECT " + items + " FROM trades").calls();
    }

    @Test
    void shouldPlanAMovingAverageWithoutAProjection() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 8 partitions
                            over symbol by ts: AVG(amount) of the last 100 rows AS moving
                              emit: a row for every row, when the watermark reaches it
                              state: rows before the watermark reaches them; the last 100 rows per key, keys without a bound; 'state.ttl' bounds them
                            exchange always_hash by symbol
                              source trades (memory, unbounded): ts, symbol, amount
                                watermark: ts - INTERVAL '5' SECOND""",
                Script.explain("""
                        SELECT ts, symbol, amount, AVG(amount) OVER (PARTITION BY symbol ORDER BY ts
                          ROWS BETWEEN 99 PRECEDING AND CURRENT ROW) AS moving FROM trades"""));
    }

    @Test
    void shouldComputeExpressionsOnBothSides() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 8 partitions
                            project symbol, over1 + 1 AS more, best
                            filter best > 3.00
                            over symbol by ts: SUM(quantity) of the last 6 rows AS over1, MAX(arg) of all rows so far AS best
                              emit: a row for every row, when the watermark reaches it
                              state: rows before the watermark reaches them; the last 6 rows per key, keys without a bound; 'state.ttl' bounds them
                            exchange always_hash by symbol
                              project symbol, ts, quantity, price * 2 AS arg
                              filter flag
                              source trades (memory, unbounded): symbol, price, quantity, ts, flag
                                watermark: ts - INTERVAL '5' SECOND""",
                Script.explain(
                        """
                                SELECT * FROM (SELECT symbol, SUM(quantity) OVER (PARTITION BY symbol ORDER BY ts ROWS 5 PRECEDING) + 1 AS more,
                                  MAX(price * 2) OVER (PARTITION BY symbol ORDER BY ts ROWS UNBOUNDED PRECEDING) AS best
                                FROM trades WHERE flag) WHERE best > 3"""));
    }

    @Test
    void shouldSayThatAllRowsWaitWithoutAWatermark() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 1 partition
                            project id, n, before
                            over all rows by ts: COUNT(*) of all rows so far AS n, LAG(id, 2) AS before
                              emit: a row for every row, at the end of the input
                              state: all rows until the end of the input; the last 2 rows
                            exchange fan_in
                              source bare (memory, bounded): id, ts""",
                Script.explain(
                        """
                                SELECT id, ROW_NUMBER() OVER (ORDER BY ts) AS n, LAG(id, 2) OVER (ORDER BY ts) AS before FROM bare"""));
    }

    @Test
    void shouldComputeASumAndAnAverageOnce() {
        String sum = "SUM(quantity)" + LAST_SIX;
        List<OverCall> calls = calls(sum + ", " + sum + " * 2, AVG(amount)" + LAST_SIX + ", COUNT(*)" + LAST_SIX);
        assertEquals(
                List.of(OverFunction.SUM, OverFunction.AVG, OverFunction.COUNT),
                calls.stream().map(OverCall::function).toList());
        assertEquals(SqlType.BIGINT, calls.getFirst().type().withNullable(true));
        assertEquals(6, calls.getFirst().rows());
    }

    @Test
    void shouldTypeResultsAsInGroupBy() {
        List<OverCall> calls = calls("SUM(price)" + LAST_SIX + ", AVG(price)" + LAST_SIX + ", AVG(quantity)" + LAST_SIX
                + ", MIN(trader)" + LAST_SIX);
        assertEquals(
                List.of(SqlType.decimal(38, 2), SqlType.decimal(38, 6), SqlType.DOUBLE,
                        new SqlType(calls.get(3).type().kind(), 20, 0, true)),
                calls.stream().map(call -> call.type().withNullable(true)).toList());
    }

    @Test
    void shouldSendTheDefaultOfLagInTheTypeOfItsResult() {
        Step.Over over = over("""
                SELECT LAG(price, 3, 0) OVER (PARTITION BY symbol ORDER BY ts) FROM trades""");
        OverCall call = over.calls().getFirst();
        assertEquals(3, call.rows());
        assertEquals(call.type().withNullable(true), over.output().type(call.otherwise()).withNullable(true));
        assertEquals(call.type().withNullable(true), over.output().type(call.argument()).withNullable(true));
    }

    @Test
    void shouldTakeUnionsAndUpsertsByTheirKey() {
        JobPlan union = Script.plan("""
                SELECT symbol, COUNT(*) OVER (PARTITION BY symbol ORDER BY ts ROWS 2 PRECEDING) FROM
                  (SELECT symbol, ts FROM trades UNION ALL SELECT symbol, ts FROM past)""");
        assertEquals(2, union.stages().getFirst().inputs().size());
        JobPlan upsert = Script.plan("""
                INSERT INTO upserted
                  SELECT symbol, COUNT(*) OVER (PARTITION BY symbol ORDER BY ts ROWS 2 PRECEDING) FROM past""");
        assertEquals(List.of(0), upsert.stages().getFirst().inputs().getFirst().exchange().keys());
        assertTrue(!upsert.updating());
    }

    @Test
    void shouldRefuseAFrameByRange() {
        assertEquals(
                """
                        MR-1002  OVER without a frame means RANGE UNBOUNDED PRECEDING, which is not supported yet
                          line 1, column 8:   SELECT SUM(amount) OVER (PARTITION BY symbol ORDER BY ts) FROM trades
                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                          add a frame: ROWS BETWEEN 99 PRECEDING AND CURRENT ROW, or ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW""",
                Script.error("SELECT SUM(amount) OVER (PARTITION BY symbol ORDER BY ts) FROM trades"));
    }

    @Test
    void shouldRefuseAnInputWhoseOrderIsNeverKnown() {
        assertEquals(
                """
                        MR-1060  table "plain" never ends and has no WATERMARK, so the order of its rows would never be known
                          line 1, column 1:   SELECT SUM(n) OVER (ORDER BY ts ROWS 5 PRECEDING) FROM plain
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                          add to CREATE TABLE: WATERMARK FOR ts AS ts - INTERVAL '5' SECOND""",
                Script.error("SELECT SUM(n) OVER (ORDER BY ts ROWS 5 PRECEDING) FROM plain"));
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
            SUM(amount) OVER (PARTITION BY symbol) => OVER without ORDER BY is not supported yet
            SUM(amount) OVER (ORDER BY ts DESC ROWS 5 PRECEDING) => descending OVER is not supported yet
            SUM(amount) OVER (ORDER BY ts, price ROWS 5 PRECEDING) => ORDER BY of OVER takes the event time only
            SUM(amount) OVER (ORDER BY price ROWS 5 PRECEDING) => ORDER BY of OVER takes the event time only
            SUM(amount) OVER (ORDER BY ts NULLS LAST ROWS 5 PRECEDING) => rows without a time have no place in OVER
            SUM(amount) OVER (ORDER BY ts RANGE INTERVAL '1' HOUR PRECEDING) => RANGE is not supported yet
            SUM(amount) OVER (ORDER BY ts ROWS BETWEEN 5 PRECEDING AND 1 PRECEDING) => a frame ends with the current row
            SUM(amount) OVER (ORDER BY ts ROWS BETWEEN 5 PRECEDING AND 1 FOLLOWING) => a frame ends with the current row
            SUM(amount) OVER (ORDER BY ts ROWS 1000000 PRECEDING) => a frame has at most 1000000 rows
            SUM(DISTINCT amount) OVER (ORDER BY ts ROWS 5 PRECEDING) => DISTINCT with OVER is not supported yet
            SUM(amount) FILTER (WHERE flag) OVER (ORDER BY ts ROWS 5 PRECEDING) => FILTER with OVER is not supported yet
            SUM(amount) OVER w => a window with a name is not supported yet
            LEAD(amount) OVER (ORDER BY ts) => LEAD is not supported yet
            LAG(amount, 0) OVER (ORDER BY ts) => LAG goes back by a number of rows from 1 to 1000000
            LAG(amount) OVER (ORDER BY ts ROWS 5 PRECEDING) => LAG has no frame
            """)
    void shouldRefuse(String item, String reason) {
        String error = Script.error("SELECT " + item + " FROM trades");
        assertTrue(error.contains("  " + reason + "\n"), error);
    }

    @Test
    void shouldRefuseWhatNeedsSeveralOrders() {
        String other = " OVER (PARTITION BY trader ORDER BY ts ROWS 5 PRECEDING)";
        String error = Script.error("SELECT SUM(amount)" + LAST_SIX + ", SUM(amount)" + other + " FROM trades");
        assertTrue(error.contains("different PARTITION BY in one query are not supported yet"), error);
        error = Script.error("SELECT MAX(x) FROM (SELECT SUM(amount)" + LAST_SIX + " AS x FROM trades)");
        assertTrue(error.contains("an aggregation of a result of OVER is not supported yet"), error);
        error = Script.error("SELECT SUM(n)" + LAST_SIX + " FROM (SELECT symbol, ts, COUNT(*)" + LAST_SIX
                + " AS n FROM trades)");
        assertTrue(error.contains("OVER of a result of OVER is not supported yet"), error);
        error = Script.error("INSERT INTO upserted SELECT symbol, SUM(n) OVER (PARTITION BY n ORDER BY ts ROWS 5"
                + " PRECEDING) FROM past");
        assertTrue(error.contains("the query partitions by \"n\", which is not in PRIMARY KEY (symbol)"), error);
    }
}
