// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/** Snapshots in memory, in the very bytes of a file: what can't be stored on disk can't be stored here either. */
final class SnapshotsInMemory implements Snapshots {
    private final Map<String, ConcurrentNavigableMap<Long, Image>> images = new ConcurrentHashMap<>();

    private record Image(SnapshotMetadata metadata, byte[][] chunks) {}

    @Override
    public Path place(String persistenceId) {
        return Path.of("memory");
    }

    @Override
    public void save(SnapshotMetadata metadata, NumberedDirectory.Content content) throws IOException {
        ChunkedBytes bytes = new ChunkedBytes();
        CheckpointOutput out = new CheckpointOutput(bytes, FileKind.SNAPSHOT);
        SnapshotHeader.write(out, metadata);
        content.writeTo(out);
        out.finish();
        Image image = new Image(metadata, bytes.chunks());
        Image taken = images.computeIfAbsent(metadata.persistenceId(), id -> new ConcurrentSkipListMap<>())
                .putIfAbsent(metadata.sequenceNr(), image);
        if (taken != null) {
            throw StoreErrors.fenced("memory", "snapshot " + metadata.sequenceNr() + " of " + metadata.persistenceId()
                    + " is stored already");
        }
    }

    @Override
    public <T> Optional<Stored<T>> load(String persistenceId, SnapshotSelectionCriteria criteria,
            NumberedDirectory.Reading<T> reading) throws IOException {
        for (Image image : images(persistenceId).descendingMap().values()) {
            if (criteria.matches(image.metadata())) {
                return Optional.of(read(image, reading));
            }
        }
        return Optional.empty();
    }

    @Override
    public void delete(String persistenceId, SnapshotSelectionCriteria criteria) {
        images(persistenceId).values().removeIf(image -> criteria.matches(image.metadata()));
    }

    private ConcurrentNavigableMap<Long, Image> images(String persistenceId) {
        return images.getOrDefault(persistenceId, new ConcurrentSkipListMap<>());
    }

    private static <T> Stored<T> read(Image image, NumberedDirectory.Reading<T> reading) throws IOException {
        String name = "the snapshot of " + image.metadata().persistenceId() + " in memory";
        CheckpointInput in = new CheckpointInput(ChunkedBytes.stream(image.chunks()), FileKind.SNAPSHOT, name);
        return in.refusingShortSections(framed -> {
            SnapshotHeader.read(framed, image.metadata().persistenceId(), image.metadata().sequenceNr(), name);
            framed.nextSection();
            Stored<T> stored = new Stored<>(image.metadata(), reading.readFrom(framed));
            framed.finish();
            return stored;
        });
    }
}
