// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Errors of SQL text and of planning, letter by letter: code, place, caret, reason, way out. */
class ErrorTextTest {
    @Test
    void shouldNameTheNearestColumn() {
        assertEquals(
                """
                        MR-1042  column "prcie" not found
                          line 2, column 12:   SUM(prcie)
                                                   ^^^^^
                          did you mean "price"? columns of trades: symbol, trader, price, quantity, amount, ts, flag, total""",
                Script.error("""
                        SELECT symbol,
                               SUM(prcie)
                        FROM trades GROUP BY symbol"""));
    }

    @Test
    void shouldNameTheNearestTable() {
        assertEquals(
                """
                        MR-1040  table "trade" not found
                          line 1, column 20:   SELECT symbol FROM trade
                                                                  ^^^^^
                          did you mean "trades"? tables: appended, bare, past, plain, shown, trades, upserted""",
                Script.error("""
                        SELECT symbol FROM trade"""));
    }

    @Test
    void shouldSayThatNothingIsCalledSo() {
        assertEquals(
                """
                        MR-1040  table "zebra" not found
                          line 1, column 20:   SELECT symbol FROM zebra
                                                                  ^^^^^
                          tables: appended, bare, past, plain, shown, trades, upserted""",
                Script.error("""
                        SELECT symbol FROM zebra"""));
    }

    @Test
    void shouldNameTheNearestFunction() {
        assertEquals(
                """
                        MR-1044  function "SUMM" not found
                          line 1, column 8:   SELECT SUMM(price) FROM trades
                                                     ^^^^^^^^^^^
                          did you mean SUM?""",
                Script.error("""
                        SELECT SUMM(price) FROM trades"""));
    }

    @Test
    void shouldSayWhichFunctionsAreYetToCome() {
        assertEquals(
                """
                        MR-1002  function STDDEV_POP is not supported yet
                          line 1, column 8:   SELECT STDDEV_POP(price) FROM trades
                                                     ^^^^^^^^^^^^^^^^^""",
                Script.error("""
                        SELECT STDDEV_POP(price) FROM trades"""));
    }

    @Test
    void shouldRefuseTheWrongNumberOfArguments() {
        assertEquals(
                """
                        MR-1044  UPPER does not take this number of arguments
                          line 1, column 8:   SELECT UPPER(symbol, 3) FROM trades
                                                     ^^^^^^^^^^^^^^^^
                          UPPER takes 1""",
                Script.error("""
                        SELECT UPPER(symbol, 3) FROM trades"""));
    }

    @Test
    void shouldSayWhatAnIdleTimeoutNeeds() {
        assertEquals(
                """
                        MR-2002  option 'scan.watermark.idle-timeout' says how long a WATERMARK waits, and table "t" has none
                          line 2, column 31:   WITH ('connector' = 'memory', 'scan.watermark.idle-timeout' = '1 s')
                                                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                          leave it out, or add: WATERMARK FOR t AS t - INTERVAL '5' SECOND""",
                Script.error("""
                        CREATE TABLE t (a BIGINT)
                        WITH ('connector' = 'memory', 'scan.watermark.idle-timeout' = '1 s')"""));
        assertEquals(
                """
                        MR-2002  'soon' is not a value of option 'scan.watermark.idle-timeout'
                          line 2, column 63:   WITH ('connector' = 'memory', 'scan.watermark.idle-timeout' = 'soon')
                                                                                                             ^^^^^^
                          it takes: a duration, such as '30 s'""",
                Script.error("""
                        CREATE TABLE t (a TIMESTAMP(3), WATERMARK FOR a AS a)
                        WITH ('connector' = 'memory', 'scan.watermark.idle-timeout' = 'soon')"""));
    }

    @Test
    void shouldSayWhatAnOperatorTakes() {
        assertEquals(
                """
                        MR-1045  "*" can't be applied to BOOLEAN * INTEGER
                          line 1, column 8:   SELECT flag * 2 FROM trades
                                                     ^^^^^^^^
                          it takes: NUMERIC * NUMERIC, DATETIME_INTERVAL * NUMERIC, NUMERIC * DATETIME_INTERVAL""",
                Script.error("""
                        SELECT flag * 2 FROM trades"""));
    }

    @Test
    void shouldSayWhatIsNotGrouped() {
        assertEquals(
                """
                        MR-1046  "price" is neither in GROUP BY nor aggregated
                          line 1, column 8:   SELECT price, COUNT(*) FROM trades GROUP BY symbol
                                                     ^^^^^
                          add it to GROUP BY, or take one value per group: MAX(price)""",
                Script.error("""
                        SELECT price, COUNT(*) FROM trades GROUP BY symbol"""));
    }

    @Test
    void shouldRefuseAnAggregateInWhere() {
        assertEquals(
                """
                        MR-1048  WHERE is about rows, before they are aggregated
                          line 1, column 33:   SELECT symbol FROM trades WHERE COUNT(*) > 3
                                                                               ^^^^^^^^
                          use HAVING for conditions on aggregates""",
                Script.error("""
                        SELECT symbol FROM trades WHERE COUNT(*) > 3"""));
    }

    @Test
    void shouldRefuseAnAggregateInAnAggregate() {
        assertEquals(
                """
                        MR-1048  an aggregate can't stand inside another
                          line 1, column 8:   SELECT SUM(COUNT(*)) FROM trades
                                                     ^^^^^^^^^^^^^
                          aggregate the result of a subquery""",
                Script.error("""
                        SELECT SUM(COUNT(*)) FROM trades"""));
    }

    @Test
    void shouldWantAConditionInWhere() {
        assertEquals(
                """
                        MR-1045  WHERE takes a condition (BOOLEAN)
                          line 1, column 33:   SELECT symbol FROM trades WHERE quantity
                                                                               ^^^^^^^^""",
                Script.error("""
                        SELECT symbol FROM trades WHERE quantity"""));
    }

    @Test
    void shouldRefuseACastThatMakesNoSense() {
        assertEquals(
                """
                        MR-1045  a TIMESTAMP(3) can't be cast to BOOLEAN
                          line 1, column 8:   SELECT CAST(ts AS BOOLEAN) FROM trades
                                                     ^^^^^^^^^^^^^^^^^^^""",
                Script.error("""
                        SELECT CAST(ts AS BOOLEAN) FROM trades"""));
    }

    @Test
    void shouldNameTheColumnsOfASubquery() {
        assertEquals(
                """
                        MR-1042  column "kost" not found
                          line 1, column 73:   SELECT symbol FROM (SELECT symbol, price AS cost FROM trades) t WHERE t.kost > 1
                                                                                                                       ^^^^
                          did you mean "cost"? columns of t: symbol, cost""",
                Script.error("""
                        SELECT symbol FROM (SELECT symbol, price AS cost FROM trades) t WHERE t.kost > 1"""));
    }

    @Test
    void shouldFindAMisspeltKeywordThatReadsAsAnAlias() {
        assertEquals(
                """
                        MR-1001  "trades" is not expected here
                          line 1, column 20:   SELECT symbol FORM trades
                                                                  ^^^^^^
                          did you mean FROM where "FORM" stands?""",
                Script.error("""
                        SELECT symbol FORM trades"""));
    }

    @Test
    void shouldFindAMisspeltFirstWord() {
        assertEquals(
                """
                        MR-1001  no statement starts with "SELCT"
                          line 1, column 1:   SELCT symbol FROM trades
                                              ^^^^^
                          did you mean "SELECT"? statements start with: CREATE, INSERT, SELECT, WITH, VALUES, EXECUTE, SET, RESET, EXPLAIN, SHOW, DESCRIBE, DROP, PAUSE, RESUME, STOP, ALTER""",
                Script.error("""
                        SELCT symbol FROM trades"""));
    }

    @Test
    void shouldFindAMisspeltQueryOfAnInsert() {
        assertEquals(
                """
                        MR-1001  a query is expected here
                          line 1, column 22:   INSERT INTO appended SELCT symbol FROM trades
                                                                    ^^^^^
                          did you mean SELECT?""",
                Script.error("""
                        INSERT INTO appended SELCT symbol FROM trades"""));
    }

    @Test
    void shouldSayThatAStatementEndsTooEarly() {
        assertEquals(
                """
                        MR-1001  the statement ends too early
                          line 1, column 31:   SELECT symbol FROM trades WHERE
                                                                             ^""",
                Script.error("""
                        SELECT symbol FROM trades WHERE"""));
    }

    @Test
    void shouldPointBehindACommaThatIsTooMuch() {
        assertEquals(
                """
                        MR-1001  "FROM" is not expected after ","
                          line 1, column 16:   SELECT symbol, FROM trades
                                                              ^^^^""",
                Script.error("""
                        SELECT symbol, FROM trades"""));
    }

    @Test
    void shouldPointBehindGroupWithoutBy() {
        assertEquals(
                """
                        MR-1001  "symbol" is not expected after "GROUP"
                          line 1, column 33:   SELECT symbol FROM trades GROUP symbol
                                                                               ^^^^^^""",
                Script.error("""
                        SELECT symbol FROM trades GROUP symbol"""));
    }

    @Test
    void shouldExplainHowNamesAreQuoted() {
        assertEquals(
                """
                        MR-1001  a double quote is not expected here
                          line 1, column 8:   SELECT "symbol" FROM trades
                                                     ^
                          names are quoted with `back quotes`, strings with 'single quotes'""",
                Script.error("""
                        SELECT "symbol" FROM trades"""));
    }

    @Test
    void shouldFindTheStartOfAStringWithoutEnd() {
        assertEquals(
                """
                        MR-1001  this string has no end
                          line 1, column 8:   SELECT 'abc FROM trades
                                                     ^
                          end it with '""",
                Script.error("""
                        SELECT 'abc FROM trades"""));
    }

    @Test
    void shouldCountLinesOverStatementsAndComments() {
        assertEquals(
                """
                        MR-1042  column "nothing" not found
                          line 3, column 19:   another */ SELECT nothing FROM trades
                                                                 ^^^^^^^
                          columns of trades: symbol, trader, price, quantity, amount, ts, flag, total""",
                Script.error("""
                        -- a comment; with a semicolon
                        SHOW TABLES; /* and
                        another */ SELECT nothing FROM trades"""));
    }

    @Test
    void shouldRefuseJoins() {
        assertEquals(
                """
                        MR-1002  joins are not supported yet
                          line 1, column 36:   SELECT a.symbol FROM trades a JOIN past b ON a.symbol = b.symbol
                                                                                  ^^^^^^
                          read one table per query""",
                Script.error("""
                        SELECT a.symbol FROM trades a JOIN past b ON a.symbol = b.symbol"""));
    }

    @Test
    void shouldRefuseQueriesInExpressions() {
        assertEquals(
                """
                        MR-1002  a query inside an expression is not supported yet
                          line 1, column 46:   SELECT symbol FROM trades WHERE quantity IN (SELECT n FROM past)
                                                                                            ^^^^^^^^^^^^^^^^^^""",
                Script.error("""
                        SELECT symbol FROM trades WHERE quantity IN (SELECT n FROM past)"""));
    }

    @Test
    void shouldRefuseHoppingWindows() {
        assertEquals(
                """
                        MR-1002  HOPPING windows are not supported yet
                          line 1, column 37:   SELECT symbol, COUNT(*) FROM trades WINDOW HOPPING (SIZE 1 MINUTE, ADVANCE BY 10 SECONDS) GROUP BY symbol
                                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                          use a tumbling window: WINDOW TUMBLING (SIZE 1 MINUTE)""",
                Script.error(
                        """
                                SELECT symbol, COUNT(*) FROM trades WINDOW HOPPING (SIZE 1 MINUTE, ADVANCE BY 10 SECONDS) GROUP BY symbol"""));
    }

    @Test
    void shouldRefuseAggregatesOfAggregates() {
        assertEquals(
                """
                        MR-1002  an aggregation of an aggregated result is not supported yet
                          line 1, column 1:   SELECT MAX(n) FROM (SELECT symbol, COUNT(*) AS n FROM trades GROUP BY symbol)
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^""",
                Script.error("""
                        SELECT MAX(n) FROM (SELECT symbol, COUNT(*) AS n FROM trades GROUP BY symbol)"""));
    }

    @Test
    void shouldRefuseToAlterWhatAJobIsPlannedWith() {
        assertEquals(
                """
                        MR-1002  option 'partitioning' of a job that there is can't be altered
                          line 1, column 18:   ALTER JOB j SET ('partitioning' = 'fan_in')
                                                                ^^^^^^^^^^^^^^
                          start another job with it, from a savepoint: SET 'savepoint' = 'j/…'""",
                Script.error("""
                        ALTER JOB j SET ('partitioning' = 'fan_in')"""));
        assertEquals(
                """
                        MR-2001  option 'partition' is not known
                          line 1, column 18:   ALTER JOB j SET ('partition' = '3')
                                                                ^^^^^^^^^^^
                          did you mean "partitions"? options of a job: allowed-lateness, backpressure, checkpoint.interval, emit.coalesce, guarantee, job.name, late.strategy, partitioning, partitions, pre-aggregation, savepoint, savepoint.allow-loss, savepoint.allow-repeats, state.ttl, state.ttl.refresh, time-zone""",
                Script.error("""
                        ALTER JOB j SET ('partition' = '3')"""));
    }

    @Test
    void shouldSayWhatAStatementAboutSavepointsLacks() {
        assertEquals(
                """
                        MR-1001  the name of the savepoint is missing
                          line 1, column 22:   STOP JOB counts WITH SAVEPOINT
                                                                    ^^^^^^^^^
                          SAVEPOINT 's'""",
                Script.error("""
                        STOP JOB counts WITH SAVEPOINT"""));
        assertEquals(
                """
                        MR-1001  "a/b" can't be the name of a savepoint
                          line 1, column 18:   CREATE SAVEPOINT 'a/b' FOR JOB counts
                                                                ^^^^^
                          names are text in quotes, without slashes""",
                Script.error("""
                        CREATE SAVEPOINT 'a/b' FOR JOB counts"""));
        assertEquals(
                """
                        MR-1048  a SELECT has no job with state to compare with
                          line 1, column 1:   EXPLAIN UPGRADE SELECT COUNT(*) FROM trades
                                              ^^^^^^^
                          SET 'job.name' = 'j' or 'savepoint' = 'j/s' before it, or write INSERT INTO""",
                Script.error("""
                        EXPLAIN UPGRADE SELECT COUNT(*) FROM trades"""));
    }

    @Test
    void shouldSayWhatAStatementAboutJobsLacks() {
        assertEquals(
                """
                        MR-1001  found "counts" where JOB is expected
                          line 1, column 7:   PAUSE counts
                                                    ^^^^^^
                          PAUSE JOB j""",
                Script.error("""
                        PAUSE counts"""));
        assertEquals(
                """
                        MR-1001  PARTITIONS needs the name of a job
                          line 1, column 21:   SHOW PARTITIONS FOR JOB
                                                                   ^^^
                          SHOW JOBS names them""",
                Script.error("""
                        SHOW PARTITIONS FOR JOB"""));
    }

    @Test
    void shouldWantAWatermarkForAWindow() {
        assertEquals(
                """
                        MR-1060  the window has no time column: what it reads has no WATERMARK
                          line 1, column 36:   SELECT symbol, COUNT(*) FROM plain WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY symbol
                                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                          add WATERMARK FOR ts AS ts - INTERVAL '5' SECOND to CREATE TABLE,
                          or name the column: WINDOW TUMBLING (ts, INTERVAL '1' MINUTE)""",
                Script.error("""
                        SELECT symbol, COUNT(*) FROM plain WINDOW TUMBLING (SIZE 1 MINUTE) GROUP BY symbol"""));
    }

    @Test
    void shouldWantAWatermarkWhenTheInputNeverEnds() {
        assertEquals(
                """
                        MR-1060  table "plain" never ends and has no WATERMARK, so its windows would never close
                          line 1, column 1:   SELECT symbol, COUNT(*) FROM plain WINDOW TUMBLING (ts, INTERVAL '1' MINUTE) GROUP BY symbol
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                          add to CREATE TABLE: WATERMARK FOR ts AS ts - INTERVAL '5' SECOND""",
                Script.error(
                        """
                                SELECT symbol, COUNT(*) FROM plain WINDOW TUMBLING (ts, INTERVAL '1' MINUTE) GROUP BY symbol"""));
    }

    @Test
    void shouldRefuseAWindowOnATimeWithoutWatermark() {
        assertEquals(
                """
                        MR-1061  the window is on another time than the WATERMARK of table "trades"
                          line 1, column 1:   SELECT COUNT(*) FROM (SELECT ts + INTERVAL '1' HOUR AS later FROM trades) WINDOW TUMBLING (later, INTERVAL '1' MINUTE)
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                          use its event time: ts""",
                Script.error(
                        """
                                SELECT COUNT(*) FROM (SELECT ts + INTERVAL '1' HOUR AS later FROM trades) WINDOW TUMBLING (later, INTERVAL '1' MINUTE)"""));
    }

    @Test
    void shouldRefuseAWindowOnSomethingElseThanATime() {
        assertEquals(
                """
                        MR-1045  the time column of a window is a TIMESTAMP
                          line 1, column 46:   SELECT COUNT(*) FROM trades WINDOW TUMBLING (symbol, INTERVAL '1' MINUTE)
                                                                                            ^^^^^^""",
                Script.error("""
                        SELECT COUNT(*) FROM trades WINDOW TUMBLING (symbol, INTERVAL '1' MINUTE)"""));
    }

    @Test
    void shouldRefuseAnUnknownUnitOfTime() {
        assertEquals(
                """
                        MR-1001  unknown unit of time "FORTNIGHT"
                          line 1, column 51:   SELECT COUNT(*) FROM trades WINDOW TUMBLING (SIZE 1 FORTNIGHT)
                                                                                                 ^^^^^^^^^^^
                          units are ms, s, m, h, d, or SECOND, MINUTE, HOUR, DAY""",
                Script.error("""
                        SELECT COUNT(*) FROM trades WINDOW TUMBLING (SIZE 1 FORTNIGHT)"""));
    }

    @Test
    void shouldRefuseFinalResultsWithoutAnEnd() {
        assertEquals(
                """
                        MR-1062  EMIT FINAL waits for the end of the input, and this input never ends
                          line 1, column 53:   SELECT symbol, COUNT(*) FROM trades GROUP BY symbol EMIT FINAL
                                                                                                   ^^^^^^^^^^
                          group by a window as well: WINDOW TUMBLING (SIZE 1 MINUTE),
                          or ask for EMIT CHANGES""",
                Script.error("""
                        SELECT symbol, COUNT(*) FROM trades GROUP BY symbol EMIT FINAL"""));
    }

    @Test
    void shouldRefuseAnOrderWithoutAnEnd() {
        assertEquals(
                """
                        MR-1065  ORDER BY waits for the end of the input, and this input never ends
                          line 1, column 27:   SELECT symbol FROM trades ORDER BY symbol
                                                                         ^^^^^^^^^^^^^^^
                          order by the event time first, ascending: the column of the WATERMARK, or window_end of a window;
                          else leave out ORDER BY, or read a table that ends""",
                Script.error("""
                        SELECT symbol FROM trades ORDER BY symbol"""));
    }

    @Test
    void shouldRefuseALimitOfResultsThatChange() {
        assertEquals(
                """
                        MR-1062  LIMIT needs final results, and those of this query change for ever
                          line 1, column 1:   SELECT symbol, COUNT(*) FROM trades GROUP BY symbol LIMIT 3
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                          leave out LIMIT, or group by a window as well: WINDOW TUMBLING (SIZE 1 MINUTE)""",
                Script.error("""
                        SELECT symbol, COUNT(*) FROM trades GROUP BY symbol LIMIT 3"""));
    }

    @Test
    void shouldRefuseOrderedChanges() {
        assertEquals(
                """
                        MR-1062  ORDER BY and LIMIT need final results, EMIT CHANGES gives changes
                          line 1, column 67:   SELECT symbol, COUNT(*) AS n FROM past GROUP BY symbol ORDER BY n EMIT CHANGES
                                                                                                                 ^^^^^^^^^^^^
                          leave out EMIT CHANGES, or ORDER BY and LIMIT""",
                Script.error("""
                        SELECT symbol, COUNT(*) AS n FROM past GROUP BY symbol ORDER BY n EMIT CHANGES"""));
    }

    @Test
    void shouldRefuseUpdatesWithoutAKeyNamingTheWaysOut() {
        assertEquals(
                """
                        MR-1063  the query updates its results, and table "appended" has no PRIMARY KEY to update by
                          line 1, column 13:   INSERT INTO appended SELECT symbol, COUNT(*) FROM trades GROUP BY symbol
                                                           ^^^^^^^^
                          declare PRIMARY KEY (…) NOT ENFORCED on appended, so that new values replace old ones,
                          or say EMIT CHANGES to append every change as a row, or EMIT FINAL where the input ends or has windows""",
                Script.error("""
                        INSERT INTO appended SELECT symbol, COUNT(*) FROM trades GROUP BY symbol"""));
    }

    @Test
    void shouldRefuseDeletesThatASinkCantTake() {
        assertEquals(
                """
                        MR-1063  HAVING takes back groups that stop to fulfil it, and table "upserted" can't take deletes
                          line 1, column 13:   INSERT INTO upserted SELECT symbol, COUNT(*) FROM trades GROUP BY symbol HAVING COUNT(*) > 2
                                                           ^^^^^^^^
                          use EMIT FINAL, or a sink that takes deletes""",
                Script.error(
                        """
                                INSERT INTO upserted SELECT symbol, COUNT(*) FROM trades GROUP BY symbol HAVING COUNT(*) > 2"""));
    }

    @Test
    void shouldRefuseAPartitioningThatWouldSplitGroups() {
        assertEquals(
                """
                        MR-1064  'partitioning' = 'round_robin' can't be used: rows of one group would meet in several partitions, each with a part of the result
                          line 2, column 1:   SELECT symbol, COUNT(*) FROM trades GROUP BY symbol
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                          RESET 'partitioning' leaves the choice to the planner""",
                Script.error("""
                        SET 'partitioning' = 'round_robin';
                        SELECT symbol, COUNT(*) FROM trades GROUP BY symbol"""));
    }

    @Test
    void shouldRefuseAHashWithoutAKey() {
        assertEquals(
                """
                        MR-1064  'partitioning' = 'always_hash' can't be used: the query has no GROUP BY, so there is no key to hash
                          line 2, column 1:   SELECT symbol FROM trades
                                              ^^^^^^^^^^^^^^^^^^^^^^^^^
                          RESET 'partitioning' leaves the choice to the planner""",
                Script.error("""
                        SET 'partitioning' = 'always_hash';
                        SELECT symbol FROM trades"""));
    }

    @Test
    void shouldCountTheColumnsOfAnInsert() {
        assertEquals(
                """
                        MR-1049  the query gives 1 column, table "appended" takes 2 columns
                          line 1, column 29:   INSERT INTO appended SELECT symbol FROM trades
                                                                           ^^^^^^
                          columns of appended: symbol, n
                          the query gives: symbol""",
                Script.error("""
                        INSERT INTO appended SELECT symbol FROM trades"""));
    }

    @Test
    void shouldCompareTheTypesOfAnInsert() {
        assertEquals(
                """
                        MR-1049  column 2 of the query is VARCHAR(20), column "n" of "appended" is BIGINT
                          line 1, column 37:   INSERT INTO appended SELECT symbol, trader FROM trades
                                                                                   ^^^^^^
                          say how it is meant: CAST(… AS BIGINT)""",
                Script.error("""
                        INSERT INTO appended SELECT symbol, trader FROM trades"""));
    }

    @Test
    void shouldNameTheColumnOfAnInsert() {
        assertEquals(
                """
                        MR-1042  column "m" not found
                          line 1, column 31:   INSERT INTO appended (symbol, m) SELECT symbol, quantity FROM trades
                                                                             ^
                          did you mean "n"? columns of appended: symbol, n""",
                Script.error("""
                        INSERT INTO appended (symbol, m) SELECT symbol, quantity FROM trades"""));
    }

    @Test
    void shouldNameTheNearestOption() {
        assertEquals(
                """
                        MR-2001  option 'partitons' is not known
                          line 1, column 5:   SET 'partitons' = '3'
                                                  ^^^^^^^^^^^
                          did you mean "partitions"? options of a job: allowed-lateness, backpressure, checkpoint.interval, emit.coalesce, guarantee, job.name, late.strategy, partitioning, partitions, pre-aggregation, savepoint, savepoint.allow-loss, savepoint.allow-repeats, state.ttl, state.ttl.refresh, time-zone""",
                Script.error("""
                        SET 'partitons' = '3'"""));
    }

    @Test
    void shouldSayWhatAnOptionTakes() {
        assertEquals(
                """
                        MR-2002  'sometimes' is not a value of option 'guarantee'
                          line 1, column 19:   SET 'guarantee' = 'sometimes'
                                                                 ^^^^^^^^^^^
                          it takes: exactly-once or at-least-once""",
                Script.error("""
                        SET 'guarantee' = 'sometimes'"""));
    }

    @Test
    void shouldRefuseGroupsThatDoNotFitTheKeyOfTheTable() {
        assertEquals(
                """
                        MR-1063  rows of one key of table "upserted" would come from several partitions, and chance would decide which stays: the query groups by "trader", which is not in PRIMARY KEY (symbol)
                          line 1, column 13:   INSERT INTO upserted SELECT symbol, COUNT(*) FROM trades GROUP BY symbol, trader
                                                           ^^^^^^^^
                          insert "trader" into a column of the PRIMARY KEY of upserted, or group by columns of that key only""",
                Script.error("""
                        INSERT INTO upserted SELECT symbol, COUNT(*) FROM trades GROUP BY symbol, trader"""));
    }

    @Test
    void shouldRefuseAKeyThatChangesWithTheResults() {
        assertEquals(
                """
                        MR-1063  key column "n" of table "x" would change with the results, and rows under its former values would stay
                          line 2, column 13:   INSERT INTO x SELECT symbol, COUNT(*) FROM trades GROUP BY symbol
                                                           ^
                          make a PRIMARY KEY of what the query groups by""",
                Script.error(
                        """
                                CREATE TABLE x (symbol STRING, n BIGINT, PRIMARY KEY (symbol, n) NOT ENFORCED) WITH ('connector' = 'memory', 'changes' = 'UPSERT');
                                INSERT INTO x SELECT symbol, COUNT(*) FROM trades GROUP BY symbol"""));
    }

    @Test
    void shouldRefuseToSpreadTheRowsOfAKey() {
        assertEquals(
                """
                        MR-1064  'partitioning' = 'round_robin' can't be used: rows of one key of table "upserted" would come from several partitions, and chance would decide which stays
                          line 2, column 22:   INSERT INTO upserted SELECT symbol, quantity FROM trades
                                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
                          RESET 'partitioning' leaves the choice to the planner""",
                Script.error("""
                        SET 'partitioning' = 'round_robin';
                        INSERT INTO upserted SELECT symbol, quantity FROM trades"""));
    }

    @Test
    void shouldRefuseToInsertTwiceIntoATableInAStatementSet() {
        assertEquals(
                """
                        MR-1002  two INSERTs of a statement set into table "shown" are not supported yet
                          line 3, column 1:   INSERT INTO shown SELECT symbol, 2 FROM trades;
                                              ^^^^^^
                          make one INSERT of them, with UNION ALL""",
                Script.error("""
                        EXECUTE STATEMENT SET BEGIN
                        INSERT INTO shown SELECT symbol, 1 FROM trades;
                        INSERT INTO shown SELECT symbol, 2 FROM trades;
                        END"""));
    }

    @Test
    void shouldTellMistakesInsideAStatementSet() {
        assertEquals(
                """
                        MR-1042  column "symbl" not found
                          line 3, column 26:   INSERT INTO shown SELECT symbl, 2 FROM trades;
                                                                        ^^^^^
                          did you mean "symbol"? columns of trades: symbol, trader, price, quantity, amount, ts, flag, total""",
                Script.error("""
                        BEGIN STATEMENT SET;
                        INSERT INTO shown SELECT symbol, 1 FROM trades;
                        INSERT INTO shown SELECT symbl, 2 FROM trades;
                        END;"""));
        assertEquals(
                """
                        MR-1001  a statement set holds INSERTs only
                          line 2, column 1:   SELECT symbol FROM trades;
                                              ^^^^^^
                          put other statements before it, or behind its END""",
                Script.error("""
                        BEGIN STATEMENT SET;
                        SELECT symbol FROM trades;
                        END;"""));
        assertEquals(
                """
                        MR-1001  this statement set has no END
                          line 1, column 1:   STATEMENT SET BEGIN
                                              ^^^^^^^^^^^^^^^^^^^
                          write END; behind its last INSERT""",
                Script.error("""
                        STATEMENT SET BEGIN
                        INSERT INTO shown SELECT symbol, 1 FROM trades"""));
    }

    @Test
    void shouldRefuseAFormatOfEventTimeThatIsNotReadByItself() {
        assertEquals(
                """
                        MR-1002  option 'event.time.format' = 'dd/MM/yyyy' is not supported yet
                          line 1, column 99:   CREATE TABLE x (a STRING, ts TIMESTAMP(3)) WITH ('event.time.field' = 'ts', 'event.time.format' = 'dd/MM/yyyy', 'connector' = 'memory')
                                                                                                                                                 ^^^^^^^^^^^^
                          compute it: t AS TO_TIMESTAMP(ts, 'dd/MM/yyyy'), WATERMARK FOR t AS t - INTERVAL '5' SECOND""",
                Script.error(
                        """
                                CREATE TABLE x (a STRING, ts TIMESTAMP(3)) WITH ('event.time.field' = 'ts', 'event.time.format' = 'dd/MM/yyyy', 'connector' = 'memory')"""));
    }

    @Test
    void shouldWantToKnowHowLateRowsCome() {
        assertEquals(
                """
                        MR-2003  option 'event.time.field' does not say how late rows come
                          line 1, column 40:   CREATE TABLE x (ts TIMESTAMP(3)) WITH ('event.time.field' = 'ts', 'connector' = 'memory')
                                                                                      ^^^^^^^^^^^^^^^^^^
                          add 'watermark.max_out_of_orderness' = '5s', or 'watermark.strategy' = 'ascending'""",
                Script.error(
                        """
                                CREATE TABLE x (ts TIMESTAMP(3)) WITH ('event.time.field' = 'ts', 'connector' = 'memory')"""));
    }

    @Test
    void shouldRefuseALateDataStrategyAsItsSynonym() {
        assertEquals(
                """
                        MR-1002  option 'late.strategy' = 'dead_letter' is not supported yet
                          line 1, column 63:   CREATE TABLE x (ts TIMESTAMP(3)) WITH ('late.data.strategy' = 'dead_letter', 'connector' = 'memory')
                                                                                                             ^^^^^^^^^^^^^
                          so far there is only 'drop': late rows are dropped and counted; GRACE PERIOD, or a WATERMARK further behind, makes fewer of them""",
                Script.error(
                        """
                                CREATE TABLE x (ts TIMESTAMP(3)) WITH ('late.data.strategy' = 'dead_letter', 'connector' = 'memory')"""));
    }

    @Test
    void shouldNameTheNearestMetadata() {
        assertEquals(
                """
                        MR-2002  metadata 'ofset' of column "o" is not known
                          line 1, column 17:   CREATE TABLE x (o BIGINT METADATA FROM 'ofset') WITH ('connector' = 'memory')
                                                               ^
                          did you mean "offset"? metadata of connector 'memory': offset, partition, timestamp""",
                Script.error("""
                        CREATE TABLE x (o BIGINT METADATA FROM 'ofset') WITH ('connector' = 'memory')"""));
    }

    @Test
    void shouldNameTheWayOutOfMaps() {
        assertEquals(
                """
                        MR-1047  type MAP is not supported yet
                          line 1, column 29:   CREATE TABLE x (headers MAP<STRING, BYTES> METADATA) WITH ('connector' = 'memory')
                                                                           ^^^^^^^^^^^^^
                          declare it as STRING: METADATA FROM 'headers' is a JSON object there""",
                Script.error("""
                        CREATE TABLE x (headers MAP<STRING, BYTES> METADATA) WITH ('connector' = 'memory')"""));
    }

    @Test
    void shouldSayThatAConnectorHasNoMetadata() {
        assertEquals(
                """
                        MR-2002  metadata 'headers' of column "headers" is not known: connector 'any' has none
                          line 1, column 17:   CREATE TABLE x (headers STRING METADATA) WITH ('connector' = 'any')
                                                               ^^^^^^^
                          leave METADATA out where the column stands in the records""",
                Script.error("""
                        CREATE TABLE x (headers STRING METADATA) WITH ('connector' = 'any')"""));
    }

    @Test
    void shouldNotWriteMetadataThatTheConnectorMakes() {
        assertEquals(
                """
                        MR-1049  column "offset" of table "x" can't be written: connector 'memory' makes metadata 'offset' itself
                          line 2, column 13:   INSERT INTO x SELECT 'a', n FROM past
                                                           ^
                          say METADATA FROM 'offset' VIRTUAL in CREATE TABLE, and INSERT leaves it out""",
                Script.error(
                        """
                                CREATE TABLE x (a STRING, `offset` BIGINT METADATA) WITH ('connector' = 'memory');
                                INSERT INTO x SELECT 'a', n FROM past"""));
    }

    @Test
    void shouldNotInsertIntoAVirtualColumn() {
        assertEquals(
                """
                        MR-1049  column "o" of table "x" is VIRTUAL: it is read only
                          line 2, column 19:   INSERT INTO x (a, o) SELECT symbol, n FROM past
                                                                 ^
                          leave it out of the INSERT""",
                Script.error(
                        """
                                CREATE TABLE x (a STRING, o BIGINT METADATA FROM 'offset' VIRTUAL) WITH ('connector' = 'memory');
                                INSERT INTO x (a, o) SELECT symbol, n FROM past"""));
    }

    @Test
    void shouldRefuseALateStrategyThatIsNotThereYet() {
        assertEquals(
                """
                        MR-1002  option 'late.strategy' = 'dead_letter' is not supported yet
                          line 1, column 23:   SET 'late.strategy' = 'dead_letter'
                                                                     ^^^^^^^^^^^^^
                          so far there is only 'drop': late rows are dropped and counted; GRACE PERIOD, or a WATERMARK further behind, makes fewer of them""",
                Script.error("""
                        SET 'late.strategy' = 'dead_letter'"""));
    }

    @Test
    void shouldRefuseAllowedLateness() {
        assertEquals(
                """
                        MR-1002  option 'allowed-lateness' = '1 min' is not supported yet
                          line 1, column 26:   SET 'allowed-lateness' = '1 min'
                                                                        ^^^^^^^
                          so far there is only '0': GRACE PERIOD behind the size of a window delays its close""",
                Script.error("""
                        SET 'allowed-lateness' = '1 min'"""));
    }

    @Test
    void shouldRefuseAZoneOtherThanUtc() {
        assertEquals(
                """
                        MR-1002  option 'time-zone' = 'Europe/Berlin' is not supported yet
                          line 1, column 31:   SET 'table.local-time-zone' = 'Europe/Berlin'
                                                                             ^^^^^^^^^^^^^^^
                          so far there is only 'UTC': shift times in the query, for example ts + INTERVAL '1' HOUR""",
                Script.error("""
                        SET 'table.local-time-zone' = 'Europe/Berlin'"""));
    }

    @Test
    void shouldRefuseInCreateAsWhatSetRefuses() {
        assertEquals(
                """
                        MR-1002  option 'allowed-lateness' = '5 s' is not supported yet
                          line 1, column 64:   CREATE TABLE t WITH ('connector' = 'any', 'allowed-lateness' = '5 s') AS SELECT symbol FROM trades
                                                                                                              ^^^^^
                          so far there is only '0': GRACE PERIOD behind the size of a window delays its close""",
                Script.error(
                        """
                                CREATE TABLE t WITH ('connector' = 'any', 'allowed-lateness' = '5 s') AS SELECT symbol FROM trades"""));
    }

    @Test
    void shouldNameTheNearestType() {
        assertEquals(
                """
                        MR-1047  type "STRNG" is not known
                          line 1, column 26:   CREATE TABLE x (a INT, b STRNG) WITH ('connector' = 'memory')
                                                                        ^^^^^
                          did you mean "STRING"? types: BOOLEAN, TINYINT, SMALLINT, INT, INTEGER, BIGINT, FLOAT, DOUBLE, DECIMAL, CHAR, VARCHAR, STRING, BINARY, VARBINARY, BYTES, DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ""",
                Script.error("""
                        CREATE TABLE x (a INT, b STRNG) WITH ('connector' = 'memory')"""));
    }

    @Test
    void shouldNameTheNearestConnector() {
        assertEquals(
                """
                        MR-2004  connector 'memry' of table "x" is not known
                          line 1, column 44:   CREATE TABLE x (a INT) WITH ('connector' = 'memry')
                                                                                          ^^^^^^^
                          did you mean "memory"? connectors: any, fixed, keyed, memory""",
                Script.error("""
                        CREATE TABLE x (a INT) WITH ('connector' = 'memry')"""));
    }

    @Test
    void shouldPlaceAnErrorOfAConnectorAtItsOption() {
        assertEquals(
                """
                        MR-2001  option 'bonded' is not known
                          line 3, column 3:   'bonded' = 'true')
                                              ^^^^^^^^
                          did you mean "bounded"? options: bounded, changes, connector""",
                Script.error("""
                        CREATE TABLE x (a INT) WITH (
                          'connector' = 'memory',
                          'bonded' = 'true')"""));
    }

    @Test
    void shouldWantAConnector() {
        assertEquals(
                """
                        MR-2003  table "x" has no option 'connector'
                          line 1, column 14:   CREATE TABLE x (a INT)
                                                            ^
                          add WITH ('connector' = '…'); tables can be written with: any, memory""",
                Script.error("""
                        CREATE TABLE x (a INT)"""));
    }

    @Test
    void shouldWantColumns() {
        assertEquals(
                """
                        MR-1048  table "x" has no columns
                          line 1, column 14:   CREATE TABLE x WITH ('connector' = 'memory')
                                                            ^
                          name them: CREATE TABLE x (id BIGINT, price DECIMAL(10, 2), ts TIMESTAMP(3)) WITH (…)""",
                Script.error("""
                        CREATE TABLE x WITH ('connector' = 'memory')"""));
    }

    @Test
    void shouldWantATimeUnderAWatermark() {
        assertEquals(
                """
                        MR-1061  column "a" is INTEGER; a WATERMARK stands on a TIMESTAMP
                          line 1, column 38:   CREATE TABLE x (a INT, WATERMARK FOR a AS a) WITH ('connector' = 'memory')
                                                                                    ^
                          declare it as TIMESTAMP(3): JSON and CSV read milliseconds since 1970 as well""",
                Script.error("""
                        CREATE TABLE x (a INT, WATERMARK FOR a AS a) WITH ('connector' = 'memory')"""));
    }

    @Test
    void shouldNameTheColumnOfAComputedColumn() {
        assertEquals(
                """
                        MR-1042  column "prize" not found
                          line 1, column 37:   CREATE TABLE x (price INT, twice AS prize * 2) WITH ('connector' = 'memory')
                                                                                   ^^^^^
                          did you mean "price"? columns of x: price""",
                Script.error("""
                        CREATE TABLE x (price INT, twice AS prize * 2) WITH ('connector' = 'memory')"""));
    }

    @Test
    void shouldRefuseATableThatExists() {
        assertEquals(
                """
                        MR-1041  "trades" exists already
                          line 1, column 14:   CREATE TABLE trades (a INT) WITH ('connector' = 'memory')
                                                            ^^^^^^
                          choose another name, DROP it first, or say IF NOT EXISTS""",
                Script.error("""
                        CREATE TABLE trades (a INT) WITH ('connector' = 'memory')"""));
    }

    @Test
    void shouldNotFindATableToDrop() {
        assertEquals(
                """
                        MR-1040  table "trade" not found
                          line 1, column 12:   DROP TABLE trade
                                                          ^^^^^
                          did you mean "trades"? tables: appended, bare, past, plain, shown, trades, upserted""",
                Script.error("""
                        DROP TABLE trade"""));
    }

    @Test
    void shouldRefuseToEmitFromAView() {
        assertEquals(
                """
                        MR-1048  a view has no EMIT: it says what, its readers say when
                          line 1, column 13:   CREATE VIEW v AS SELECT symbol FROM trades EMIT CHANGES
                                                           ^
                          put EMIT behind the query that reads the view""",
                Script.error("""
                        CREATE VIEW v AS SELECT symbol FROM trades EMIT CHANGES"""));
    }

    @Test
    void shouldSayHowAKeywordBecomesAName() {
        assertEquals(
                """
                        MR-1001  "day" is not expected after ","
                          line 1, column 16:   SELECT symbol, day FROM trades
                                                              ^^^
                          DAY is a keyword; as a name it stands in back quotes: `day`""",
                Script.error("SELECT symbol, day FROM trades"));
    }
}
