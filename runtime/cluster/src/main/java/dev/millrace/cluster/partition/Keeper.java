// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.checkpointing.ImageComplete;
import dev.millrace.cluster.message.LocalMessage;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.protocol.EpochLog;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import scala.Option;

/**
 * Stores and loads the epochs of one partition, and does nothing else: a shell around the rules of {@link EpochLog}. A
 * classic persistent actor, because a typed one would hold back every message while a snapshot is being stored.
 *
 * <p>At its start it gives the partition what the log holds, epoch by epoch, and claims the log. Then it writes one epoch
 * after the other; those that come meanwhile wait in its stash.
 *
 * <p>Whoever fails to write stops: either a newer owner has claimed the log, or nobody knows what was written.
 */
public final class Keeper extends LogActor {
    /** What the keeper is told. */
    sealed interface Command extends LocalMessage {}

    /** Store this epoch. */
    record Keep(EpochCommitted epoch) implements Command {}

    /** The rows of all epochs up to this one have left. */
    record Settled(long epoch) implements Command {}

    private final long lastGeneration;
    private final ActorRef<PartitionCommand> partition;
    private final EpochLog log;
    /** The snapshot that is being stored, or null. */
    private EpochLog.Snapshot storing;

    private Keeper(String persistenceId, long lastGeneration, ActorRef<PartitionCommand> partition) {
        super(persistenceId);
        this.lastGeneration = lastGeneration;
        this.partition = partition;
        log = new EpochLog(persistenceId);
    }

    /**
     * @param persistenceId name of the log
     * @param lastGeneration the last of the job's generations that was ever begun, as far as the job knows
     * @param partition who is told
     */
    static Props props(String persistenceId, long lastGeneration, ActorRef<PartitionCommand> partition) {
        return Props.create(Keeper.class, () -> new Keeper(persistenceId, lastGeneration, partition));
    }

    @Override
    public Receive createReceiveRecover() {
        return LogReading.of(log, event -> partition.tell(new PartitionCommand.Replayed(event)))
                .match(RecoveryCompleted.class, _ -> claim())
                .build();
    }

    private void claim() {
        long incarnation;
        try {
            incarnation = log.claim(lastGeneration);
        } catch (MillraceException e) {
            fail(e);
            return;
        }
        persist(
                new KeeperEvent.Started(incarnation),
                _ -> partition.tell(new PartitionCommand.Recovered(incarnation)));
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Keep.class, keep -> persist(keep.epoch(), this::onWritten))
                .match(Settled.class, settled -> {
                    log.released(settled.epoch());
                    storeSnapshot();
                })
                .match(SaveSnapshotSuccess.class, _ -> onStored())
                .match(SaveSnapshotFailure.class, failure -> fail(failure.cause()))
                .matchAny(_ -> {})
                .build();
    }

    private void onWritten(EpochCommitted event) {
        log.written(event.epoch(), lastSequenceNr(), event.begins(), event.completes());
        partition.tell(new PartitionCommand.Kept(event.epoch()));
        storeSnapshot();
    }

    private void storeSnapshot() {
        if (storing == null) {
            storing = log.snapshot();
            if (storing != null) {
                saveSnapshot(new ImageComplete(storing.firstEpoch(), storing.lastEpoch(), log.incarnation()));
            }
        }
    }

    /** The number of the snapshot that is being stored: see {@link EpochLog}. */
    @Override
    public long snapshotSequenceNr() {
        return storing == null ? super.snapshotSequenceNr() : storing.number();
    }

    private void onStored() {
        log.stored(storing).ifPresent(to -> {
            deleteMessages(to);
            deleteSnapshots(SnapshotSelectionCriteria.create(to - 1, Long.MAX_VALUE));
        });
        storing = null;
    }

    @Override
    void fail(Throwable cause) {
        fail(cause, ErrorCode.STATE_UNWRITABLE);
    }

    private void fail(Throwable cause, ErrorCode otherwise) {
        ErrorCode code = cause instanceof MillraceException e ? e.code() : otherwise;
        partition.tell(new PartitionCommand.KeeperFailed(code, String.valueOf(cause.getMessage())));
        getContext().stop(getSelf());
    }

    @Override
    public void onRecoveryFailure(Throwable cause, Option<Object> event) {
        fail(cause, ErrorCode.STATE_DAMAGED);
    }
}
