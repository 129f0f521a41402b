// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.Props;
import org.apache.pekko.persistence.DeleteMessagesFailure;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.RecoveryCompleted;

/**
 * A log with the image of one partition and nothing else: that of a savepoint, or the beginning of a partition's own log.
 * Reads it, writes it or deletes it, and stops.
 */
public final class ImageLog extends LogActor {
    /** What is to be done when the log was read. */
    private enum Task {
        READ, WRITE, DELETE
    }

    private final Task task;
    private final EpochCommitted image;
    private final CompletableFuture<EpochCommitted> done;
    private EpochCommitted found;

    private ImageLog(String persistenceId, Task task, EpochCommitted image, CompletableFuture<EpochCommitted> done) {
        super(persistenceId);
        this.task = task;
        this.image = image;
        this.done = done;
    }

    /** @param done gets the image; fails if there is none or it is damaged */
    public static Props reading(String persistenceId, CompletableFuture<EpochCommitted> done) {
        return props(persistenceId, Task.READ, null, done);
    }

    /** @param done gets the image when it is durable; fails if the log is in use */
    public static Props writing(String persistenceId, EpochCommitted image, CompletableFuture<EpochCommitted> done) {
        return props(persistenceId, Task.WRITE, image, done);
    }

    /** @param done gets null when the log is empty; an image that is damaged is deleted as well */
    public static Props deleting(String persistenceId, CompletableFuture<EpochCommitted> done) {
        return props(persistenceId, Task.DELETE, null, done);
    }

    private static Props props(
            String persistenceId, Task task, EpochCommitted image, CompletableFuture<EpochCommitted> done) {
        return Props.create(ImageLog.class, () -> new ImageLog(persistenceId, task, image, done));
    }

    /** Only who reads the image has to load it. */
    @Override
    public Recovery recovery() {
        return task == Task.READ ? Recovery.create() : Recovery.none();
    }

    @Override
    public Receive createReceiveRecover() {
        return receiveBuilder()
                .match(EpochCommitted.class, event -> found = event)
                .match(RecoveryCompleted.class, _ -> begin())
                .matchAny(_ -> {})
                .build();
    }

    private void begin() {
        switch (task) {
            case READ -> {
                if (found == null) {
                    fail(new MillraceException(
                            ErrorCode.STATE_DAMAGED, "the image " + persistenceId() + " is missing",
                            "restore the state directory from a copy"));
                } else {
                    end(found);
                }
            }
            case WRITE -> {
                if (lastSequenceNr() > 0) {
                    fail(new MillraceException(
                            ErrorCode.STATE_FENCED, "the log " + persistenceId() + " is in use", null));
                } else {
                    persist(new KeeperEvent.Started(image.incarnation()), _ -> persist(image, this::end));
                }
            }
            case DELETE -> deleteMessages(lastSequenceNr());
        }
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(DeleteMessagesSuccess.class, _ -> end(null))
                .match(DeleteMessagesFailure.class, failure -> fail(failure.cause()))
                .matchAny(_ -> {})
                .build();
    }

    private void end(EpochCommitted result) {
        done.complete(result);
        getContext().stop(getSelf());
    }

    @Override
    void fail(Throwable cause) {
        done.completeExceptionally(cause);
        getContext().stop(getSelf());
    }
}
