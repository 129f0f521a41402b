// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The command {@code millrace}. */
public final class Main {
    private static final List<String> COMMANDS = List.of(
            "run", "sql", "server", "nodes", "submit", "jobs", "job", "partitions", "pause", "resume", "stop", "drop",
            "alter",
            "savepoint", "explain", "checkpoint", "bench", "demo");
    private static final List<String> OPTIONS = List.of("--help", "--version");

    private Main() {}

    public static void main(String[] words) {
        System.exit(execute(List.of(words), Console.ofProcess()));
    }

    /**
     * Runs one command line to its end.
     *
     * @return the exit code
     */
    public static int execute(List<String> words, Console console) {
        ErrorReport report = new ErrorReport(console.err(), words.contains("--debug"));
        try {
            return dispatch(words, console);
        } catch (RuntimeException | Error e) {
            return report.show(e, null);
        }
    }

    private static int dispatch(List<String> words, Console console) {
        String first = words.isEmpty() ? "" : words.getFirst();
        switch (first) {
            case "" -> {
                console.err().print(Help.text());
                return ExitCode.INVALID;
            }
            case "--help", "-h", "help" -> {
                say(console, Help.text());
                return ExitCode.SUCCESS;
            }
            case "--version", "-V" -> {
                say(console, Version.current() + "\n");
                return ExitCode.SUCCESS;
            }
            default -> {
                Command command = command(first);
                Syntax syntax = command.syntax().common();
                Arguments arguments = syntax.parse(words.subList(1, words.size()));
                if (arguments.wantsHelp()) {
                    say(console, syntax.help());
                    return ExitCode.SUCCESS;
                }
                return command.run(arguments, console);
            }
        }
    }

    private static void say(Console console, String text) {
        new PrintStream(console.out(), true, StandardCharsets.UTF_8).print(text);
    }

    private static Command command(String name) {
        return switch (name) {
            case "run" -> new RunCommand();
            case "sql" -> new SqlCommand();
            case "server" -> new ServerCommand();
            case "nodes" -> new NodesCommand();
            case "submit" -> new SubmitCommand();
            case "jobs" -> new JobsCommand();
            case "partitions" -> new PartitionsCommand();
            case "job", "pause", "resume", "stop", "drop" -> new JobOrderCommand(name);
            case "alter" -> new AlterCommand();
            case "savepoint" -> new SavepointCommand();
            case "explain" -> new ExplainCommand();
            case "checkpoint" -> new CheckpointCommand();
            case "bench" -> new BenchCommand();
            case "demo" -> new DemoCommand();
            default -> throw name.startsWith("-")
                    ? unknown("option", name, OPTIONS)
                    : unknown("command", name, COMMANDS);
        };
    }

    private static MillraceException unknown(String kind, String name, List<String> known) {
        return new MillraceException(
                ErrorCode.USAGE,
                kind + " \"" + name + "\" is not known",
                NearestName.hint(name, known, kind + "s") + "\nsee millrace --help");
    }
}
