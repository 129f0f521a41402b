// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobState;
import dev.millrace.server.run.ClientResult;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A SELECT whose rows are on their way to the screen, until it ends or somebody has seen enough. */
final class RunningQuery {
    /** A query that was cancelled ends in the background if it takes longer. */
    private static final long STOP_SECONDS_MAX = 5;

    private final JobHandle job;
    private final ClientResult result;
    private final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

    RunningQuery(JobHandle job, ClientResult result) {
        this.job = job;
        this.result = result;
    }

    /** Ends the query. Any thread. */
    void cancel() {
        cancelled.complete(true);
        job.stop();
    }

    boolean isCancelled() {
        return cancelled.isDone();
    }

    /**
     * Waits until the query has ended, and all its rows are on the screen.
     *
     * @return how it ended; FINISHED also if it was stopped because its LIMIT was reached
     * @throws dev.millrace.engine.error.MillraceException if the rows could not be shown
     */
    JobOutcome await() {
        CompletableFuture.anyOf(job.outcome(), cancelled).join();
        if (isCancelled()) {
            // At once: what is still under way is of no interest any more.
            result.close(false);
            JobOutcome stopped = new JobOutcome(JobState.STOPPED, null, null, job.progress());
            return job.outcome().completeOnTimeout(stopped, STOP_SECONDS_MAX, TimeUnit.SECONDS).join();
        }
        JobOutcome outcome = job.outcome().join();
        result.close(outcome.state() == JobState.FINISHED);
        boolean enough = result.hasStoppedJob() && outcome.state() == JobState.STOPPED;
        return enough ? new JobOutcome(JobState.FINISHED, null, null, outcome.progress()) : outcome;
    }

    /** Rows that have come. */
    long rows() {
        return result.rowsGiven();
    }
}
