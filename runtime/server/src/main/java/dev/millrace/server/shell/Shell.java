// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import dev.millrace.server.Console;
import dev.millrace.server.ExitCode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;

/** Statements by hand on a terminal. Used by one thread. */
public final class Shell {
    static final String PROMPT = "millrace> ";
    static final String CONTINUATION = "       -> ";
    static final String WAY_OUT = "Ctrl-D or quit; leaves the shell";

    private final Terminal terminal;
    private final LineReader reader;
    private final Console console;
    private Names names;
    private int interrupts;

    /**
     * @param history the file of former statements, or null to keep them in memory
     * @param colour whether what is typed is coloured
     */
    public Shell(Terminal terminal, Path history, boolean colour) {
        this.terminal = terminal;
        ShellHistory statements = new ShellHistory();
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .appName("millrace")
                .terminal(terminal)
                .parser(new InputParser())
                .history(statements)
                .completer(new SqlCompleter(() -> names))
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, CONTINUATION)
                .variable(LineReader.HISTORY_SIZE, ShellHistory.STATEMENTS_MAX)
                .variable(LineReader.HISTORY_FILE_SIZE, ShellHistory.STATEMENTS_MAX)
                // An exclamation mark is an operator here, not a call for history.
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.CASE_INSENSITIVE, true)
                .option(LineReader.Option.HISTORY_TIMESTAMPED, false);
        if (history != null && ShellHistory.prepare(history)) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        if (colour) {
            builder.highlighter(new SqlHighlighter());
        }
        reader = builder.option(LineReader.Option.DISABLE_HIGHLIGHTER, !colour).build();
        PrintStream notices =
                new PrintStream(new NoticeStream(reader::printAbove), true, StandardCharsets.UTF_8);
        console = new Console(terminal.input(), terminal.output(), notices, true);
    }

    /** Where everything is shown: rows on its output; all else, from any thread, above the line being typed. */
    public Console console() {
        return console;
    }

    /**
     * Reads and carries out statements until somebody leaves.
     *
     * @return the exit code
     */
    public int run(Backend backend) {
        names = backend.names();
        terminal.handle(Signal.INT, _ -> backend.cancel());
        console.err().println("Millrace SQL. Statements end with ; and help; tells more.");
        while (true) {
            String text;
            try {
                text = reader.readLine(PROMPT);
            } catch (UserInterruptException e) {
                interrupted(e.getPartialLine());
                continue;
            } catch (EndOfFileException e) {
                return ExitCode.SUCCESS;
            }
            interrupts = 0;
            if (Input.asksToLeave(text)) {
                return ExitCode.SUCCESS;
            } else if (Input.asksForHelp(text)) {
                console.err().print(ShellHelp.TEXT);
            } else if (!Input.isEmpty(text)) {
                backend.execute(text);
            }
        }
    }

    /** Ctrl-C gives up what was typed; who does it again with nothing typed looks for the way out. */
    private void interrupted(String typed) {
        interrupts = typed.isBlank() ? interrupts + 1 : 0;
        if (interrupts >= 2) {
            console.err().println(WAY_OUT);
        }
    }
}
