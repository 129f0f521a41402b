// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import com.typesafe.config.Config;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.japi.pf.ReceiveBuilder;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import scala.PartialFunction;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import scala.runtime.BoxedUnit;

/** What the snapshot plugins have in common: Pekko's protocol in front of {@link Snapshots}. */
abstract class SnapshotPlugin extends SnapshotStore {
    private final Snapshots snapshots;
    private final Executor executor;
    private final ObjectCodec codec;
    private SnapshotMetadata failedSave;

    /** @param place gives the place where snapshots are kept */
    SnapshotPlugin(Config config, Function<ActorSystem, Snapshots> place) {
        ExtendedActorSystem system = (ExtendedActorSystem) context().system();
        this.snapshots = place.apply(system);
        this.executor = StoreSettings.executor(system, config);
        this.codec = new ObjectCodec(system);
    }

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return submit(IoTask.reading(snapshots.place(persistenceId),
                () -> snapshots.load(persistenceId, criteria, codec::read)
                        .map(stored -> SelectedSnapshot.create(stored.metadata(), stored.content()))));
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        return submit(IoTask.writing(snapshots.place(metadata.persistenceId()), () -> {
            snapshots.save(metadata, out -> {
                codec.write(snapshot, out);
                out.endSection();
            });
            return null;
        }));
    }

    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        if (metadata == failedSave) {
            failedSave = null;
            return FutureConverters.asScala(CompletableFuture.<Void>completedFuture(null));
        }
        // Actors that delete by number leave the time at zero.
        long from = metadata.timestamp() == 0 ? 0 : metadata.timestamp();
        long to = metadata.timestamp() == 0 ? Long.MAX_VALUE : metadata.timestamp();
        return doDeleteAsync(metadata.persistenceId(),
                SnapshotSelectionCriteria.create(metadata.sequenceNr(), to, metadata.sequenceNr(), from));
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return submit(IoTask.writing(snapshots.place(persistenceId), () -> {
            snapshots.delete(persistenceId, criteria);
            return null;
        }));
    }

    /**
     * After a failed save Pekko deletes what may be there of it. Here nothing half-written is ever visible, and what is
     * there under the number is the valid snapshot of another writer: that one must stay. The deletion follows this
     * message in the same turn, with the same metadata object.
     */
    @Override
    public PartialFunction<Object, BoxedUnit> receivePluginInternal() {
        return ReceiveBuilder.create().match(SaveSnapshotFailure.class, failure -> failedSave = failure.metadata())
                .build().onMessage();
    }

    private <T> Future<T> submit(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        executor.execute(() -> IoTask.complete(result, task));
        return FutureConverters.asScala(result);
    }
}
