// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directory that the part files of a table are in, as one partition sees it.
 *
 * <pre>
 *   .part-00003-(id)-0.json   being written        the id is a UUID: its first half is the process's,
 *    part-00003-(id)-0.json   published, whole      its second half the writer's
 * </pre>
 *
 * <p>A crash leaves hidden files behind. Their rows come again, so the next writer removes them. It knows them from those
 * that are being written by the lock that a writer's process holds.
 */
final class PartDirectory {
    /** Opens files, as {@link FileChannel#open(Path, OpenOption...)} does. */
    interface Opener {
        FileChannel open(Path file, OpenOption... options) throws IOException;
    }

    private static final Pattern HIDDEN =
            Pattern.compile("\\.part-\\d+-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\\d+\\.\\w+");

    /** In all names of this process, which so knows its own files without opening them. */
    private static final long PROCESS = UUID.randomUUID().getMostSignificantBits();

    private final Path path;
    private final String prefix;
    private final String suffix;
    private final Opener opener;
    private int files;

    /** @param format name of the format, which the names of files end with */
    PartDirectory(Path path, int partition, String format, Opener opener) {
        this.path = path;
        this.opener = opener;
        UUID id = new UUID(PROCESS, UUID.randomUUID().getLeastSignificantBits());
        prefix = "part-%05d-%s-".formatted(partition, id);
        suffix = "." + format;
    }

    Path path() {
        return path;
    }

    /** Creates the next file. */
    PartFile create() throws IOException {
        while (true) {
            String name = prefix + files++ + suffix;
            Path hidden = path.resolve("." + name);
            FileChannel channel = opener.open(hidden, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            // Another writer that starts right now may have taken the file for an abandoned one.
            if (holds(channel) && Files.exists(hidden)) {
                return new PartFile(hidden, path.resolve(name), channel);
            }
            channel.close();
        }
    }

    private static boolean holds(FileChannel channel) {
        try {
            // Held until the channel is closed.
            return channel.tryLock() != null;
        } catch (IOException e) {
            // Without locks nobody takes files for abandoned.
            return true;
        }
    }

    /** Makes the names of published files durable. */
    void force() throws IOException {
        try (FileChannel channel = opener.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes hidden files whose writers are gone. */
    void removeAbandoned() {
        try (DirectoryStream<Path> hidden = Files.newDirectoryStream(path, ".part-*")) {
            for (Path file : hidden) {
                Matcher name = HIDDEN.matcher(file.getFileName().toString());
                if (name.matches() && UUID.fromString(name.group(1)).getMostSignificantBits() != PROCESS) {
                    removeIfAbandoned(file);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // They are in nobody's way: the next writer tries again.
        }
    }

    private void removeIfAbandoned(Path file) throws IOException {
        try (FileChannel channel = opener.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(file);
            }
        } catch (OverlappingFileLockException e) {
            // Another writer of this process is removing it.
        }
    }
}
