// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import com.typesafe.config.Config;
import dev.millrace.checkpointing.store.DirectorySnapshotStore;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import scala.concurrent.Future;

/** The snapshot store of an engine that dies before or after a snapshot is stored, or deleted. */
public final class DyingSnapshots extends DirectorySnapshotStore {
    public DyingSnapshots(Config config) {
        super(config);
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        return DyingJournal.between(
                Point.BEFORE_SNAPSHOT, () -> super.doSaveAsync(metadata, snapshot), Point.AFTER_SNAPSHOT);
    }

    @Override
    public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return DyingJournal.between(
                Point.BEFORE_DELETE, () -> super.doDeleteAsync(persistenceId, criteria), Point.AFTER_DELETE);
    }
}
