// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/**
 * A real file system of a few kilobytes in memory, for tests of full and of read-only disks. It can be mounted by the
 * user root alone: where tests run as somebody else, or in a container that forbids it, a test that asks for one counts
 * as skipped and says so.
 */
public final class SmallDisk implements AutoCloseable {
    private static final int REMOUNTS_MAX = 1_000;
    private static final String FILLER = "filler";

    private final Path directory;

    private SmallDisk(Path directory) {
        this.directory = directory;
    }

    /** Mounts one on a directory, or ends the test as skipped. */
    public static SmallDisk mount(Path directory, int kilobytes) {
        String refusal = run("mount", "-t", "tmpfs", "-o", "size=" + kilobytes + "k", "tmpfs", directory.toString());
        if (!refusal.isEmpty()) {
            System.out.println("NOT TESTED, as no disk can be mounted here: " + refusal);
            Assumptions.abort("no disk can be mounted here: " + refusal);
        }
        return new SmallDisk(directory);
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    /** Takes all space that is left. */
    public void fill() {
        try (OutputStream filler = Files.newOutputStream(directory.resolve(FILLER))) {
            byte[] page = new byte[4096];
            for (int written = 0; written < Integer.MAX_VALUE; written += page.length) {
                filler.write(page);
            }
        } catch (IOException full) {
            // That is the end of it, and what was asked for.
            return;
        }
    }

    /** Gives back what {@link #fill} took. */
    public void free() {
        try {
            Files.deleteIfExists(directory.resolve(FILLER));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets nobody write, root included, or lets everybody write again. Waits until no file is open for writing. */
    public void setReadOnly(boolean readOnly) {
        String error;
        int tries = 0;
        do {
            error = run("mount", "-o", "remount," + (readOnly ? "ro" : "rw"), directory.toString());
            tries++;
        } while (error.contains("busy") && tries < REMOUNTS_MAX);
        check(error);
    }

    /** Unmounts it, with all that is on it. */
    @Override
    public void close() {
        check(run("umount", "--lazy", directory.toString()));
    }

    private static void check(String error) {
        if (!error.isEmpty()) {
            throw new IllegalStateException(error);
        }
    }

    /** @return what it says if it fails, else nothing */
    private static String run(String... command) {
        try {
            Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? "" : command[0] + " failed: " + said;
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }
}
