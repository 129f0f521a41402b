// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Step;
import dev.millrace.planner.parser.ParsedStatement;
import java.util.ArrayList;
import java.util.List;

/** Runs scripts against tables that every planner test uses. Errors are rendered as a user sees them. */
final class Script {
    /** One line each, so that the script of a test starts on a line that is easy to name. */
    private static final String TABLES =
            "CREATE TABLE trades (symbol STRING, trader VARCHAR(20), price DECIMAL(10, 2), quantity INT, amount DOUBLE,"
                    + " ts TIMESTAMP(3), flag BOOLEAN, total AS price * quantity,"
                    + " WATERMARK FOR ts AS ts - INTERVAL '5' SECOND)"
                    + " WITH ('connector' = 'memory', 'bounded' = 'false');\n"
                    + "CREATE TABLE past (symbol STRING, price DECIMAL(10, 2), n BIGINT, ts TIMESTAMP(3),"
                    + " WATERMARK FOR ts AS ts) WITH ('connector' = 'memory');\n"
                    + "CREATE TABLE plain (symbol STRING, n BIGINT, ts TIMESTAMP(3))"
                    + " WITH ('connector' = 'memory', 'bounded' = 'false');\n"
                    + "CREATE TABLE bare (id BIGINT, ts TIMESTAMP(3)) WITH ('connector' = 'memory');\n"
                    + "CREATE TABLE appended (symbol STRING, n BIGINT) WITH ('connector' = 'memory');\n"
                    + "CREATE TABLE upserted (symbol STRING, n BIGINT, PRIMARY KEY (symbol) NOT ENFORCED)"
                    + " WITH ('connector' = 'memory', 'changes' = 'UPSERT');\n"
                    + "CREATE TABLE shown (symbol STRING, n BIGINT) WITH ('connector' = 'any');\n";

    private final Planner planner = new Planner(TestConnector.connectors());
    private final Session session = new Session(8);

    /** Everything that the script comes to, the tables left out. */
    List<PlannedStatement> run(String script) {
        planner.parse(TABLES).forEach(statement -> planner.plan(statement, session));
        List<PlannedStatement> results = new ArrayList<>();
        for (ParsedStatement statement : planner.parse(script)) {
            results.add(planner.plan(statement, session));
        }
        return results;
    }

    static PlannedStatement last(String script) {
        return new Script().run(script).getLast();
    }

    static JobPlan plan(String script) {
        return ((PlannedStatement.Job) last(script)).plan();
    }

    static SourceInput input(String query) {
        return (SourceInput) plan(query).stages().getFirst().inputs().getFirst();
    }

    static Step.Aggregate aggregate(String query) {
        return (Step.Aggregate) plan(query).stages().getFirst().steps().getFirst();
    }

    /** The text that EXPLAIN gives for the last statement of the script. */
    static String explain(String query) {
        return ((PlannedStatement.Text) last("EXPLAIN " + query)).text();
    }

    /** The same for a query of other tables. */
    static String explain(String query, String tables) {
        return ((PlannedStatement.Text) last(tables + "EXPLAIN " + query)).text();
    }

    /** The error of the script, as shown. */
    static String error(String script) {
        MillraceException error = assertThrows(MillraceException.class, () -> new Script().run(script));
        return error.render(script);
    }
}
