// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.files;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Looks into directories again and again, as a reader would that takes whatever file it sees for a whole one. */
final class DirectoryWatch implements AutoCloseable {
    private static final long PERIOD_MILLIS = 10;

    private final List<Path> directories;
    private final Map<Path, Long> sizes = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Integer> counts = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

    DirectoryWatch(List<Path> directories) {
        this.directories = directories;
        executor.scheduleWithFixedDelay(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            for (Path directory : directories) {
                if (Files.isDirectory(directory)) {
                    look(directory);
                }
            }
        } catch (IOException | RuntimeException e) {
            complaints.add(e.toString());
        }
        counts.add(sizes.size());
    }

    private void look(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                if (!file.getFileName().toString().startsWith(".")) {
                    check(file);
                }
            }
        }
    }

    private void check(Path file) throws IOException {
        long size = Files.size(file);
        Long before = sizes.putIfAbsent(file, size);
        if (before != null && before != size) {
            complaints.add(file + " had " + before + " bytes and has " + size);
        }
        if (before == null && !endsWithLine(file)) {
            complaints.add(file + " does not end with a line");
        }
    }

    private static boolean endsWithLine(Path file) throws IOException {
        try (RandomAccessFile reader = new RandomAccessFile(file.toFile(), "r")) {
            if (reader.length() == 0) {
                return false;
            }
            reader.seek(reader.length() - 1);
            return reader.read() == '\n';
        }
    }

    /** What was seen that no reader should see. */
    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** How many different numbers of files were seen. */
    long stages() {
        return new ArrayList<>(counts).stream().distinct().count();
    }

    /** Looks once more, and no longer. */
    @Override
    public void close() {
        executor.execute(this::look);
        // Waits for what was begun.
        executor.close();
    }
}
