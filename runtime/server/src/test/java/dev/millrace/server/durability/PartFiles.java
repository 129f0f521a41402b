// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Counts the lines of the part files that are shown in a directory; they don't change any more. */
final class PartFiles {
    private final Path directory;
    private final Map<Path, Long> counted = new HashMap<>();

    PartFiles(Path directory) {
        this.directory = directory;
    }

    long lines() throws IOException {
        if (!Files.exists(directory)) {
            return 0;
        }
        List<Path> parts;
        try (Stream<Path> files = Files.list(directory)) {
            parts = files.filter(file -> file.getFileName().toString().startsWith("part-")).toList();
        }
        return parts.stream().mapToLong(part -> counted.computeIfAbsent(part, PartFiles::lines)).sum();
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
