// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.partition.ImageLog;
import dev.millrace.cluster.partition.LogFence;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.Stage;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** The logs of partitions and those that hold one image each, for threads that may wait. */
public final class ImageStore {
    private final ExtendedActorSystem system;

    public ImageStore(ActorSystem<?> system) {
        this.system = (ExtendedActorSystem) Adapter.toClassic(system);
    }

    /** @throws MillraceException if there is no such image, or it is damaged */
    EpochCommitted read(String log) {
        return await(done -> ImageLog.reading(log, done));
    }

    /** @throws MillraceException if the log is in use, or can't be written */
    void write(String log, EpochCommitted image) {
        this.<EpochCommitted>await(done -> ImageLog.writing(log, image, done));
    }

    /**
     * Shuts the log of a partition, because a generation of the job begins with what it holds.
     *
     * @throws MillraceException with {@code STATE_FENCED} if somebody else has claimed it meanwhile, or for a later
     *     generation; with other codes if it can't be read or written
     */
    LogFence.Ended shut(String log, long generation) {
        return await(done -> LogFence.props(log, generation, done));
    }

    /**
     * Deletes all images of a savepoint.
     *
     * @throws MillraceException if the logs can't be written
     */
    public void deleteAll(Savepoint savepoint) {
        for (Stage stage : savepoint.plan().stages()) {
            for (int index = 0; index < stage.partitions(); index++) {
                String log = savepoint.log(stage.index(), index);
                this.<EpochCommitted>await(done -> ImageLog.deleting(log, done));
            }
        }
    }

    private <T> T await(Function<CompletableFuture<T>, Props> task) {
        CompletableFuture<T> done = new CompletableFuture<>();
        system.systemActorOf(task.apply(done), "image-" + UUID.randomUUID());
        try {
            return done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof MillraceException known
                    ? known
                    : new MillraceException(
                            ErrorCode.STATE_UNWRITABLE, String.valueOf(e.getCause().getMessage()), null, null,
                            e.getCause());
        }
    }
}
