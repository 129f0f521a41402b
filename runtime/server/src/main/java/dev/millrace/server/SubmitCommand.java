// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.server.client.ResultColumn;
import dev.millrace.server.client.ResultRow;
import dev.millrace.server.client.StatementResult;
import dev.millrace.server.client.StatementsAnswer;
import dev.millrace.server.run.Script;
import java.io.PrintStream;

/** {@code millrace submit}: a script for a server. */
final class SubmitCommand implements Command {
    @Override
    public Syntax syntax() {
        return RemoteCommand.syntax("submit", "Lets a server carry out a SQL script. Its jobs go on there.")
                .repeatedOption("--set", "KEY=VALUE", "sets an option, as SET does at the start of the script")
                .operand("FILE", "the script; - reads it from standard input")
                .footer(
                        "",
                        "A statement that was submitted before goes on with its job. A SELECT is not run:",
                        "its rows need somebody who reads them.",
                        "",
                        "exit codes: 0 success, 1 a job failed or no server answers, 2 the SQL is not valid");
    }

    @Override
    public int run(Arguments arguments, Console console) {
        String script = Script.read(arguments.operand(0), console.in());
        ErrorReport report = new ErrorReport(console.err(), arguments.has("--debug"));
        StatementsAnswer answer;
        try (MillraceClient client = RemoteCommand.client(arguments)) {
            answer = client.statements(script, RemoteCommand.options(arguments));
        }
        if (arguments.has("--json")) {
            RemoteCommand.out(console).println(answer.json());
        } else {
            answer.results().forEach(result -> show(result, console));
        }
        int code = ExitCode.SUCCESS;
        for (MillraceException error : answer.errors()) {
            code = Math.max(code, report.show(error, script));
        }
        return code;
    }

    private static void show(StatementResult result, Console console) {
        PrintStream out = RemoteCommand.out(console);
        result.warnings().forEach(warning -> console.err().println("warning: " + warning));
        switch (result.kind()) {
            case DONE, JOB -> console.err().println(result.message());
            case TEXT -> out.println(result.text());
            case ROWS -> {
                TextTable table =
                        new TextTable(result.columns().stream().map(ResultColumn::name).toArray(String[]::new));
                for (ResultRow row : result.rows()) {
                    table.add(row.values().toArray());
                }
                out.print(table);
            }
            case QUERY -> console.err().println("warning: a SELECT was left out: its rows need somebody who reads them"
                    + "; use millrace sql --server, or INSERT INTO a table");
        }
    }
}
