// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.checkpointing.PartitionImage;
import dev.millrace.cluster.message.LocalMessage;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotOffer;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import scala.Option;

/**
 * Stores and loads the images of one partition, and does nothing else. A classic persistent actor, because a typed one
 * would hold back every message while an image is being stored.
 *
 * <p>The log of a partition: each start writes {@link KeeperEvent.Started}, its claim; each epoch writes
 * {@link KeeperEvent.EpochEnded} and then its image under the same number. An epoch is durable when its image is. Two
 * images are kept, and all events since the older one.
 *
 * <p>Whoever fails to write stops: either a newer owner has claimed the log, or nobody knows what was written.
 */
public final class Keeper extends AbstractPersistentActor {
    /** Store this image. */
    record Keep(PartitionImage image) implements LocalMessage {}

    private final String persistenceId;
    private final ActorRef<PartitionCommand> partition;
    private long incarnation;
    private PartitionImage recovered;
    private long lastEpochEnded;
    private PartitionImage storing;
    private long storedSequence;
    private long storedBeforeSequence;

    private Keeper(String persistenceId, ActorRef<PartitionCommand> partition) {
        this.persistenceId = persistenceId;
        this.partition = partition;
    }

    /**
     * @param persistenceId name of the log
     * @param partition who is told
     */
    static Props props(String persistenceId, ActorRef<PartitionCommand> partition) {
        return Props.create(Keeper.class, () -> new Keeper(persistenceId, partition));
    }

    @Override
    public String persistenceId() {
        return persistenceId;
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder()
                .match(KeeperEvent.Started.class, event -> incarnation = Math.max(incarnation, event.incarnation()))
                .match(KeeperEvent.EpochEnded.class, event -> lastEpochEnded = event.epoch())
                .match(SnapshotOffer.class, offer -> {
                    recovered = (PartitionImage) offer.snapshot();
                    incarnation = Math.max(incarnation, recovered.incarnation());
                    storedSequence = offer.metadata().sequenceNr();
                })
                .match(RecoveryCompleted.class, _ -> claim())
                .build();
    }

    private void claim() {
        long epoch = recovered == null ? 0 : recovered.epoch();
        // An epoch ends only when the image of the one before it is stored: two without an image mean that one is gone.
        if (lastEpochEnded > epoch + 1) {
            fail(new MillraceException(ErrorCode.STATE_DAMAGED,
                    "the image of epoch " + (lastEpochEnded - 1) + " of partition " + persistenceId + " is missing",
                    "restore the state directory from a copy"));
            return;
        }
        incarnation++;
        persist(new KeeperEvent.Started(incarnation), _ -> {
            partition.tell(new PartitionCommand.Recovered(incarnation, recovered));
            recovered = null;
        });
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Keep.class, keep -> {
                    storing = keep.image();
                    persist(new KeeperEvent.EpochEnded(storing.epoch(), incarnation), _ -> saveSnapshot(storing));
                })
                .match(SaveSnapshotSuccess.class, success -> onStored(success.metadata().sequenceNr()))
                .match(SaveSnapshotFailure.class, failure -> fail(failure.cause()))
                .matchAny(_ -> {})
                .build();
    }

    private void onStored(long sequence) {
        partition.tell(new PartitionCommand.Kept(storing.epoch()));
        storing = null;
        storedBeforeSequence = storedSequence;
        storedSequence = sequence;
        if (storedBeforeSequence > 1) {
            deleteMessages(storedBeforeSequence - 1);
            deleteSnapshots(SnapshotSelectionCriteria.create(storedBeforeSequence - 1, Long.MAX_VALUE));
        }
    }

    private void fail(Throwable cause) {
        fail(cause, ErrorCode.STATE_UNWRITABLE);
    }

    private void fail(Throwable cause, ErrorCode otherwise) {
        ErrorCode code = cause instanceof MillraceException e ? e.code() : otherwise;
        partition.tell(new PartitionCommand.KeeperFailed(code, String.valueOf(cause.getMessage())));
        getContext().stop(getSelf());
    }

    @Override
    public void onPersistFailure(Throwable cause, Object event, long sequence) {
        fail(cause);
    }

    @Override
    public void onPersistRejected(Throwable cause, Object event, long sequence) {
        fail(cause);
    }

    @Override
    public void onRecoveryFailure(Throwable cause, Option<Object> event) {
        fail(cause, ErrorCode.STATE_DAMAGED);
    }
}
