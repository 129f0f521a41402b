// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files in which a partition's log and snapshots are kept.
 *
 * @param log the directory of the log
 * @param snapshots the directory of the snapshots
 */
record PartitionLog(Path log, Path snapshots) {
    /** @param owner the durable name of a partition: that of its directory of epochs in a target */
    static PartitionLog of(Path state, String owner) {
        String[] parts = owner.split("-");
        String id = parts[0] + "-" + parts[1] + "%2f" + parts[2] + "%2f" + parts[3];
        return new PartitionLog(state.resolve("journal").resolve(id), state.resolve("snapshots").resolve(id));
    }

    /** The log's slots, the newest last. */
    List<Path> slots() throws IOException {
        return files(log, ".slot");
    }

    Path snapshot() throws IOException {
        return files(snapshots, ".snapshot").getLast();
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        }
    }
}
