// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.checkpointing.StatePlace;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.OutputFormat;
import dev.millrace.server.run.ScriptPlan;
import dev.millrace.server.run.Termination;
import dev.millrace.server.shell.Backend;
import dev.millrace.server.shell.EmbeddedBackend;
import dev.millrace.server.shell.PipedShell;
import dev.millrace.server.shell.ServerBackend;
import dev.millrace.server.shell.Shell;
import dev.millrace.server.shell.ShellHistory;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** {@code millrace sql}: the shell. */
final class SqlCommand implements Command {
    @Override
    public Syntax syntax() {
        return new Syntax("sql", "A shell: statements by hand, rows as they come. Jobs run in this process.")
                .option("--server", "URL", "has everything carried out by a server, such as http://127.0.0.1:8080")
                .option("--token-file", "FILE", RemoteCommand.TOKEN_HELP)
                .option("--state", "PLACE", "keeps jobs and checkpoints here, for the next time")
                .option("--format", "FORMAT", "how rows of a SELECT are written: table (default), json, csv")
                .footer(
                        "",
                        "Statements that are piped in run one by one, without a prompt; rows go to standard output,",
                        "everything else to standard error.",
                        "",
                        "examples:",
                        "  millrace sql",
                        "  millrace sql --server http://127.0.0.1:8080",
                        "  echo \"SELECT 1 AS one;\" | millrace sql --format csv",
                        "",
                        "exit codes: 0 success; of statements that are piped in: 1 a job failed,",
                        "2 a statement is not valid");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        StatePlace state = arguments.state();
        if (!(state instanceof StatePlace.Memory) && arguments.text("--server") != null) {
            throw new MillraceException(
                    ErrorCode.USAGE,
                    "--state and --server don't go together",
                    "the state is the server's: leave out --state");
        }
        Logging.useStateDirectory(state.directory());
        if (!console.terminal()) {
            try (Backend backend = backend(arguments, console, state);
                    Termination _ = Termination.onSignal(backend::close)) {
                return new PipedShell(console.in()).run(backend);
            }
        }
        PrintStream err = System.err;
        try (Terminal terminal = TerminalBuilder.builder().name("millrace").system(true).build()) {
            Map<String, String> environment = System.getenv();
            Path history = ShellHistory.file(environment, Path.of(System.getProperty("user.home")));
            boolean colour = environment.getOrDefault("NO_COLOR", "").isEmpty();
            Shell shell = new Shell(terminal, history, colour);
            // Warnings must not tear the line that is being typed.
            System.setErr(shell.console().err());
            try (Backend backend = backend(arguments, shell.console(), state);
                    Termination _ = Termination.onSignal(backend::close)) {
                return shell.run(backend);
            }
        } catch (IOException e) {
            throw new MillraceException(
                    ErrorCode.USAGE,
                    "the terminal can't be used: " + e.getMessage(),
                    null,
                    "pipe the statements in instead: millrace sql < script.sql",
                    e);
        } finally {
            System.setErr(err);
        }
    }

    private static Backend backend(Arguments arguments, Console console, StatePlace state) {
        String format = arguments.choice("--format", OutputFormat.NAMES, OutputFormat.TABLE);
        ErrorReport report = new ErrorReport(console.err(), arguments.has("--debug"));
        if (arguments.text("--server") != null) {
            return new ServerBackend(RemoteCommand.client(arguments), console, report, format);
        }
        Path deadLetters = WorkDirectory.of(state.directory()).resolve("dead-letters");
        Connectors connectors = BuiltInConnectors.create(console.err());
        int threads = Runtime.getRuntime().availableProcessors();
        boolean keeps = !(state instanceof StatePlace.Memory);
        NodeSettings settings =
                new NodeSettings(NodeStarter.LOOPBACK, 0, state, deadLetters, keeps, threads, false);
        return new EmbeddedBackend(
                NodeStarter.begin(settings, connectors),
                connectors,
                console,
                report,
                format,
                deadLetters,
                state != null,
                ScriptPlan.defaultPartitions(threads));
    }
}
