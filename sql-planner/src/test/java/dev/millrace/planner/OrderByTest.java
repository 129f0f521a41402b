// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Strategy;
import dev.millrace.engine.plan.Target;
import dev.millrace.engine.plan.TimeColumn;
import dev.millrace.planner.explain.Explain;
import dev.millrace.planner.translate.QueryPlan;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ORDER BY of results that never end, and of INSERTs: which stage brings them together. */
class OrderByTest {
    private static final String BY_MINUTE =
            "SELECT window_end, symbol, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE trades, DESCRIPTOR(ts), "
                    + "INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, symbol ";
    private static final String SINKS = "CREATE TABLE counts (at TIMESTAMP(3), symbol STRING, n BIGINT) "
            + "WITH ('connector' = 'memory');";
    private static final String INSERT = SINKS + "INSERT INTO counts ";

    private static Step.Order order(JobPlan plan) {
        return plan.stages().getLast().steps().stream()
                .filter(Step.Order.class::isInstance)
                .map(Step.Order.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldBringWindowsOfAllPartitionsTogether() {
        assertEquals(
                """
                        INSERT INTO counts (memory): appends
                          guarantee: exactly-once
                          stage 1: 1 partition
                            project window_end AS at, symbol, n
                            order by window_end, n DESC
                              emit: in this order over all partitions, when the watermark of all has passed window_end
                              state: rows before the watermark reaches them
                            exchange fan_in
                              stage 0: 8 partitions
                                project window_end, symbol, n
                                aggregate by symbol: COUNT(*) AS n
                                  window: tumbling 1 min on ts
                                  emit: when the window closes
                                  state: open windows, until the watermark passes their end
                                exchange always_hash by symbol
                                  pre-aggregation: in the readers by key and window, where it pays
                                  source trades (memory, unbounded): ts, symbol
                                    watermark: ts - INTERVAL '5' SECOND""",
                Script.explain(BY_MINUTE.replace("SELECT", "INSERT INTO counts SELECT") + "ORDER BY window_end, n DESC",
                        SINKS));
    }

    @Test
    void shouldSayWhichStagesRunWhere() {
        JobPlan plan = Script.plan(INSERT + BY_MINUTE + "ORDER BY window_end LIMIT 10 OFFSET 2");
        assertEquals(2, plan.stages().size());
        Stage first = plan.stages().getFirst();
        Stage last = plan.stages().getLast();
        assertEquals(8, first.partitions());
        assertEquals(new Target.Stages(first.output()), plan.target(first));
        assertEquals(1, last.partitions());
        StageInput input = (StageInput) last.inputs().getFirst();
        assertEquals(0, input.stage());
        assertEquals(Strategy.FAN_IN, input.exchange().strategy());
        assertEquals(first.output(), input.sent());
        assertEquals(new TimeColumn(0, -1), input.time());
        assertEquals(
                new ResultOrder(List.of(new ResultOrder.Key(0, false, true)), 2, 10), order(plan).order());
        assertEquals(List.of(1, 3), plan.with(Map.of("partitions", "3")).stages().stream()
                .map(Stage::partitions).sorted().toList());
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
            ORDER BY window_end                                        => -1
            ORDER BY window_start                                      => 59999
            ORDER BY window_start NULLS LAST, symbol DESC              => 59999
            """)
    void shouldKnowTheTimesOfAWindow(String orderBy, long behindMillis) {
        assertEquals(behindMillis, order(Script.plan(INSERT + BY_MINUTE + orderBy)).time().behindMillis());
    }

    @Test
    void shouldOrderByTheLastMomentOfAWindow() {
        JobPlan plan = Script.plan("SELECT window_time, symbol, COUNT(*) FROM TABLE(TUMBLE(TABLE trades, "
                + "DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_time, window_end, symbol ORDER BY window_time");
        assertEquals(new TimeColumn(0, 0), order(plan).time());
    }

    @Test
    void shouldOrderRowsWithoutStateInOneStage() {
        assertEquals(
                """
                        SELECT to the client
                          stage 0: 1 partition
                            order by ts, symbol
                              emit: in this order over all partitions, when the watermark of all has passed ts
                              state: rows before the watermark reaches them
                            exchange fan_in
                              filter quantity > 10
                              source trades (memory, unbounded): ts, symbol, quantity
                                watermark: ts - INTERVAL '5' SECOND""",
                Script.explain("SELECT ts, symbol, quantity FROM trades WHERE quantity > 10 ORDER BY ts, symbol"));
    }

    @Test
    void shouldOrderByAColumnThatIsNotShown() {
        JobPlan plan = Script.plan("SELECT symbol FROM trades ORDER BY ts LIMIT 3");
        assertEquals(List.of("symbol"), plan.target().schema().columns().stream().map(c -> c.name()).toList());
        assertEquals(new TimeColumn(1, 0), order(plan).time());
        assertEquals(ResultOrder.NO_LIMIT, order(plan).order().limit());
        assertEquals(3, ((Target.Client) plan.target()).order().limit());
    }

    @Test
    void shouldOrderTheWindowsOfOneGroupWhereTheyAre() {
        JobPlan plan = Script.plan("SELECT window_end, COUNT(*) FROM TABLE(TUMBLE(TABLE trades, DESCRIPTOR(ts), "
                + "INTERVAL '1' MINUTE)) GROUP BY window_start, window_end ORDER BY window_end");
        assertEquals(1, plan.stages().size());
        assertEquals(new TimeColumn(0, -1), order(plan).time());
    }

    @Test
    void shouldOrderResultsOfOver() {
        JobPlan plan = Script.plan("SELECT ts, symbol, COUNT(*) OVER (PARTITION BY symbol ORDER BY ts ROWS 2 PRECEDING)"
                + " FROM trades ORDER BY ts, symbol");
        assertEquals(2, plan.stages().size());
        assertEquals(new TimeColumn(0, 0), ((StageInput) plan.stages().getLast().inputs().getFirst()).time());
    }

    @Test
    void shouldOrderAnInsertOfABoundedTableAtItsEnd() {
        JobPlan plan = Script.plan("INSERT INTO appended SELECT symbol, SUM(n) AS total FROM past GROUP BY symbol "
                + "ORDER BY total DESC LIMIT 5");
        assertEquals(2, plan.stages().size());
        Step.Order order = order(plan);
        assertEquals(null, order.time());
        assertEquals(new ResultOrder(List.of(new ResultOrder.Key(1, true, false)), 0, 5), order.order());
    }

    @Test
    void shouldNumberTheStagesOfAStatementSet() {
        String ordered = BY_MINUTE + "ORDER BY window_end";
        String others = SINKS + SINKS.replace("counts", "others");
        JobPlan plan = Script.plan(others + "EXECUTE STATEMENT SET BEGIN INSERT INTO counts " + ordered
                + "; INSERT INTO others " + ordered + "; END");
        assertEquals(List.of(0, 1, 2, 3), plan.stages().stream().map(Stage::index).toList());
        assertEquals(List.of(0, 2), plan.stages().stream()
                .flatMap(stage -> stage.inputs().stream())
                .filter(StageInput.class::isInstance)
                .map(input -> ((StageInput) input).stage())
                .toList());
        String shown = Script.explain("STATEMENT SET BEGIN INSERT INTO counts " + ordered + "; INSERT INTO others "
                + ordered + "; END", others);
        assertTrue(shown.contains("stage 3: 1 partition") && shown.contains("stage 2: 8 partitions"), shown);
    }

    @Test
    void shouldDrawBothStages() {
        QueryPlan plan = ((PlannedStatement.Job) Script.last(INSERT + BY_MINUTE + "ORDER BY window_end")).query();
        String dot = Explain.dot(plan);
        assertTrue(dot.contains("cluster_1") && dot.contains("cluster_0") && dot.contains("fan_in"), dot);
        assertTrue(Explain.json(plan).contains("\"order\""), Explain.json(plan));
    }

    @Test
    void shouldCostNothingWithoutOrderBy() {
        assertEquals(1, Script.plan(INSERT + BY_MINUTE).stages().size());
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
            SELECT * FROM trades ORDER BY symbol, ts          => ORDER BY waits for the end of the input
            SELECT * FROM trades ORDER BY ts DESC             => order by the event time first, ascending
            SELECT * FROM plain ORDER BY ts                   => ORDER BY waits for the end of the input
            INSERT INTO appended SELECT symbol, n FROM plain ORDER BY n       => ORDER BY waits for the end
            INSERT INTO appended SELECT symbol, n FROM past LIMIT 3           => LIMIT without ORDER BY in an INSERT
            SET 'partitioning' = 'round_robin'; SELECT ts FROM trades ORDER BY ts  => ORDER BY brings all rows together
            """)
    void shouldRefuseWhatCanNotBeOrdered(String script, String reason) {
        String error = Script.error(script);
        assertTrue(error.contains(reason), error);
    }

    @Test
    void shouldRefuseTheOrderOfChanges() {
        String error = Script.error(INSERT + BY_MINUTE + "ORDER BY window_end EMIT CHANGES");
        assertTrue(error.contains("ORDER BY and LIMIT need final results"), error);
    }
}
