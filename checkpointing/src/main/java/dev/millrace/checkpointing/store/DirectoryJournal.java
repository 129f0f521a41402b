// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import com.typesafe.config.Config;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.Tagged;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * The journal plugin {@code millrace.checkpointing.directory.journal}: each persistence id has its log in a directory
 * of its own, see {@link EventLog}.
 *
 * <p>It never rejects a single event, as the number of a rejected event would be a hole: each failure is a persist
 * failure, by which Pekko stops the actor. It keeps no tags and has no queries.
 */
public class DirectoryJournal extends AsyncWriteJournal {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryJournal.class);

    /** A disk that takes longer is not waited for. */
    private static final Duration LAST_TASKS_MAX = Duration.ofSeconds(10);

    private final Path root;
    private final Duration supersededSlotsKept;
    private final ObjectCodec codec;
    private final KeyedTasks tasks;
    private final Cancellable tidying;
    /** One small entry for each persistence id that this process has used. */
    private final Map<String, EventLog> logs = new ConcurrentHashMap<>();

    /** @param config the plugin's section, see {@code reference.conf} of this module */
    public DirectoryJournal(Config config) {
        ExtendedActorSystem system = (ExtendedActorSystem) context().system();
        this.root = StoreSettings.directory(system).resolve(StateDirectory.JOURNAL);
        this.supersededSlotsKept = config.getDuration("superseded-slots-kept");
        this.codec = new ObjectCodec(system);
        Executor executor = StoreSettings.executor(system, config);
        this.tasks = new KeyedTasks(executor);
        this.tidying = system.scheduler().scheduleWithFixedDelay(supersededSlotsKept, supersededSlotsKept,
                () -> executor.execute(this::tidy), system.dispatcher());
    }

    @Override
    public void postStop() {
        tidying.cancel();
        // When the node has ended nobody writes here any more.
        if (!tasks.await(LAST_TASKS_MAX)) {
            LOG.warn(
                    "the last writes to {} have not ended after {} s; what is restored is as of the epochs before them",
                    root, LAST_TASKS_MAX.toSeconds());
        }
    }

    private void tidy() {
        try {
            for (String id : StateDirectory.persistenceIds(root)) {
                submit(true, id, log -> {
                    log.tidy();
                    return null;
                });
            }
        } catch (IOException e) {
            LOG.warn("old slots in {} stay for now: {}", root, e.toString());
        }
    }

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        List<AtomicWrite> writes = new ArrayList<>();
        messages.forEach(writes::add);
        // Pekko hands over the writes of one actor at a time.
        String persistenceId = writes.getFirst().persistenceId();
        return FutureConverters.asScala(submit(true, persistenceId, log -> {
            List<EventLog.Slot> slots = new ArrayList<>(writes.size());
            String writer = null;
            for (AtomicWrite write : writes) {
                List<PersistentRepr> events = CollectionConverters.asJava(write.payload());
                writer = events.getFirst().writerUuid();
                slots.add(new EventLog.Slot(write.lowestSequenceNr(), events.size(), out -> writeEvents(events, out)));
            }
            log.append(writer, slots);
            return List.of();
        }));
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
        return FutureConverters.asScala(submit(true, persistenceId, log -> {
            log.deleteTo(toSequenceNr);
            return null;
        }));
    }

    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
        return FutureConverters.asScala(submit(false, persistenceId, log -> log.recover(fromSequenceNr)));
    }

    @Override
    public Future<Void> doAsyncReplayMessages(String persistenceId, long fromSequenceNr, long toSequenceNr, long max,
            Consumer<PersistentRepr> replayCallback) {
        return FutureConverters.asScala(submit(false, persistenceId, log -> {
            log.replay(fromSequenceNr, toSequenceNr, max,
                    (in, first, count) -> readEvents(persistenceId, in, first, count), replayCallback);
            return null;
        }));
    }

    @FunctionalInterface
    private interface LogTask<T> {
        T run(EventLog log) throws IOException;
    }

    private <T> CompletableFuture<T> submit(boolean writes, String persistenceId, LogTask<T> task) {
        EventLog log = logs.computeIfAbsent(persistenceId,
                id -> new EventLog(root, id, Clock.systemUTC(), supersededSlotsKept));
        Path place = PersistenceIds.directory(root, persistenceId);
        IoTask<T> ioTask = () -> task.run(log);
        return tasks.submit(persistenceId, writes ? IoTask.writing(place, ioTask) : IoTask.reading(place, ioTask));
    }

    private void writeEvents(List<PersistentRepr> events, CheckpointOutput out) throws IOException {
        for (PersistentRepr event : events) {
            if (event.metadata().isDefined()) {
                throw new IOException("metadata of replicated event sourcing is not supported");
            }
            DataOutputStream data = new DataOutputStream(out);
            data.writeLong(event.sequenceNr());
            // Pekko leaves the time to the journal.
            data.writeLong(event.timestamp() == 0 ? System.currentTimeMillis() : event.timestamp());
            data.writeUTF(event.writerUuid());
            data.writeUTF(event.manifest());
            codec.write(event.payload() instanceof Tagged tagged ? tagged.payload() : event.payload(), out);
            out.endSection();
        }
    }

    private List<PersistentRepr> readEvents(String persistenceId, CheckpointInput in, long first, int count)
            throws IOException {
        List<PersistentRepr> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            in.nextSection();
            DataInputStream data = new DataInputStream(in);
            long sequenceNr = data.readLong();
            long timestamp = data.readLong();
            String writer = data.readUTF();
            String manifest = data.readUTF();
            if (sequenceNr != first + i) {
                throw StoreErrors.damaged("slot " + first + " of " + persistenceId,
                        "it holds event " + sequenceNr + " where " + (first + i) + " should be");
            }
            events.add(PersistentRepr.apply(codec.read(in), sequenceNr, persistenceId, manifest, false,
                    ActorRef.noSender(), writer).withTimestamp(timestamp));
        }
        return events;
    }
}
