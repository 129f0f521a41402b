// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.SourceSpan;
import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSelect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptParserTest {
    private static SqlNode tree(String text) {
        return ((Statement.Sql) ScriptParser.parse(text).getFirst().statement()).tree();
    }

    @Test
    void shouldSplitAtSemicolonsOutsideOfQuotesAndComments() {
        List<ParsedStatement> statements = ScriptParser.parse("""
                -- first; comment
                SELECT 'a;b' FROM `t;u`; /* second;
                comment */

                  SET 'k' = 'v;w';;
                """);
        assertEquals(2, statements.size());
        assertEquals("SELECT 'a;b' FROM `t;u`", statements.get(0).text());
        assertEquals(new SourceSpan(2, 1, 6), statements.get(0).position());
        assertEquals("SET 'k' = 'v;w'", statements.get(1).text());
        assertEquals(new SourceSpan(5, 3, 3), statements.get(1).position());
    }

    @Test
    void shouldGiveNoStatementForBlanksAndComments() {
        assertEquals(List.of(), ScriptParser.parse(" \n-- nothing\n/* here */ ;"));
    }

    @Test
    void shouldCountPositionsFromTheStartOfTheScript() {
        SqlNode tree =
                ((Statement.Sql) ScriptParser.parse("SHOW TABLES;\n  SELECT a FROM b").get(1).statement()).tree();
        assertEquals(2, tree.getParserPosition().getLineNum());
        assertEquals(3, tree.getParserPosition().getColumnNum());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SET 'a.b' = '1 s'", "set a.b = 1 s", "SET `a.b`='1 s'"})
    void shouldReadOptionsHoweverTheyAreQuoted(String text) {
        Statement.SetOption set = (Statement.SetOption) ScriptParser.parse(text).getFirst().statement();
        assertEquals("a.b", set.key());
        assertEquals("1 s", set.value());
    }

    @Test
    void shouldReadTheSimpleStatements() {
        assertEquals(new Statement.ResetOption("k", new SourceSpan(1, 7, 3)), statement("RESET 'k'"));
        assertNull(((Statement.ResetOption) statement("RESET")).key());
        assertInstanceOf(Statement.ShowOptions.class, statement("SET"));
        assertEquals(new Statement.Show(Statement.Show.Kind.VIEWS), statement("show views"));
        assertEquals(new Statement.Describe("t", new SourceSpan(1, 10, 1)), statement("DESCRIBE t"));
        assertEquals(new Statement.Drop(true, true, "v w", new SourceSpan(1, 21, 5)),
                statement("DROP VIEW IF EXISTS `v w`"));
        assertFalse(((Statement.Drop) statement("DROP STREAM s")).view());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT x FROM t; INSERT INTO b SELECT y FROM t; END; SET",
        "BEGIN STATEMENT SET; INSERT INTO a SELECT x FROM t; INSERT INTO b SELECT y FROM t; END; SET",
        "EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT x FROM t; INSERT INTO b SELECT y FROM t; END; SET",
        "EXPLAIN EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT x FROM t; INSERT INTO b SELECT y FROM t; END; SET",
        "statement set begin insert into a select x from t; insert into b select y from t; end; SET"})
    void shouldReadAStatementSet(String text) {
        List<ParsedStatement> statements = ScriptParser.parse(text);
        assertEquals(2, statements.size());
        assertEquals(text.substring(0, text.indexOf("; SET")), statements.getFirst().text());
        List<ParsedStatement> inserts = ((Statement.StatementSet) statements.getFirst().statement()).inserts();
        assertEquals(2, inserts.size());
        assertEquals(text.startsWith("EXPLAIN"),
                ((Statement.StatementSet) statements.getFirst().statement()).explained());
        assertInstanceOf(SqlInsert.class, ((Statement.Sql) inserts.getLast().statement()).tree());
        assertEquals(text.lastIndexOf(inserts.getLast().text()) + 1, inserts.getLast().position().column());
    }

    @Test
    void shouldReadStatementsAboutJobs() {
        assertEquals(new Statement.JobControl(JobAction.PAUSE, false, "j", null, new SourceSpan(1, 11, 1)),
                statement("PAUSE JOB j"));
        assertEquals(new Statement.JobControl(JobAction.RESUME, false, "my job", null, new SourceSpan(1, 12, 8)),
                statement("resume job `my job`"));
        assertEquals(new Statement.JobControl(JobAction.STOP, false, "counts-2", null, new SourceSpan(1, 10, 8)),
                statement("STOP JOB counts-2"));
        assertEquals(new Statement.JobControl(JobAction.DROP, false, "my job", null, new SourceSpan(1, 10, 8)),
                statement("DROP JOB 'my job'"));
        assertEquals(new Statement.JobControl(JobAction.DROP, true, "counts-2", null, new SourceSpan(1, 20, 8)),
                statement("DROP JOB IF EXISTS counts-2"));
        assertEquals(new Statement.JobControl(JobAction.STOP, false, "j", "s 1", new SourceSpan(1, 10, 1)),
                statement("STOP JOB j WITH SAVEPOINT 's 1'"));
        assertEquals(new Statement.JobControl(
                JobAction.CREATE_SAVEPOINT, false, "counts-2", "s", new SourceSpan(1, 30, 8)),
                statement("CREATE SAVEPOINT 's' FOR JOB counts-2"));
        assertEquals(new Statement.JobControl(JobAction.DROP_SAVEPOINT, false, "j", "s", new SourceSpan(1, 26, 1)),
                statement("DROP SAVEPOINT s FOR JOB j"));
        assertEquals(new Statement.AlterJob("j", List.of(
                new Statement.SetOption("partitions", new SourceSpan(1, 18, 12), "8", new SourceSpan(1, 33, 1)),
                new Statement.SetOption("guarantee", new SourceSpan(1, 36, 11), "x", new SourceSpan(1, 50, 3))),
                new SourceSpan(1, 11, 1)),
                statement("ALTER JOB j SET ('partitions' = 8, 'guarantee' = 'x')"));
        assertEquals(new Statement.ExplainUpgrade("j", new SourceSpan(1, 21, 1)),
                statement("EXPLAIN UPGRADE JOB j"));
        assertEquals(new Statement.ShowJobs(JobView.SAVEPOINTS, "j", new SourceSpan(1, 25, 1)),
                statement("SHOW SAVEPOINTS FOR JOB j"));
        assertEquals(new Statement.ShowJobs(JobView.JOBS, null, new SourceSpan(1, 6, 4)), statement("SHOW JOBS"));
        assertEquals(new Statement.ShowJobs(JobView.PARTITIONS, "j", new SourceSpan(1, 25, 1)),
                statement("SHOW PARTITIONS FOR JOB j"));
        assertEquals(new Statement.ShowJobs(JobView.WATERMARKS, "j", new SourceSpan(1, 25, 1)),
                statement("SHOW WATERMARKS FOR JOB j"));
        assertEquals(new Statement.ShowCreate("t", new SourceSpan(1, 19, 1)), statement("SHOW CREATE TABLE t"));
    }

    private static Statement statement(String text) {
        return ScriptParser.parse(text).getFirst().statement();
    }

    @Test
    void shouldReadATableWithAllItsParts() {
        SqlCreateTable table = (SqlCreateTable) tree("""
                CREATE TEMPORARY STREAM IF NOT EXISTS `my table` (
                  id BIGINT NOT NULL COMMENT 'the key',
                  at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
                  name STRING,
                  twice AS id * 2,
                  WATERMARK FOR at AS at - INTERVAL '5' SECOND,
                  PRIMARY KEY (id) NOT ENFORCED
                ) COMMENT 'all' PARTITIONED BY (name) WITH ('connector' = 'x', 'rows' = 10)""");
        assertTrue(table.temporary());
        assertTrue(table.stream());
        assertTrue(table.ifNotExists());
        assertEquals("my table", table.name().getSimple());
        assertEquals(6, table.elements().size());
        ColumnDefinition id = (ColumnDefinition) table.elements().get(0);
        assertFalse(id.nullable());
        assertEquals("the key", id.comment());
        ColumnDefinition at = (ColumnDefinition) table.elements().get(1);
        assertTrue(at.metadata() && at.virtual());
        assertEquals("timestamp", at.metadataKey());
        assertTrue(((ColumnDefinition) table.elements().get(3)).isComputed());
        assertInstanceOf(WatermarkDefinition.class, table.elements().get(4));
        assertFalse(((PrimaryKeyDefinition) table.elements().get(5)).enforced());
        assertEquals("all", table.comment());
        assertEquals(1, table.partitionedBy().size());
        assertEquals("10", table.options().get(1).value());
        assertNull(table.query());
    }

    @Test
    void shouldReadATableOfAQueryWithOptionsBeforeOrBehindIt() {
        for (String text : List.of("CREATE TABLE t WITH ('a' = 'b') AS SELECT x FROM y EMIT CHANGES",
                "CREATE TABLE t AS SELECT x FROM y EMIT CHANGES WITH ('a' = 'b')")) {
            SqlCreateTable table = (SqlCreateTable) tree(text);
            assertEquals(1, table.options().size());
            assertEquals(EmitClause.Mode.CHANGES, ((SqlQueryStatement) table.query()).emit().mode());
        }
    }

    @Test
    void shouldReadEmitBehindAQueryAndAnInsert() {
        SqlQueryStatement query = (SqlQueryStatement) tree("SELECT a FROM t EMIT FINAL");
        assertEquals(EmitClause.Mode.FINAL, query.emit().mode());
        SqlInsert insert = (SqlInsert) tree("INSERT INTO t (a, b) SELECT a, b FROM u GROUP BY a, b EMIT CHANGES");
        assertEquals(EmitClause.Mode.CHANGES, ((SqlQueryStatement) insert.getSource()).emit().mode());
        assertEquals(2, insert.getTargetColumnList().size());
        assertEquals("late", ((SqlQueryStatement) tree("SELECT a FROM t LATE INTO late")).lateTable().getSimple());
    }

    @Test
    void shouldReadExplainWithAndWithoutPlanFor() {
        assertInstanceOf(SqlSelect.class, ((SqlExplainStatement) tree("EXPLAIN SELECT a FROM t")).statement());
        assertInstanceOf(SqlInsert.class,
                ((SqlExplainStatement) tree("explain plan for insert into t select a from u")).statement());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "TUMBLING (SIZE 90 SECONDS)", "TUMBLING (90s)", "tumbling(size 90 second)", "TUMBLING (INTERVAL '90' SECOND)",
        "TUMBLING (ts, INTERVAL '90' SECOND)", "TUMBLING (t.ts, 90 s)", "TUMBLING (SIZE 90 SECONDS, GRACE PERIOD 5 s)",
        "TUMBLING (ts, 90s, GRACE PERIOD 5 s)"})
    void shouldReadATumblingWindowInEverySpelling(String window) {
        for (String query : List.of("SELECT a FROM t WINDOW " + window + " GROUP BY a",
                "SELECT a FROM t WHERE a > 1 GROUP BY a WINDOW " + window + " HAVING COUNT(*) > 1")) {
            SqlSelect select = (SqlSelect) tree(query);
            SqlGroupWindow clause = (SqlGroupWindow) select.getGroup().get(1);
            assertEquals(SqlGroupWindow.Kind.TUMBLING, clause.kind());
            assertEquals("INTERVAL '90' SECOND", clause.durations().getFirst().toString());
            assertEquals(window.contains("ts,"), clause.time() != null);
            assertEquals(window.contains("GRACE"), clause.grace() != null);
        }
    }

    @Test
    void shouldReadTheOtherWindows() {
        assertEquals(SqlGroupWindow.Kind.HOPPING, window("HOPPING (SIZE 1 MINUTE, ADVANCE BY 10 SECONDS)").kind());
        assertEquals(2, window("SLIDING(ts, 5m, 1m)").durations().size());
        assertEquals(SqlGroupWindow.Kind.SESSION, window("SESSION (30 SECONDS)").kind());
    }

    private static SqlGroupWindow window(String text) {
        return (SqlGroupWindow) ((SqlSelect) tree("SELECT a FROM t WINDOW " + text)).getGroup().get(0);
    }

    @Test
    void shouldStillReadNamedWindowsOfOver() {
        SqlSelect select = (SqlSelect) tree("SELECT SUM(a) OVER w FROM t WINDOW w AS (PARTITION BY b ORDER BY c)");
        assertEquals(1, select.getWindowList().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"emit", "changes", "string", "watermark", "metadata", "grace", "late", "tumbling", "comment",
                "start",
                "result", "at"})
    void shouldKeepTheWordsOfTheDialectUsableAsNames(String word) {
        SqlSelect select = (SqlSelect) tree("SELECT " + word + ", t." + word + " FROM t AS " + word);
        assertEquals(word, ((SqlIdentifier) select.getSelectList().get(0)).getSimple());
    }

    @Test
    void shouldKeepTheCaseOfNames() {
        SqlSelect select = (SqlSelect) tree("select MixedCase, `With Space` from T");
        assertEquals("MixedCase", select.getSelectList().get(0).toString());
        assertEquals("With Space", ((SqlIdentifier) select.getSelectList().get(1)).getSimple());
    }
}
