// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.protocol.EpochLog;
import dev.millrace.engine.error.MillraceException;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.RecoveryCompleted;

/**
 * Shuts the log of a partition, because another generation of the job begins with what it holds: reads it, as a start
 * would, and claims it. So a start that is still at work somewhere can't write any more, and what was read is its end,
 * unless the job goes on as it was. Then it stops.
 */
public final class LogFence extends LogActor {
    /**
     * The log is shut.
     *
     * @param incarnation with which it is claimed; who shuts out others from the target takes this as well
     * @param header what the last epoch says
     */
    public record Ended(long incarnation, EpochHeader header) {}

    private final long generation;
    private final CompletableFuture<Ended> done;
    private final EpochLog log;
    private byte[] header;

    private LogFence(String persistenceId, long generation, CompletableFuture<Ended> done) {
        super(persistenceId);
        this.generation = generation;
        this.done = done;
        log = new EpochLog(persistenceId);
    }

    /**
     * @param generation that begins with what the log holds
     * @param done fails with {@code STATE_FENCED} if somebody else has claimed the log at the same moment, or for a later
     *     generation
     */
    public static Props props(String persistenceId, long generation, CompletableFuture<Ended> done) {
        return Props.create(LogFence.class, () -> new LogFence(persistenceId, generation, done));
    }

    @Override
    public Receive createReceiveRecover() {
        return LogReading.of(log, event -> header = event.header())
                .match(RecoveryCompleted.class, _ -> claim())
                .build();
    }

    private void claim() {
        long incarnation;
        try {
            incarnation = log.claim(generation);
        } catch (MillraceException e) {
            fail(e);
            return;
        }
        persist(new KeeperEvent.Shut(incarnation, generation), _ -> {
            done.complete(new Ended(incarnation, header == null ? EpochHeader.EMPTY : EpochHeader.read(header)));
            getContext().stop(getSelf());
        });
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().matchAny(_ -> {}).build();
    }

    @Override
    void fail(Throwable cause) {
        done.completeExceptionally(cause);
        getContext().stop(getSelf());
    }
}
