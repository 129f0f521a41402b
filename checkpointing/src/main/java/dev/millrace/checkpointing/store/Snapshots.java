// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/** Where a snapshot plugin keeps its snapshots. Called by several threads. */
interface Snapshots {
    /** A stored snapshot with what was read from it. */
    record Stored<T>(SnapshotMetadata metadata, T content) {}

    /** The place of a persistence id's snapshots, as errors name it. */
    Path place(String persistenceId);

    /**
     * Stores a snapshot. A number that is taken is never overwritten but refused as fenced.
     *
     * @param content writes one section
     */
    void save(SnapshotMetadata metadata, NumberedDirectory.Content content) throws IOException;

    /**
     * Reads the newest snapshot that the criteria select, and only that one: if it is damaged, the reading fails.
     *
     * @param reading reads one section
     */
    <T> Optional<Stored<T>> load(String persistenceId, SnapshotSelectionCriteria criteria,
            NumberedDirectory.Reading<T> reading) throws IOException;

    /** Deletes the snapshots that the criteria select. */
    void delete(String persistenceId, SnapshotSelectionCriteria criteria) throws IOException;
}
