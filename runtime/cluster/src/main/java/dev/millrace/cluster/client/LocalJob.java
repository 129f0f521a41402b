// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.client;

import dev.millrace.cluster.context.Entities;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.JobUpdate;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobProgress;
import dev.millrace.cluster.status.JobState;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.JobPlan;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/** The handle of a job that this process watches. */
public final class LocalJob implements JobHandle {
    private static final Duration CHECK = Duration.ofSeconds(2);

    /** A job gives a sign of life every three seconds; whoever hears none for so long asks for the job again. */
    private static final Duration SILENCE = Duration.ofSeconds(8);

    /** After so long without any answer the job counts as failed. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    private static final AtomicLong WATCHERS = new AtomicLong();

    private final JobId id;
    private final EntityRef<JobCommand> job;
    private final CompletableFuture<JobOutcome> outcome = new CompletableFuture<>();
    private volatile JobProgress progress = JobProgress.NONE;
    private volatile String problem;
    private volatile boolean heard;
    private volatile boolean paused;
    private volatile long heardNanos = System.nanoTime();
    private Cancellable checking;

    private LocalJob(JobId id, EntityRef<JobCommand> job) {
        this.id = id;
        this.job = job;
    }

    public static LocalJob start(
            JobId id, JobPlan plan, Savepoint savepoint, ActorRef<ClientCommand> client, ActorSystem<?> system,
            Entities entities) {
        LocalJob local = new LocalJob(id, entities.job(id));
        ActorRef<JobUpdate> watcher = system.systemActorOf(
                WatcherActor.create(local::onUpdate),
                "watcher-" + id.unique() + "-" + WATCHERS.incrementAndGet(),
                Props.empty());
        JobCommand.Run run = new JobCommand.Run(id, plan, savepoint, client, watcher);
        // From this thread, so that whoever asks for the job next asks one that has been told to run.
        local.job.tell(run);
        // A message through sharding may get lost, and a job may start anew elsewhere; it takes the same message as
        // often as it comes.
        local.checking = system.scheduler()
                .scheduleWithFixedDelay(CHECK, CHECK, () -> local.check(run), system.executionContext());
        local.outcome.thenRun(() -> {
            local.checking.cancel();
            if (client != null) {
                client.tell(new ClientCommand.End());
            }
        });
        return local;
    }

    private void check(JobCommand.Run run) {
        if (paused) {
            // It says nothing as long as it rests, and to ask for it again would be to resume it.
            return;
        }
        long silence = System.nanoTime() - heardNanos;
        if (silence > SILENCE_MAX.toNanos()) {
            outcome.complete(new JobOutcome(
                    JobState.FAILED,
                    ErrorCode.JOB_FAILED,
                    "the job gives no answer; its log may be damaged or can't be written",
                    progress));
        } else if (heard && silence > SILENCE.toNanos() && id.name().isEmpty()) {
            // To run it again would be to give rows twice.
            outcome.complete(new JobOutcome(
                    JobState.FAILED,
                    ErrorCode.JOB_FAILED,
                    "the node that led the query is gone; run it again",
                    progress));
        } else if (!heard || silence > SILENCE.toNanos()) {
            job.tell(run);
        }
    }

    private void onUpdate(JobUpdate update) {
        heard = true;
        heardNanos = System.nanoTime();
        progress = update.counters().toProgress();
        problem = update.problem();
        paused = update.state() == JobState.PAUSED;
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
    public String problem() {
        return problem;
    }

    /** The process ends: the job stops for now and goes on in the next one. */
    public void rest() {
        job.tell(new JobCommand.Stop(JobState.RUNNING, null));
    }

    @Override
    public void stop() {
        job.tell(new JobCommand.Stop(JobState.STOPPED, null));
    }
}
