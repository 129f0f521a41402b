// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Writes down what it is told to do. */
final class FakeBackend implements Backend, Names {
    /** A statement with this word in it runs until it is cancelled. */
    static final String ENDLESS = "endless";

    final List<String> executed = new ArrayList<>();
    final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final int exitCode;

    FakeBackend(int exitCode) {
        this.exitCode = exitCode;
    }

    @Override
    public int execute(String text) {
        executed.add(text);
        if (text.contains(ENDLESS)) {
            running.countDown();
            try {
                if (!cancelled.await(5, TimeUnit.SECONDS)) {
                    executed.add("never cancelled");
                }
            } catch (InterruptedException e) {
                executed.add("interrupted");
            }
        }
        return exitCode;
    }

    @Override
    public void cancel() {
        cancelled.countDown();
    }

    @Override
    public Names names() {
        return this;
    }

    @Override
    public int awaitJobs() {
        executed.add("await jobs");
        return 0;
    }

    @Override
    public void close() {}

    @Override
    public Collection<String> tables() {
        return Set.of("trades", "Order Lines");
    }

    @Override
    public List<String> columns(String table) {
        return switch (table) {
            case "trades" -> List.of("symbol", "price", "group");
            case "Order Lines" -> List.of("line_no");
            default -> List.of();
        };
    }

    @Override
    public Collection<String> functions() {
        return List.of("SUBSTR", "SUM");
    }

    @Override
    public Collection<String> jobs() {
        return List.of("copy");
    }
}
