// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import dev.millrace.checkpointing.verify.Damage;
import dev.millrace.checkpointing.verify.StateVisitor;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A state directory that is read from end to end, without an actor system and without being changed. Any byte of it that
 * was changed is found, and any file that is missing where others tell of it. A process may be using it meanwhile.
 */
public final class StateDirectory {
    static final String JOURNAL = "journal";
    static final String SNAPSHOTS = "snapshots";

    private StateDirectory() {}

    /**
     * Reads all logs and snapshots. Only the small things of an epoch are ever in memory, never its state.
     *
     * @param directory what {@code --state} names
     * @throws NoSuchFileException if there is no such directory
     * @throws IOException         if it can't be listed; a file that can't be read is a damage
     */
    public static void read(Path directory, StateVisitor visitor) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        TreeMap<String, Path> journals = find(directory.resolve(JOURNAL), visitor::damage);
        TreeMap<String, Path> snapshots = find(directory.resolve(SNAPSHOTS), visitor::damage);
        TreeMap<String, Path> all = new TreeMap<>(snapshots);
        all.putAll(journals);
        StoredContent content = new StoredContent();
        for (String id : all.keySet()) {
            new LogReader(id, PersistenceIds.directory(directory.resolve(JOURNAL), id),
                    PersistenceIds.directory(directory.resolve(SNAPSHOTS), id), content, visitor).read();
        }
    }

    /** The persistence ids that have a directory below a root. */
    static Set<String> persistenceIds(Path root) throws IOException {
        return find(root, _ -> {
        }).keySet();
    }

    private static TreeMap<String, Path> find(Path root, Consumer<Damage> damages) throws IOException {
        TreeMap<String, Path> found = new TreeMap<>();
        if (Files.exists(root)) {
            find(root, root, found, damages);
        }
        return found;
    }

    private static void find(Path root, Path parent, TreeMap<String, Path> found, Consumer<Damage> damages)
            throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                if (!Files.isDirectory(entry)) {
                    damages.accept(new Damage("", entry, "it is not a file of the store"));
                } else if (PersistenceIds.isContinued(entry)) {
                    find(root, entry, found, damages);
                } else {
                    add(root, entry, found, damages);
                }
            }
        }
    }

    private static void add(Path root, Path directory, TreeMap<String, Path> found, Consumer<Damage> damages) {
        String id;
        try {
            id = PersistenceIds.persistenceId(root, directory);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            id = "";
        }
        if (id.isEmpty() || !PersistenceIds.directory(root, id).equals(directory)) {
            damages.accept(new Damage("", directory, "its name is not that of a log"));
        } else {
            found.put(id, directory);
        }
    }
}
