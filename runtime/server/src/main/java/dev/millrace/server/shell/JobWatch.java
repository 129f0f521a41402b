// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.client.MillraceClient;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Looks after jobs on a server and tells when one has finished or failed. */
final class JobWatch implements AutoCloseable {
    private static final long LOOK_SECONDS = 1;
    private static final Set<String> ENDED = Set.of("finished", "stopped", "failed");

    private final MillraceClient client;
    private final Consumer<String> tell;
    private final Set<String> jobs = new ConcurrentSkipListSet<>();
    private final ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "job-watch");
        thread.setDaemon(true);
        return thread;
    });

    /** @param tell takes a line about a job, on a thread of its own */
    JobWatch(MillraceClient client, Consumer<String> tell) {
        this.client = client;
        this.tell = tell;
        looking.scheduleWithFixedDelay(() -> jobs.forEach(this::look), LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    void add(String job) {
        jobs.add(job);
    }

    private void look(String name) {
        try {
            JsonNode job = client.job(name);
            String state = job.path("state").asText();
            if (ENDED.contains(state)) {
                jobs.remove(name);
                if (state.equals("stopped")) {
                    // Who asked for it was told.
                    return;
                }
                String reason = job.path("reason").isTextual() ? ": " + firstLine(job.path("reason").asText()) : "";
                String code = job.path("code").isTextual() ? job.path("code").asText() + "  " : "";
                tell.accept(code + "job \"" + name + "\" " + state + reason);
            }
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.SERVER_UNREACHABLE) {
                // It was dropped.
                jobs.remove(name);
            }
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }

    @Override
    public void close() {
        looking.shutdownNow();
    }
}
