// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/** Snapshots as numbered files, one directory a persistence id. */
final class SnapshotFiles implements Snapshots {
    /** How often a load starts again because the file that it chose was deleted under it. */
    private static final int CHOICES_MAX = 3;

    private final Path root;

    SnapshotFiles(Path root) {
        this.root = root;
    }

    @Override
    public Path place(String persistenceId) {
        return PersistenceIds.directory(root, persistenceId);
    }

    @Override
    public void save(SnapshotMetadata metadata, NumberedDirectory.Content content) throws IOException {
        NumberedDirectory directory = directory(metadata.persistenceId());
        directory.create();
        Path temporary = directory.writeTemporary(FileKind.SNAPSHOT, out -> {
            SnapshotHeader.write(out, metadata);
            content.writeTo(out);
        });
        try {
            if (!directory.publish(temporary, FileKind.SNAPSHOT, metadata.sequenceNr())) {
                throw StoreErrors.fenced(directory.path().toString(),
                        "snapshot " + metadata.sequenceNr() + " is stored already");
            }
        } finally {
            Files.deleteIfExists(temporary);
        }
        directory.force();
    }

    @Override
    public <T> Optional<Stored<T>> load(String persistenceId, SnapshotSelectionCriteria criteria,
            NumberedDirectory.Reading<T> reading) throws IOException {
        NumberedDirectory directory = directory(persistenceId);
        directory.deleteLeftovers();
        for (int choice = 1;; choice++) {
            try {
                long newest = newest(directory, persistenceId, criteria);
                return newest < 0 ? Optional.empty() : Optional.of(read(directory, persistenceId, newest, reading));
            } catch (NoSuchFileException e) {
                if (choice == CHOICES_MAX) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void delete(String persistenceId, SnapshotSelectionCriteria criteria) throws IOException {
        NumberedDirectory directory = directory(persistenceId);
        boolean deleted = false;
        for (long number : directory.numbers(FileKind.SNAPSHOT)) {
            if (selects(directory, persistenceId, criteria, number)) {
                directory.delete(FileKind.SNAPSHOT, number);
                deleted = true;
            }
        }
        if (deleted) {
            directory.force();
        }
    }

    private NumberedDirectory directory(String persistenceId) {
        return new NumberedDirectory(place(persistenceId));
    }

    private static long newest(NumberedDirectory directory, String persistenceId, SnapshotSelectionCriteria criteria)
            throws IOException {
        long[] numbers = directory.numbers(FileKind.SNAPSHOT);
        for (int i = numbers.length - 1; i >= 0; i--) {
            if (selects(directory, persistenceId, criteria, numbers[i])) {
                return numbers[i];
            }
        }
        return -1;
    }

    private static boolean selects(NumberedDirectory directory, String persistenceId,
            SnapshotSelectionCriteria criteria, long number) throws IOException {
        if (number < criteria.minSequenceNr() || number > criteria.maxSequenceNr()) {
            return false;
        }
        if (criteria.minTimestamp() <= 0 && criteria.maxTimestamp() == Long.MAX_VALUE) {
            // The name says it all: a damaged file can be deleted, and is not needed to choose another.
            return true;
        }
        String file = directory.file(FileKind.SNAPSHOT, number).toString();
        return criteria.matches(directory.readBeginning(FileKind.SNAPSHOT, number,
                in -> SnapshotHeader.read(in, persistenceId, number, file)));
    }

    private static <T> Stored<T> read(NumberedDirectory directory, String persistenceId, long number,
            NumberedDirectory.Reading<T> reading) throws IOException {
        String file = directory.file(FileKind.SNAPSHOT, number).toString();
        return directory.read(FileKind.SNAPSHOT, number, in -> {
            SnapshotMetadata metadata = SnapshotHeader.read(in, persistenceId, number, file);
            in.nextSection();
            return new Stored<>(metadata, reading.readFrom(in));
        });
    }
}
