// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.engine.error.MillraceException;
import java.time.Duration;
import java.util.function.Function;

/** When new splits of a running job are looked for, where its sources can get more. */
final class SplitDiscovery {
    private static final long NEVER = Long.MAX_VALUE;

    private final NodeContext node;
    private final JobBackground background;
    private long dueNanos = NEVER;
    private boolean looking;

    SplitDiscovery(NodeContext node, JobBackground background) {
        this.node = node;
        this.background = background;
    }

    /** The job starts with the splits that it knows. */
    void schedule(JobRecord record) {
        Duration interval = JobSplits.discoveryInterval(record.plan(), node.connectors());
        dueNanos = interval == null ? NEVER : System.nanoTime() + interval.toNanos();
    }

    /**
     * Looks for new ones if it is time to; the job is told all there are.
     *
     * @param failed what the job is told if they can't be looked for
     */
    void lookIfDue(JobRecord record, Function<MillraceException, JobCommand> failed) {
        if (looking || dueNanos == NEVER || System.nanoTime() - dueNanos < 0) {
            return;
        }
        looking = true;
        schedule(record);
        background.run(
                () -> JobSplits.discover(record.plan(), record.splits(), node.connectors()),
                JobCommand.SplitsDiscovered::new,
                failed);
    }

    /** Whether the job has not been told yet what there is. */
    boolean isLooking() {
        return looking;
    }

    /** The job has been told. */
    void looked() {
        looking = false;
    }
}
