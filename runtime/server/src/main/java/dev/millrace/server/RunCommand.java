// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.checkpointing.StatePlace;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.OutputFormat;
import dev.millrace.server.run.Script;
import dev.millrace.server.run.ScriptPlan;
import dev.millrace.server.run.ScriptRunner;
import dev.millrace.server.run.Termination;
import java.nio.file.Path;

/** {@code millrace run}: a script in one process, to its end. */
final class RunCommand implements Command {
    @Override
    public Syntax syntax() {
        return new Syntax("run", "Runs a SQL script in one process, statement by statement, until all its jobs end.")
                .operand("FILE", "the script; - reads it from standard input")
                .option("--format", "FORMAT", "how rows of a SELECT are written: table (default), json, csv")
                .repeatedOption("--set", "KEY=VALUE", "sets an option, as SET does at the start of the script")
                .option("--state", "PLACE", "keeps jobs and checkpoints here; the same script goes on where it stood")
                .footer(
                        "",
                        "Rows of a SELECT go to standard output, everything else to standard error.",
                        "",
                        "examples:",
                        "  millrace run report.sql",
                        "  millrace run report.sql --format json --set partitions=4 > report.jsonl",
                        "  echo \"VALUES (1, 'one');\" | millrace run - --format csv",
                        "",
                        "exit codes: 0 success, 1 a job failed, 2 the SQL or the command line is not valid");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        String format = arguments.choice("--format", OutputFormat.NAMES, OutputFormat.TABLE);
        StatePlace state = arguments.state();
        Logging.useStateDirectory(state.directory());
        Path deadLetters = WorkDirectory.of(state.directory()).resolve("dead-letters");
        Connectors connectors = BuiltInConnectors.create(console.err());
        int threads = Runtime.getRuntime().availableProcessors();
        NodeSettings settings = new NodeSettings(NodeStarter.LOOPBACK, 0, state, deadLetters, false, threads, false);
        NodeStarter node = NodeStarter.begin(settings, connectors);
        ErrorReport report = new ErrorReport(console.err(), arguments.has("--debug"));
        String script = Script.read(arguments.operand(0), console.in());
        ScriptPlan plan = ScriptPlan.of(script, arguments.texts("--set"), connectors, threads);
        if (!plan.errors().isEmpty()) {
            return plan.showErrors(report);
        }
        plan.warnings().forEach(warning -> console.err().println("warning: " + warning));
        int exitCode;
        try (Termination termination = Termination.onSignal(node::close)) {
            ScriptRunner runner =
                    new ScriptRunner(node.await(), console, report, script, format, deadLetters, termination);
            exitCode = runner.run(plan.statements());
        }
        if (state instanceof StatePlace.Memory) {
            // All jobs have ended and nothing of them is kept: nobody needs to wait for the node.
            node.closeLater();
        } else {
            node.close();
        }
        return exitCode;
    }
}
