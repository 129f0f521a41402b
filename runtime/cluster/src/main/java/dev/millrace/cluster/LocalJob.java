// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.cluster.client.WatcherActor;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.JobUpdate;
import dev.millrace.engine.plan.JobPlan;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/** The handle of a job that this process watches. */
final class LocalJob implements JobHandle {
    private static final Duration RESEND = Duration.ofSeconds(2);

    private final JobId id;
    private final EntityRef<JobCommand> job;
    private final CompletableFuture<JobOutcome> outcome = new CompletableFuture<>();
    private volatile JobProgress progress = JobProgress.NONE;
    private volatile boolean heard;
    private Cancellable resending;

    private LocalJob(JobId id, EntityRef<JobCommand> job) {
        this.id = id;
        this.job = job;
    }

    static LocalJob start(
            JobId id, JobPlan plan, ActorRef<ClientCommand> client, ActorSystem<?> system, Entities entities) {
        LocalJob local = new LocalJob(id, entities.job(id));
        ActorRef<JobUpdate> watcher =
                system.systemActorOf(WatcherActor.create(local::onUpdate), "watcher-" + id.unique(), Props.empty());
        JobCommand.Run run = new JobCommand.Run(id, plan, client, watcher);
        // A message through sharding may get lost; the job takes the same one as often as it comes.
        local.resending = system.scheduler()
                .scheduleWithFixedDelay(
                        Duration.ZERO,
                        RESEND,
                        () -> {
                            if (!local.heard) {
                                local.job.tell(run);
                            }
                        },
                        system.executionContext());
        local.outcome.thenRun(() -> local.resending.cancel());
        return local;
    }

    private void onUpdate(JobUpdate update) {
        heard = true;
        progress = update.counters().toProgress();
        if (update.state().isTerminal()) {
            outcome.complete(new JobOutcome(update.state(), update.code(), update.reason(), progress));
        }
    }

    @Override
    public String name() {
        return id.name();
    }

    @Override
    public CompletableFuture<JobOutcome> outcome() {
        return outcome;
    }

    @Override
    public JobProgress progress() {
        return progress;
    }

    @Override
    public void stop() {
        job.tell(new JobCommand.Stop());
    }
}
