// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {
    @TempDir
    Path parent;

    /** Run in a process of its own: locks the directory, says so, and ends with its input. */
    static final class Holder {
        public static void main(String[] arguments) throws IOException {
            StateUse use = arguments.length > 1 ? StateUse.valueOf(arguments[1]) : StateUse.ALONE;
            try (DirectoryLock lock = DirectoryLock.acquire(Path.of(arguments[0]), use)) {
                if (use == StateUse.JOINING) {
                    lock.join(false);
                }
                System.out.println("locked " + lock.directory().getFileName());
                System.in.read();
            } catch (MillraceException e) {
                System.out.println(e.code() + " " + e.getMessage());
            }
        }
    }

    @Test
    void shouldRefuseASecondProcessAndNameTheHolder() throws Exception {
        Path directory = parent.resolve("state");
        Process holder = hold(directory);
        try {
            assertEquals("locked state", firstLine(holder));
            MillraceException e = assertThrows(MillraceException.class, () -> DirectoryLock.acquire(directory));
            assertEquals(ErrorCode.STATE_LOCKED, e.code());
            assertTrue(e.getMessage().contains("process " + holder.pid()), e.getMessage());
        } finally {
            holder.destroyForcibly().waitFor();
        }
        DirectoryLock.acquire(directory).close();
    }

    @Test
    void shouldRefuseTheSameProcessAndStayLockedForOthers() throws Exception {
        Path directory = parent.resolve("state");
        Path link = Files.createSymbolicLink(parent.resolve("link"), directory);
        try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
            assertEquals(directory.toRealPath(), lock.directory());
            for (Path same : new Path[] {directory, link}) {
                MillraceException e = assertThrows(MillraceException.class, () -> DirectoryLock.acquire(same));
                assertEquals(ErrorCode.STATE_LOCKED, e.code());
                assertTrue(e.getMessage().contains("process " + ProcessHandle.current().pid()), e.getMessage());
            }
            Process other = hold(directory);
            String line = firstLine(other);
            other.destroyForcibly().waitFor();
            assertTrue(line.startsWith("STATE_LOCKED"), line);
        }
        DirectoryLock.acquire(directory).close();
    }

    @Test
    void shouldBeSharedByTheNodesOfACluster() throws Exception {
        Path directory = parent.resolve("state");
        DirectoryLock founder = DirectoryLock.acquire(directory, StateUse.FOUNDING);
        try (DirectoryLock here = DirectoryLock.acquire(directory, StateUse.JOINING)) {
            here.join(false);
            assertEquals(founder.directory(), here.directory());
        }
        Process joining = hold(directory, StateUse.JOINING);
        try {
            assertEquals("locked state", firstLine(joining));
            assertRefused("in use by process", () -> DirectoryLock.acquire(directory));
            assertRefused("of a cluster", () -> DirectoryLock.acquire(directory, StateUse.FOUNDING));
            founder.close();
            assertRefused(
                    "of a cluster that this one does not belong to, process " + joining.pid(),
                    () -> DirectoryLock.acquire(directory, StateUse.FOUNDING));
            assertRefused("in use by process " + joining.pid(), () -> DirectoryLock.acquire(directory));
        } finally {
            founder.close();
            joining.destroyForcibly().waitFor();
        }
        DirectoryLock.acquire(directory, StateUse.FOUNDING).close();
        DirectoryLock.acquire(directory).close();
    }

    @Test
    void shouldRefuseASecondClusterThatFindsNobody() throws Exception {
        Path directory = parent.resolve("state");
        Process other = hold(directory, StateUse.JOINING);
        try {
            assertEquals("locked state", firstLine(other));
            try (DirectoryLock cut = DirectoryLock.acquire(directory, StateUse.JOINING)) {
                assertRefused("of a cluster that this one does not belong to", () -> cut.join(true));
            }
        } finally {
            other.destroyForcibly().waitFor();
        }
        try (DirectoryLock first = DirectoryLock.acquire(directory, StateUse.JOINING)) {
            first.join(true);
            Process second = hold(directory, StateUse.JOINING);
            assertEquals("locked state", firstLine(second));
            second.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldLetNobodyJoinAProcessAlone() throws Exception {
        Path directory = parent.resolve("state");
        try (DirectoryLock _ = DirectoryLock.acquire(directory)) {
            for (StateUse use : StateUse.values()) {
                assertRefused("in use by process", () -> DirectoryLock.acquire(directory, use));
                Process other = hold(directory, use);
                String line = firstLine(other);
                other.destroyForcibly().waitFor();
                assertTrue(line.startsWith("STATE_LOCKED"), line);
            }
        }
    }

    private static void assertRefused(String part, Executable executable) {
        MillraceException e = assertThrows(MillraceException.class, executable);
        assertEquals(ErrorCode.STATE_LOCKED, e.code());
        assertTrue(e.getMessage().contains(part), e.getMessage());
    }

    @Test
    void shouldSayThatTheDirectoryIsAFile() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));
        MillraceException e = assertThrows(MillraceException.class, () -> DirectoryLock.acquire(file));
        assertEquals(ErrorCode.STATE_UNWRITABLE, e.code());
    }

    private static Process hold(Path directory) throws IOException {
        return hold(directory, StateUse.ALONE);
    }

    private static Process hold(Path directory, StateUse use) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return new ProcessBuilder(java.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path"), Holder.class.getName(), directory.toString(), use.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static String firstLine(Process process) throws IOException {
        return new BufferedReader(new InputStreamReader(process.getInputStream())).readLine();
    }
}
