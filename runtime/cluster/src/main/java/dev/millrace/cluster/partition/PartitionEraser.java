// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.LocalMessage;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.AbstractPersistentActor;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsFailure;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/**
 * Erases what a partition has left behind that never starts again: first it claims the log, unread, so that a start which
 * is still at work somewhere can't write any more; then it clears the target; then it empties the log. What stays is the
 * claim, and for a while what the store keeps to fence stalled writers.
 *
 * <p>Stops with or without success; who sees it stop without {@link Erased} may try again.
 */
public final class PartitionEraser extends AbstractPersistentActor {
    /**
     * It is done.
     *
     * @param partition the partition's log
     * @param left what could not be removed and why, or null
     */
    public record Erased(String partition, String left) implements LocalMessage {}

    private record TargetCleared(String problem) implements LocalMessage {}

    private final String partition;
    private final TargetFence target;
    private final Duration targetWait;
    private final ActorRef<? super Erased> replyTo;
    private Cancellable patience = Cancellable.alreadyCancelled();
    private String left;
    private int deletions;

    private PartitionEraser(
            String partition, Supplier<EpochSink> target, Duration targetWait, ActorRef<? super Erased> replyTo) {
        this.partition = partition;
        this.target = target == null ? null : new TargetFence(target);
        this.targetWait = targetWait;
        this.replyTo = replyTo;
    }

    /**
     * @param partition name of the partition's log
     * @param target makes a sink of the last owner; null if there is nothing to clear
     * @param targetWait how long a target is waited for that is away
     */
    public static Props props(
            String partition, Supplier<EpochSink> target, Duration targetWait, ActorRef<? super Erased> replyTo) {
        return Props.create(
                PartitionEraser.class, () -> new PartitionEraser(partition, target, targetWait, replyTo));
    }

    @Override
    public String persistenceId() {
        return partition;
    }

    @Override
    public Recovery recovery() {
        return Recovery.none();
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder().match(RecoveryCompleted.class, _ -> claim()).build();
    }

    private void claim() {
        persist(new KeeperEvent.Started(EpochOwner.LAST), _ -> {
            if (target == null) {
                empty();
                return;
            }
            CompletableFuture
                    .supplyAsync(target::clear, getContext().getSystem().dispatchers().lookup(NodeContext.BLOCKING))
                    .thenAccept(problem -> getSelf().tell(new TargetCleared(problem), getSelf()));
            patience = getContext().getSystem().scheduler()
                    .scheduleOnce(targetWait, target::giveUp, getContext().getDispatcher());
        });
    }

    private void empty() {
        deletions = 2;
        deleteMessages(lastSequenceNr());
        deleteSnapshots(SnapshotSelectionCriteria.latest());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(TargetCleared.class, cleared -> {
                    patience.cancel();
                    left = cleared.problem();
                    empty();
                })
                .match(DeleteMessagesSuccess.class, _ -> deleted(null))
                .match(DeleteSnapshotsSuccess.class, _ -> deleted(null))
                .match(DeleteMessagesFailure.class, failure -> deleted(failure.cause()))
                .match(DeleteSnapshotsFailure.class, failure -> deleted(failure.cause()))
                .matchAny(_ -> {})
                .build();
    }

    private void deleted(Throwable failure) {
        if (failure != null && left == null) {
            left = failure.getMessage();
        }
        if (--deletions == 0) {
            replyTo.tell(new Erased(partition, left));
            getContext().stop(getSelf());
        }
    }

    @Override
    public void postStop() {
        patience.cancel();
        if (target != null) {
            target.giveUp();
        }
    }
}
