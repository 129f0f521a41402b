// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.client;

import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobProgress;
import java.util.concurrent.CompletableFuture;

/** A job that was submitted to a node. */
public interface JobHandle {
    String name();

    /** Completes when the job has finished, stopped or failed. Never completes exceptionally. */
    CompletableFuture<JobOutcome> outcome();

    /** What the job has done, as known a moment ago. Any thread. */
    JobProgress progress();

    /** What holds the job up for now (a broker that does not answer), or null; it goes on by itself. Any thread. */
    String problem();

    /** Asks the job to end its epochs and stop; {@link #outcome} completes when it has. Any thread. */
    void stop();
}
