// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Strategy;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.plan.Target;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.SqlType;
import dev.millrace.planner.parser.JobAction;
import dev.millrace.planner.parser.JobView;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine's plan where EXPLAIN does not show it: indexes, types, operations. */
class PlanTest {
    private static String expression(String sql) {
        SourceInput input = Script.input("SELECT " + sql + " AS x FROM trades");
        return ((Step.Project) input.steps().getLast()).expressions().getFirst().toString();
    }

    @ParameterizedTest
    @CsvSource(delimiterString = " => ", textBlock = """
            UPPER(symbol)                        => UPPER($0)
            TRIM(symbol)                         => TRIM($0, ' ')
            TRIM(LEADING 'x' FROM symbol)        => LTRIM($0, 'x')
            RTRIM(symbol)                        => RTRIM($0, ' ')
            SUBSTRING(symbol FROM 2 FOR 3)       => SUBSTRING($0, 2, 3)
            SUBSTR(symbol, 2)                    => SUBSTRING($0, 2)
            POSITION('a' IN symbol)              => POSITION('a', $0)
            symbol || '!'                        => CONCAT($0, '!')
            LENGTH(symbol)                       => CHAR_LENGTH($0)
            symbol NOT LIKE 'a%'                 => NOT(LIKE($0, 'a%'))
            quantity % 3                         => MODULO($0, 3)
            -quantity                            => NEGATE($0)
            quantity BETWEEN 1 AND 3             => AND(GREATER_OR_EQUAL($0, 1), LESS_OR_EQUAL($0, 3))
            amount + quantity                    => ADD($1, CAST($0 AS DOUBLE))
            price = quantity                     => EQUAL($0, CAST($1 AS DECIMAL(12, 2)))
            price > 5                            => GREATER($0, 5.00)
            amount > 5                           => GREATER($0, 5.0)
            POWER(quantity, 2)                   => POWER(CAST($0 AS DOUBLE), 2.0)
            YEAR(ts)                             => EXTRACT('YEAR', $0)
            FLOOR(ts TO DAY)                     => DATE_TRUNC('DAY', $0)
            TIMESTAMPADD(MINUTE, 5, ts)          => TIMESTAMP_ADD('MINUTE', 5, $0)
            ts - INTERVAL '1' MINUTE             => SUBTRACT($0, 60000)
            IF(flag, 1, 2)                       => CASE($0, 1, 2)
            IFNULL(symbol, '?')                  => COALESCE($0, '?')
            flag IS NOT TRUE                     => IS_NOT_TRUE($0)
            symbol IS NOT DISTINCT FROM trader   => IS_NOT_DISTINCT_FROM($0, $1)
            flag OR quantity > 1 OR quantity < 0 => OR($1, GREATER($0, 1), LESS($0, 0))
            """)
    void shouldTranslateAnExpression(String sql, String expected) {
        assertEquals(expected, expression(sql));
    }

    @Test
    void shouldMakeATimestampOfTextThatIsComparedWithOne() {
        // 2024-01-01 10:00:00.500
        assertEquals("GREATER($0, 1704103200500)", expression("ts > '2024-01-01 10:00:00.500'"));
    }

    @Test
    void shouldKeepTextBeyondLatin() {
        assertEquals("EQUAL($0, 'Привет 🎉')", expression("symbol = 'Привет 🎉'"));
    }

    @Test
    void shouldSendOnlyWhatTheAggregationNeedsWithTheEventTimeFirst() {
        String query = "SELECT symbol, AVG(price), SUM(price * quantity) FROM trades WHERE flag "
                + "WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY symbol";
        SourceInput input = Script.input(query);
        assertEquals(List.of(0, 2, 3, 5, 6), input.columns());
        assertEquals(
                List.of("ts", "symbol", "price", "arg"), input.sent().columns().stream().map(c -> c.name()).toList());
        assertEquals("$3", input.eventTime().rowTime().toString());
        assertEquals("SUBTRACT($3, 5000)", input.eventTime().watermark().toString());
        assertEquals(Strategy.ALWAYS_HASH, input.exchange().strategy());
        assertEquals(List.of(1), input.exchange().keys());

        Step.Aggregate aggregate = Script.aggregate(query);
        assertEquals(List.of(1), aggregate.keys());
        assertEquals(new Window.Tumbling(0, 60_000, 0, 0), aggregate.window());
        assertEquals(Emit.FINAL, aggregate.emit());
        assertEquals(
                List.of(
                        new AggregateCall(
                                AggregateFunction.AVG, 2, false, -1, SqlType.decimal(10, 2), SqlType.decimal(38, 6)),
                        new AggregateCall(
                                AggregateFunction.SUM, 3, false, -1, SqlType.decimal(20, 2), SqlType.decimal(38, 2))),
                aggregate.aggregates());
        assertEquals(SqlType.timestamp(3).withNullable(false), aggregate.output().type(0));
    }

    @Test
    void shouldNotReadTheEventTimeWithoutAWindow() {
        assertNull(Script.input("SELECT symbol, COUNT(*) FROM trades GROUP BY symbol").eventTime());
    }

    @Test
    void shouldPassGraceOnToTheWindow() {
        Window window = Script.aggregate("SELECT COUNT(*) FROM trades WINDOW TUMBLING (SIZE 1 h, GRACE PERIOD 500 ms)")
                .window();
        assertEquals(new Window.Tumbling(0, 3_600_000, 0, 500), window);
    }

    @Test
    void shouldReadComputedColumnsAsTheirExpressions() {
        SourceInput input = Script.input("SELECT total FROM trades WHERE total > 10");
        assertEquals(List.of(2, 3), input.columns());
        assertEquals("GREATER(MULTIPLY($0, CAST($1 AS DECIMAL(10, 0))), 1000)",
                ((Step.Filter) input.steps().getFirst()).condition().toString());
    }

    @Test
    void shouldReadThroughViewsAndSubqueriesInOneGo() {
        JobPlan plan = Script.plan("CREATE VIEW dear (s, at) AS (SELECT symbol, ts FROM trades WHERE price > 9);"
                + "SELECT s, COUNT(*) FROM (SELECT s, at FROM dear WHERE s <> 'x') WINDOW TUMBLING (SIZE 5 s) GROUP BY s");
        SourceInput input = (SourceInput) plan.stages().getFirst().inputs().getFirst();
        assertEquals(2, input.steps().size());
        assertEquals("AND(GREATER($1, 9.00), NOT_EQUAL($0, 'x'))",
                ((Step.Filter) input.steps().getFirst()).condition().toString());
    }

    @Test
    void shouldReadACommonTableExpression() {
        assertEquals(List.of(0), Script.input("WITH t AS (SELECT * FROM trades) SELECT symbol FROM t").columns());
    }

    @Test
    void shouldFollowTheNameOfTheEventTimeThroughAView() {
        JobPlan plan = Script.plan("CREATE VIEW v AS SELECT symbol, ts AS at FROM trades;"
                + "SELECT COUNT(*) FROM v WINDOW TUMBLING (SIZE 5 s)");
        SourceInput input = (SourceInput) plan.stages().getFirst().inputs().getFirst();
        assertEquals("$0", input.eventTime().rowTime().toString());
    }

    @Test
    void shouldSortNullsFirstAscendingAndLastDescendingUnlessSaid() {
        Target.Client target = (Target.Client) Script.plan(
                "SELECT symbol, n, price FROM past ORDER BY n, symbol DESC, price NULLS LAST LIMIT 7 OFFSET 2")
                .target();
        assertEquals(
                new ResultOrder(
                        List.of(
                                new ResultOrder.Key(1, false, true), new ResultOrder.Key(0, true, false),
                                new ResultOrder.Key(2, false, false)),
                        2, 7),
                target.order());
    }

    @Test
    void shouldTakePartitionsFromSet() {
        assertEquals(3, Script.plan("SET 'partitions' = '3'; SELECT symbol, COUNT(*) FROM trades GROUP BY symbol")
                .stages().getFirst().partitions());
        assertEquals(1, Script.plan("SET 'partitions' = '3'; SELECT COUNT(*) FROM trades")
                .stages().getFirst().partitions());
    }

    @Test
    void shouldNameJobsAfterTheirTableOnce() {
        List<PlannedStatement> statements = new Script().run(
                "INSERT INTO shown SELECT symbol, 1 FROM trades; INSERT INTO shown SELECT symbol, 2 FROM trades;"
                        + "SET 'job.name' = 'mine'; INSERT INTO shown SELECT symbol, 3 FROM trades;"
                        + "INSERT INTO shown SELECT symbol, 4 FROM trades; SELECT symbol FROM trades");
        List<String> names = statements.stream().filter(PlannedStatement.Job.class::isInstance)
                .map(job -> ((PlannedStatement.Job) job).plan().name()).toList();
        assertEquals(List.of("shown", "shown-2", "mine", "shown-3", ""), names);
    }

    @Test
    void shouldMakeATableOfAQueryWithItsJob() {
        List<PlannedStatement> statements = new Script().run(
                "CREATE STREAM counts WITH ('connector' = 'any', 'partitions' = '2') AS "
                        + "SELECT symbol, COUNT(*) AS n FROM trades GROUP BY symbol; SELECT * FROM trades");
        JobPlan plan = ((PlannedStatement.Job) statements.getFirst()).plan();
        assertEquals("counts", plan.name());
        assertTrue(plan.updating());
        assertEquals(2, plan.stages().getFirst().partitions());
        assertEquals("{connector=any}", ((Target.Table) plan.target()).table().options().toString());
        assertFalse(((PlannedStatement.Job) statements.getLast()).plan().options().containsKey("partitions"));
    }

    @Test
    void shouldTellTheConnectorWhatMetadataColumnsHold() {
        String table = "CREATE TABLE records (id BIGINT, `offset` BIGINT METADATA VIRTUAL, "
                + "at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp', name STRING) WITH ('connector' = 'memory');";
        TableDefinition read = Script.input(table + "SELECT at, `offset` FROM records").table();
        assertEquals(Map.of("offset", "offset", "at", "timestamp"), read.metadata());
        assertEquals(4, read.schema().size());

        TableDefinition written =
                ((Target.Table) Script.plan(table + "INSERT INTO records SELECT id, at, name FROM records").target())
                        .table();
        assertEquals(Map.of("at", "timestamp"), written.metadata());
        assertEquals(
                List.of("id", "at", "name"), written.schema().columns().stream().map(Column::name).toList());
        PlannedStatement.Rows described = (PlannedStatement.Rows) Script.last(table + "DESCRIBE records");
        assertEquals("metadata timestamp", described.rows().get(2).get(2));
    }

    @Test
    void shouldTakeAKeyThatTellsTheGroupsApart() {
        String table = "CREATE TABLE x (q BIGINT, w TIMESTAMP(3), n BIGINT, PRIMARY KEY (q, w) NOT ENFORCED)"
                + " WITH ('connector' = 'memory', 'changes' = 'UPSERT_DELETE'); INSERT INTO x ";
        assertTrue(Script.plan(table + "SELECT quantity, window_start, COUNT(*) FROM trades"
                + " WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY quantity EMIT CHANGES").updating());
        // One partition alone has nobody to race with.
        assertEquals(1, Script.plan("SET 'partitioning' = 'fan_in'; INSERT INTO upserted"
                + " SELECT symbol, COUNT(*) FROM trades GROUP BY symbol, trader").stages().getFirst().partitions());
    }

    @Test
    void shouldMakeOneJobOfAStatementSet() {
        PlannedStatement.Job job = (PlannedStatement.Job) Script.last("""
                BEGIN STATEMENT SET;
                INSERT INTO appended SELECT symbol, quantity FROM trades;
                INSERT INTO upserted SELECT symbol, COUNT(*) FROM trades GROUP BY symbol;
                END""");
        JobPlan plan = job.plan();
        assertEquals("appended", plan.name());
        assertTrue(plan.sql().startsWith("BEGIN STATEMENT SET;"));
        assertTrue(plan.updating());
        assertEquals(List.of(0, 1), plan.stages().stream().map(Stage::index).toList());
        assertEquals(List.of("appended", "upserted"), plan.stages().stream()
                .map(stage -> ((Target.Table) stage.target()).table().name()).toList());
        assertEquals("""
                job appended: 2 INSERTs side by side; a table that several of them read is read once

                INSERT INTO appended (memory): appends
                  guarantee: exactly-once
                  stage 0: 8 partitions
                    exchange round_robin
                      project symbol, CAST(quantity AS BIGINT) AS n
                      source trades (memory, unbounded): symbol, quantity

                INSERT INTO upserted (memory): upserts by symbol
                  guarantee: exactly-once
                  stage 1: 8 partitions
                    project symbol, EXPR$1 AS n
                    aggregate by symbol: COUNT(*) AS EXPR$1
                      emit: every change
                      state: one group per key, without a bound; a window or 'state.ttl' bounds it
                    exchange always_hash by symbol
                      pre-aggregation: none, every row gives a change
                      source trades (memory, unbounded): symbol""", job.explanation());
    }

    @Test
    void shouldExplainAStatementSetAndLeaveItsNameFree() {
        String set = "EXECUTE STATEMENT SET BEGIN INSERT INTO appended SELECT symbol, quantity FROM trades; END";
        PlannedStatement.Job job = (PlannedStatement.Job) Script.last("EXPLAIN " + set + "; " + set);
        assertEquals("appended", job.plan().name());
        PlannedStatement.Text text = (PlannedStatement.Text) Script.last("EXPLAIN " + set);
        assertEquals(job.explanation(), text.text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"',
            textBlock = """
                    'watermark.max_out_of_orderness' = '90s' | ts - INTERVAL '90' SECOND
                    'watermark.max_out_of_orderness' = '1500 ms', 'watermark.strategy' = 'bounded_out_of_orderness' | ts - INTERVAL '1.500' SECOND
                    'watermark.max_out_of_orderness' = '14 days' | ts - INTERVAL '1209600' SECOND
                    'watermark.strategy' = 'ascending', 'event.time.format' = 'epoch_millis', 'late.data.strategy' = 'drop' | ts
                    """)
    void shouldMakeAWatermarkOfOptionsOfEventTime(String options, String watermark) {
        PlannedStatement.Rows rows = (PlannedStatement.Rows) Script.last(
                "CREATE TABLE x (a STRING, ts TIMESTAMP(3)) WITH ('connector' = 'memory', 'event.time.field' = 'ts', "
                        + options + "); DESCRIBE x");
        assertEquals("watermark " + watermark, rows.rows().get(1).get(2));
    }

    @Test
    void shouldLeaveJobsToTheCaller() {
        assertEquals(
                new PlannedStatement.JobControl(JobAction.STOP, false, "j", null, Map.of(), new SourceSpan(1, 10, 1)),
                Script.last("STOP JOB j"));
        assertEquals(new PlannedStatement.ShowJobs(JobView.JOBS, null, new SourceSpan(1, 6, 4)),
                Script.last("SHOW JOBS"));
    }

    @Test
    void shouldShowHowTablesAndViewsWereMade() {
        String table = "CREATE TABLE x (a INT)\n  WITH ('connector' = 'memory')";
        assertEquals(new PlannedStatement.Text(table), Script.last(table + "; SHOW CREATE TABLE x"));
        assertEquals(new PlannedStatement.Text("CREATE VIEW `v` (`a`, `b c`) AS SELECT symbol, n FROM past"),
                Script.last("CREATE VIEW v (a, `b c`) AS SELECT symbol, n FROM past; SHOW CREATE VIEW v"));
    }

    @Test
    void shouldShowFunctions() {
        PlannedStatement.Rows rows = (PlannedStatement.Rows) Script.last("SHOW FUNCTIONS");
        assertTrue(rows.rows().contains(List.<Object>of("COUNT")));
        assertTrue(rows.rows().contains(List.<Object>of("DATE_FORMAT")));
    }

    @Test
    void shouldNameJobsOfCreateAsOnce() {
        List<PlannedStatement> statements = new Script().run(
                "SET 'job.name' = 'all'; CREATE TABLE a WITH ('connector' = 'any', 'job.name' = 'own') AS"
                        + " SELECT symbol FROM trades; CREATE TABLE b WITH ('connector' = 'any', 'job.name' = 'own') AS"
                        + " SELECT symbol FROM trades; INSERT INTO b SELECT symbol FROM trades");
        List<String> names = statements.stream().filter(PlannedStatement.Job.class::isInstance)
                .map(job -> ((PlannedStatement.Job) job).plan().name()).toList();
        assertEquals(List.of("own", "own-2", "b"), names);
    }

    @Test
    void shouldFillWhatAnInsertLeavesOutWithNull() {
        Step.Project project = (Step.Project) Script.input("INSERT INTO shown (n) SELECT quantity FROM trades").steps()
                .getFirst();
        assertEquals(Literal.nullOf(SqlType.STRING), project.expressions().getFirst());
    }

    @Test
    void shouldComputeAQueryWithoutATable() {
        PlannedStatement.Rows rows = (PlannedStatement.Rows) Script.last(
                "SELECT 1 + 1 AS a, UPPER('x') || 'y' AS b, CAST('1.25' AS DECIMAL(38, 2)) AS c, CAST(NULL AS INT) AS d");
        assertEquals(List.of(Arrays.asList(2L, "Xy", new BigDecimal("1.25"), null)), rows.rows());
        MillraceException failed = assertThrows(MillraceException.class, () -> Script.last("SELECT 1 / 0"));
        assertEquals(ErrorCode.DIVISION_BY_ZERO, failed.code());
    }

    @Test
    void shouldGiveTheRowsOfValuesAtOnce() {
        PlannedStatement.Rows rows = (PlannedStatement.Rows) Script.last("VALUES (1, 'a', 2.50), (2, 'b', 3)");
        assertEquals("[[1, a, 2.50], [2, b, 3.00]]", rows.rows().toString());
    }

    @Test
    void shouldTakeTheColumnsOfAConnectorThatHasItsOwn() {
        assertEquals(List.of(1), Script.input(
                "CREATE TABLE f (WATERMARK FOR ts AS ts) WITH ('connector' = 'fixed'); SELECT ts FROM f").columns());
    }

    @Test
    void shouldWarnOfOptionsOfOtherSystems() {
        PlannedStatement.Done done =
                (PlannedStatement.Done) Script.last("SET 'table.exec.spill-compression.enabled' = 'true'");
        assertEquals(
                List.of("option 'table.exec.spill-compression.enabled' has no meaning in Millrace and is left out"),
                done.warnings());
    }

    @Test
    void shouldPlanTheSameTextAlike() {
        String query = "SELECT symbol, COUNT(*) FROM trades WHERE price > 1 GROUP BY symbol";
        assertEquals(Script.plan(query), Script.plan(query));
    }
}
