// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.jdbc;

import com.typesafe.config.Config;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.jdbc.snapshot.JdbcSnapshotStore;
import scala.Option;
import scala.concurrent.Future;
import scala.runtime.BoxedUnit;

/**
 * The snapshot plugin {@code millrace.checkpointing.jdbc.snapshots}: Pekko's for databases, with errors that say what to
 * do. It chooses by upper bounds alone; a snapshot below the lower ones that were asked for is refused here. A snapshot
 * under a number that is taken replaces the one that is there.
 */
public final class JdbcSnapshots extends JdbcSnapshotStore {
    /** @param config the plugin's section, see {@code reference.conf} of this module */
    public JdbcSnapshots(Config config) {
        super(config);
    }

    @Override
    public Future<Option<SelectedSnapshot>> loadAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        Future<Option<SelectedSnapshot>> loaded = super.loadAsync(persistenceId, criteria)
                .map(found -> found.filter(snapshot -> criteria.matches(snapshot.metadata())), context().dispatcher());
        return JdbcErrors.explained(loaded, failure -> JdbcErrors.reading(persistenceId, failure),
                context().dispatcher());
    }

    @Override
    public Future<BoxedUnit> saveAsync(SnapshotMetadata metadata, Object snapshot) {
        return JdbcErrors.explained(super.saveAsync(metadata, snapshot),
                failure -> JdbcErrors.writing(metadata.persistenceId(), failure), context().dispatcher());
    }

    @Override
    public Future<BoxedUnit> deleteAsync(SnapshotMetadata metadata) {
        return JdbcErrors.explained(super.deleteAsync(metadata),
                failure -> JdbcErrors.writing(metadata.persistenceId(), failure), context().dispatcher());
    }

    @Override
    public Future<BoxedUnit> deleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
        return JdbcErrors.explained(super.deleteAsync(persistenceId, criteria),
                failure -> JdbcErrors.writing(persistenceId, failure), context().dispatcher());
    }
}
