// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.run.PlacedStatement;
import dev.millrace.server.run.Script;
import dev.millrace.server.run.ScriptPlan;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code millrace explain}: how the queries of a script would run. Starts no node and opens no table. */
final class ExplainCommand implements Command {
    @Override
    public Syntax syntax() {
        return new Syntax("explain", "Shows how the queries of a script would run, without running them.")
                .operand("FILE", "the script; - reads it from standard input")
                .flag("--json", "as JSON (not yet)")
                .flag("--dot", "as a graph for Graphviz (not yet)")
                .footer("", "examples:", "  millrace explain report.sql", "  millrace explain - < report.sql");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        for (String form : List.of("--json", "--dot")) {
            if (arguments.has(form)) {
                throw new MillraceException(
                        ErrorCode.NOT_SUPPORTED, "explain " + form + " is not there yet", "leave it out for text");
            }
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
        for (PlacedStatement statement : plan.statements()) {
            switch (statement.planned()) {
                case PlannedStatement.Job job -> out.println(job.explanation() + "\n");
                case PlannedStatement.Text text -> out.println(text.text() + "\n");
                case PlannedStatement.Done done -> {
                    // Only a query has a plan.
                }
                case PlannedStatement.Rows rows -> {
                    // Answered without running anything.
                }
                case PlannedStatement.JobControl control -> {
                    // Only a node knows jobs.
                }
                case PlannedStatement.ShowJobs show -> {
                    // Only a node knows jobs.
                }
            }
        }
        return ExitCode.SUCCESS;
    }
}
