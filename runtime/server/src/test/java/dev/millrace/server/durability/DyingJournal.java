// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import com.typesafe.config.Config;
import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.checkpointing.store.DirectoryJournal;
import dev.millrace.cluster.job.JobEvent;
import dev.millrace.cluster.partition.KeeperEvent;
import java.util.Optional;
import org.apache.pekko.persistence.AtomicWrite;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/** The journal of an engine that dies before or after an event is stored. */
public final class DyingJournal extends DirectoryJournal {
    public DyingJournal(Config config) {
        super(config);
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        Object event = CollectionConverters.asJava(messages.iterator().next().payload()).getFirst().payload();
        switch (event) {
            case EpochCommitted _ -> {
                return between(Point.BEFORE_WRITE, () -> super.doAsyncWriteMessages(messages), Point.AFTER_WRITE);
            }
            case KeeperEvent _ -> {
                return between(Point.BEFORE_CLAIM, () -> super.doAsyncWriteMessages(messages), Point.AFTER_CLAIM);
            }
            case JobEvent _ -> {
                return between(
                        Point.BEFORE_JOB_EVENT, () -> super.doAsyncWriteMessages(messages), Point.AFTER_JOB_EVENT);
            }
            default -> {
                return super.doAsyncWriteMessages(messages);
            }
        }
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return between(Point.BEFORE_DELETE, () -> super.doAsyncDeleteMessagesTo(persistenceId, toSequenceNr),
                Point.AFTER_DELETE);
    }

    /** What the store does, with a death before it or after it, when nobody has been told yet. */
    static <T> Future<T> between(Point before, java.util.function.Supplier<Future<T>> store, Point after) {
        Death.at(before);
        return FutureConverters.asScala(FutureConverters.asJava(store.get()).thenApply(result -> {
            Death.at(after);
            return result;
        }));
    }
}
