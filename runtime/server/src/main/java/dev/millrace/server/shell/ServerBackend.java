// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.Target;
import dev.millrace.server.Console;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.ExitCode;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.server.client.RemoteQuery;
import dev.millrace.server.client.ResultRow;
import dev.millrace.server.client.StatementResult;
import dev.millrace.server.client.StatementsAnswer;
import dev.millrace.server.run.ClientResult;
import dev.millrace.server.run.OutputFormat;
import dev.millrace.server.run.RowEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Has statements carried out by a server. Jobs that they start are the server's and go on without this process. */
public final class ServerBackend implements Backend {
    private static final double NANOS_PER_SECOND = 1e9;

    private final MillraceClient client;
    private final Console console;
    private final ErrorReport report;
    private final String format;
    private final ServerNames names;
    private final JobWatch watch;
    private Map<String, String> options = Map.of();
    private volatile boolean cancelled;
    private volatile RemoteQuery query;

    /**
     * @param format one of {@link OutputFormat#NAMES}
     * @throws MillraceException if the server does not answer
     */
    public ServerBackend(MillraceClient client, Console console, ErrorReport report, String format) {
        this.client = client;
        this.console = console;
        this.report = report;
        this.format = format;
        names = new ServerNames(client);
        names.refresh();
        watch = new JobWatch(client, console.err()::println);
    }

    @Override
    public int execute(String text) {
        cancelled = false;
        int code = ExitCode.SUCCESS;
        for (String statement : Input.statements(text)) {
            if (code != ExitCode.SUCCESS || cancelled) {
                break;
            }
            try {
                code = one(statement, text);
            } catch (RuntimeException e) {
                code = report.show(e, text);
            }
        }
        names.refreshLater();
        return code;
    }

    /** One by one, since the rows of a SELECT belong between what is said before and behind it. */
    private int one(String statement, String text) {
        StatementsAnswer answer = client.statements(statement, options);
        Map<String, String> before = options;
        options = answer.options();
        for (StatementResult result : answer.results()) {
            result.warnings().forEach(warning -> console.err().println("warning: " + warning));
            switch (result.kind()) {
                case DONE -> console.err().println(result.message());
                case JOB -> {
                    console.err()
                            .println(result.message() == null
                                    ? "job \"" + result.job() + "\" started"
                                    : result.message());
                    if (console.terminal()) {
                        watch.add(result.job());
                    }
                }
                case TEXT -> write(result.text().stripTrailing() + "\n");
                case ROWS -> show(result);
                case QUERY -> select(statement, before);
            }
        }
        int code = ExitCode.SUCCESS;
        for (MillraceException error : answer.errors()) {
            code = Math.max(code, report.show(error, text));
        }
        return code;
    }

    private void show(StatementResult result) {
        RemoteRows rows = new RemoteRows(result.columns());
        RowEncoder encoder = OutputFormat.encoder(format, rows.schema(), false);
        TextBuffer text = new TextBuffer();
        encoder.write(rows.batch(result.rows()), text);
        encoder.flush(text);
        encoder.finish(text);
        write(text.toString());
    }

    private void select(String statement, Map<String, String> settings) {
        long startNanos = System.nanoTime();
        try (RemoteQuery running = client.query(statement, settings)) {
            query = running;
            RemoteRows rows = new RemoteRows(running.columns());
            RowEncoder encoder = OutputFormat.encoder(format, rows.schema(), running.isUpdating());
            // Order and limit are the server's; here rows are only laid out, and shown in pauses.
            Target.Client target = new Target.Client(rows.schema(), ResultOrder.NONE);
            ClientResult result = new ClientResult(target, encoder, console.out(), false);
            try {
                for (ResultRow row = next(running); row != null && !result.isReaderGone(); row = next(running)) {
                    result.accept(rows.batch(List.of(row)));
                }
                result.close(!cancelled);
                footer(result.rowsGiven(), running.isUpdating(), System.nanoTime() - startNanos);
            } finally {
                result.close(false);
            }
        } finally {
            query = null;
        }
    }

    private ResultRow next(RemoteQuery running) {
        return cancelled ? null : running.next();
    }

    private void footer(long rows, boolean updating, long nanos) {
        if (cancelled && console.terminal()) {
            // Behind the ^C that the terminal has shown.
            console.err().println();
        }
        String what = updating ? "change" : "row";
        console.err()
                .println(String.format(
                        Locale.ROOT,
                        "%,d %s, %s%.2f s",
                        rows,
                        rows == 1 ? what : what + "s",
                        cancelled ? "stopped after " : "",
                        nanos / NANOS_PER_SECOND));
    }

    private void write(String text) {
        try {
            console.out().write(text.getBytes(StandardCharsets.UTF_8));
            console.out().flush();
        } catch (IOException e) {
            // Nobody reads any more; there is nobody to tell.
            cancelled = true;
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        RemoteQuery running = query;
        if (running != null) {
            running.close();
        }
    }

    @Override
    public Names names() {
        return names;
    }

    @Override
    public int awaitJobs() {
        // They belong to the server.
        return ExitCode.SUCCESS;
    }

    @Override
    public void close() {
        watch.close();
        cancel();
        client.close();
    }
}
