// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PersistenceIdsTest {
    private static final Path ROOT = Path.of("root");

    @Test
    void shouldGiveEachIdADirectoryOfItsOwnAndBack() {
        List<String> ids = List.of("job/0/3", "job-0-3", "job%2f0%2f3", "..", ".", "...", ".hidden", "a.b", "Ab", "ab",
                "ab+", "é", "😀", "a b\n\0", "\\", "x".repeat(200), "x".repeat(201), "x".repeat(400), "x".repeat(1000),
                "x".repeat(200) + ".", "x".repeat(198) + "/" + "y".repeat(300));
        Set<String> directories = new HashSet<>();
        for (String id : ids) {
            Path directory = PersistenceIds.directory(ROOT, id);
            assertEquals(id, PersistenceIds.persistenceId(ROOT, directory));
            assertTrue(directories.add(directory.toString().toLowerCase(Locale.ROOT)), id);
            assertTrue(directory.startsWith(ROOT) && directory.normalize().equals(directory), id);
            for (Path segment : ROOT.relativize(directory)) {
                assertTrue(segment.toString().matches("[a-z0-9_%-][a-z0-9_.%-]{0,199}\\+?"), segment.toString());
            }
        }
        for (String one : directories) {
            for (String other : directories) {
                assertFalse(!one.equals(other) && other.startsWith(one + "/"), one + " lies in " + other);
            }
        }
    }

    @Test
    void shouldRefuseAnEmptyId() {
        assertThrows(IllegalArgumentException.class, () -> PersistenceIds.directory(ROOT, ""));
    }
}
