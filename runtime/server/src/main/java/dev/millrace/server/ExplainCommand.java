// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.planner.explain.Explain;
import dev.millrace.planner.translate.QueryPlan;
import dev.millrace.server.run.PlacedStatement;
import dev.millrace.server.run.Script;
import dev.millrace.server.run.ScriptPlan;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** {@code millrace explain}: how the queries of a script would run. Starts no node and opens no table. */
final class ExplainCommand implements Command {
    @Override
    public Syntax syntax() {
        return new Syntax("explain", "Shows how the queries of a script would run, without running them.")
                .operand("FILE", "the script; - reads it from standard input")
                .flag("--json", "as JSON: an array with an object a query")
                .flag("--dot", "as graphs for Graphviz")
                .footer("", "examples:", "  millrace explain report.sql", "  millrace explain - < report.sql");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        boolean json = arguments.has("--json");
        boolean dot = arguments.has("--dot");
        if (json && dot) {
            throw new MillraceException(
                    ErrorCode.USAGE, "explain takes --json or --dot, not both", "run it twice for both");
        }
        ErrorReport report = new ErrorReport(console.err(), arguments.has("--debug"));
        String script = Script.read(arguments.operand(0), console.in());
        ScriptPlan plan = ScriptPlan.of(
                script,
                List.of(),
                BuiltInConnectors.create(console.err()),
                Runtime.getRuntime().availableProcessors());
        if (!plan.errors().isEmpty()) {
            return plan.showErrors(report);
        }
        plan.warnings().forEach(warning -> console.err().println("warning: " + warning));
        PrintStream out = new PrintStream(console.out(), true, StandardCharsets.UTF_8);
        List<QueryPlan> queries = new ArrayList<>();
        for (PlacedStatement statement : plan.statements()) {
            switch (statement.planned()) {
                case PlannedStatement.Job job -> queries.add(job.query());
                case PlannedStatement.Text text when text.explained() != null -> queries.add(text.explained());
                default -> {
                    // Only a query has a plan.
                }
            }
        }
        if (json) {
            out.println(queries.stream().map(Explain::json).collect(Collectors.joining(",\n", "[", "]")));
        } else {
            queries.forEach(query -> out.println((dot ? Explain.dot(query) : Explain.text(query)) + "\n"));
        }
        return ExitCode.SUCCESS;
    }
}
