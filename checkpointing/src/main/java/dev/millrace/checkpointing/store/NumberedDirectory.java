// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A directory of files with numbers as names, each written to a temporary name, forced, and published by a hard link
 * that fails if the number is taken. The caller forces the directory: one force serves several files.
 */
final class NumberedDirectory {
    /** Tells this process's unfinished files from those that another one left behind. */
    private static final String PROCESS_TOKEN = UUID.randomUUID().toString();
    private static final AtomicLong TEMPORARY_FILES = new AtomicLong();
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final int NUMBER_DIGITS = 19;
    private static final int STREAM_BUFFER_BYTES = 8 << 10;

    private final Path path;

    NumberedDirectory(Path path) {
        this.path = path;
    }

    /** What is written into a file between its prelude and its end. */
    @FunctionalInterface
    interface Content {
        void writeTo(CheckpointOutput out) throws IOException;
    }

    /** What is read from a file between its prelude and its end. */
    @FunctionalInterface
    interface Reading<T> {
        T readFrom(CheckpointInput in) throws IOException;
    }

    Path path() {
        return path;
    }

    Path file(FileKind kind, long number) {
        String digits = Long.toString(number);
        return path.resolve("0".repeat(NUMBER_DIGITS - digits.length()) + digits + kind.suffix());
    }

    /** Creates the directory with its parents, durably. */
    void create() throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path at = path; at != null && !Files.isDirectory(at); at = at.getParent()) {
            missing.add(at);
        }
        Files.createDirectories(path);
        for (int i = missing.size() - 1; i >= 0; i--) {
            Path parent = missing.get(i).getParent();
            if (parent != null) {
                force(parent);
            }
        }
    }

    /** The numbers of the files of a kind, ascending; none where the directory doesn't exist. */
    long[] numbers(FileKind kind) throws IOException {
        long[] numbers = new long[16];
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                long number = number(kind, file.getFileName().toString());
                if (number >= 0) {
                    if (count == numbers.length) {
                        numbers = Arrays.copyOf(numbers, count * 2);
                    }
                    numbers[count++] = number;
                }
            }
        } catch (NoSuchFileException e) {
            return new long[0];
        } catch (NotDirectoryException e) {
            throw new IOException(path + " is not a directory", e);
        }
        numbers = Arrays.copyOf(numbers, count);
        Arrays.sort(numbers);
        return numbers;
    }

    boolean exists(FileKind kind, long number) {
        return Files.exists(file(kind, number));
    }

    /** Writes and forces a file under a temporary name, which the caller publishes or deletes. */
    Path writeTemporary(FileKind kind, Content content) throws IOException {
        Path temporary = temporary();
        boolean written = false;
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), STREAM_BUFFER_BYTES);
            CheckpointOutput framed = new CheckpointOutput(out, kind);
            content.writeTo(framed);
            framed.finish();
            channel.force(true);
            written = true;
        } finally {
            if (!written) {
                Files.deleteIfExists(temporary);
            }
        }
        return temporary;
    }

    /**
     * Publishes a temporary file under its number, unless the number is taken.
     *
     * @return false if it is taken by another file. Taken by this very file counts as published: over a network the
     *         reply to a link may have been lost and the link tried again.
     */
    boolean publish(Path temporary, FileKind kind, long number) throws IOException {
        Path target = file(kind, number);
        try {
            Files.createLink(target, temporary);
            return true;
        } catch (FileAlreadyExistsException e) {
            return Files.isSameFile(temporary, target);
        } catch (UnsupportedOperationException e) {
            throw new IOException("the file system has no hard links", e);
        }
    }

    /** Reads a file to its end; what does not fit its reading exactly is refused as damaged. */
    <T> T read(FileKind kind, long number, Reading<T> reading) throws IOException {
        Path file = file(kind, number);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), STREAM_BUFFER_BYTES)) {
            CheckpointInput framed = new CheckpointInput(in, kind, file.toString());
            T value = framed.refusingShortSections(reading);
            framed.finish();
            return value;
        }
    }

    /** Reads only the beginning of a file. What is handed out is verified, what comes after it is not. */
    <T> T readBeginning(FileKind kind, long number, Reading<T> reading) throws IOException {
        Path file = file(kind, number);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), STREAM_BUFFER_BYTES)) {
            return new CheckpointInput(in, kind, file.toString()).refusingShortSections(reading);
        }
    }

    void delete(FileKind kind, long number) throws IOException {
        Files.deleteIfExists(file(kind, number));
    }

    /**
     * Takes the content of a slot away, and leaves its name. The file is replaced, not cut: who has it open, or under
     * another name, keeps what is in it.
     */
    void empty(long slot) throws IOException {
        Path file = file(FileKind.SLOT, slot);
        if (Files.size(file) > 0) {
            Path nothing = temporary();
            Files.createFile(nothing);
            Files.move(nothing, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Makes the names that were added and removed durable. */
    void force() throws IOException {
        force(path);
    }

    /** Deletes unfinished files that other processes left behind. Were one alive, its publishing would fail: a fence. */
    void deleteLeftovers() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path, ".*" + TEMPORARY_SUFFIX)) {
            for (Path file : files) {
                if (!file.getFileName().toString().startsWith("." + PROCESS_TOKEN)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException e) {
            // Nothing was ever written here.
            return;
        }
    }

    private Path temporary() {
        return path.resolve("." + PROCESS_TOKEN + "-" + TEMPORARY_FILES.incrementAndGet() + TEMPORARY_SUFFIX);
    }

    private static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Whether a file was never published: it is being written, or was left behind. */
    static boolean isTemporary(String name) {
        return name.startsWith(".") && name.endsWith(TEMPORARY_SUFFIX);
    }

    /** The number that a file of a kind has by its name; -1 if it isn't one of them. */
    static long number(FileKind kind, String name) {
        if (name.length() != NUMBER_DIGITS + kind.suffix().length() || !name.endsWith(kind.suffix())) {
            return -1;
        }
        for (int i = 0; i < NUMBER_DIGITS; i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return -1;
            }
        }
        try {
            return Long.parseLong(name, 0, NUMBER_DIGITS, 10);
        } catch (NumberFormatException e) {
            // Nineteen digits beyond the largest long.
            return -1;
        }
    }
}
