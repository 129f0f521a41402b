// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.demo;

import dev.millrace.cluster.client.ResultConsumer;
import dev.millrace.cluster.status.JobProgress;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.server.Console;
import dev.millrace.server.run.TableRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Results as they come, and a footer with rates. On a terminal the footer stays on the last line and is written anew a
 * few times a second; elsewhere rows are plain lines, and the rates go to standard error once a second.
 */
final class DemoScreen implements ResultConsumer {
    private static final String CLEAR_LINE = "\r\u001B[K";
    private static final String DIM = "\u001B[2m";
    private static final String NORMAL = "\u001B[0m";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final long PLAIN_FOOTER_NANOS = 1_000_000_000L;
    private static final double BYTES_PER_MIB = 1 << 20;

    private final Console console;
    private final TableRows rows;
    private final TextBuffer text = new TextBuffer();
    private final long start = System.nanoTime();
    private long results;
    private long lastNanos = start;
    private long lastRead;
    private long lastResults;
    private String rates = "starting …";
    private boolean readerGone;

    DemoScreen(JobPlan plan, Console console) {
        this.console = console;
        rows = new TableRows(plan.target().schema(), plan.updating());
    }

    @Override
    public synchronized void accept(Batch batch) {
        rows.write(batch, text);
        results += batch.size();
    }

    /** Shows what has come since the last call. */
    synchronized void refresh(JobProgress progress) {
        long now = System.nanoTime();
        boolean measured = now - lastNanos >= PLAIN_FOOTER_NANOS;
        if (measured) {
            double seconds = (now - lastNanos) / NANOS_PER_SECOND;
            rates = rates(
                    (progress.rowsRead() - lastRead) / seconds, (results - lastResults) / seconds,
                    progress.stateBytes());
            lastNanos = now;
            lastRead = progress.rowsRead();
            lastResults = results;
        }
        rows.flush(text);
        if (console.terminal()) {
            write(CLEAR_LINE, text, DIM + rates + "  ·  Ctrl-C ends" + NORMAL);
        } else {
            write("", text, "");
            if (measured) {
                console.err().println(rates);
            }
        }
    }

    /** Shows the rest and the totals. */
    synchronized void end(JobProgress progress) {
        rows.flush(text);
        write(console.terminal() ? CLEAR_LINE : "", text, "");
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        console.err()
                .printf(
                        Locale.ROOT,
                        "%,d rows in, %,d results, %.1f s%n",
                        progress.rowsRead(),
                        results,
                        seconds);
    }

    synchronized boolean isReaderGone() {
        return readerGone;
    }

    private void write(String before, TextBuffer middle, String after) {
        try {
            console.out().write(before.getBytes(StandardCharsets.UTF_8));
            middle.writeTo(console.out());
            console.out().write(after.getBytes(StandardCharsets.UTF_8));
            console.out().flush();
        } catch (IOException e) {
            readerGone = true;
        }
        middle.clear();
    }

    private static String rates(double rowsPerSecond, double resultsPerSecond, long stateBytes) {
        Runtime runtime = Runtime.getRuntime();
        return String.format(
                Locale.ROOT,
                "%,.0f rows/s in  ·  %,.0f results/s  ·  state %,.2f MiB  ·  heap %,.0f of %,.0f MiB",
                rowsPerSecond,
                resultsPerSecond,
                stateBytes / BYTES_PER_MIB,
                (runtime.totalMemory() - runtime.freeMemory()) / BYTES_PER_MIB,
                runtime.maxMemory() / BYTES_PER_MIB);
    }
}
