// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that appends is killed at any point, several times; its successor goes on from what it had reported. */
class WriterKilledWhileAppendingTest {
    private static final String ID = "killed";
    private static final int LIVES = 3;
    private static final int KEPT_EVENTS = 20;

    @TempDir
    Path root;

    /**
     * Run in a process of its own: appends slots of two events without end, reports each that is durable, and deletes what
     * is old.
     */
    static final class Writer {
        public static void main(String[] arguments) throws IOException {
            EventLog log = log(Path.of(arguments[0]));
            long next = log.recover(0) + 1;
            while (true) {
                long first = next;
                log.append("writer", List.of(new EventLog.Slot(first, 2, out -> {
                    for (long event = first; event < first + 2; event++) {
                        new DataOutputStream(out).writeLong(event);
                        out.write(new byte[50_000]);
                        out.endSection();
                    }
                })));
                next += 2;
                System.out.println(next - 1);
                if (next % 10 == 1) {
                    log.deleteTo(next - 1 - KEPT_EVENTS);
                }
            }
        }
    }

    @Test
    void shouldKeepAllThatWasReportedAndNothingByHalves() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int life = 0; life < LIVES; life++) {
            long reported = runAndKill(1 + random.nextInt(60));
            EventLog log = log(root);
            long highest = log.recover(0);
            assertTrue(highest >= reported, () -> "reported " + reported + ", found " + highest);
            assertTrue(highest <= reported + 2, () -> "reported " + reported + ", found " + highest);
            long first = Math.max(1, highest - KEPT_EVENTS + 1);
            assertEquals(LongStream.rangeClosed(first, highest).boxed().toList(), replay(log, first, highest));
            assertOnlyDeletedSlotsAreEmpty();
        }
        try (Stream<Path> files = Files.walk(root)) {
            assertEquals(List.of(), files.filter(file -> file.toString().endsWith(".tmp")).toList());
        }
    }

    private void assertOnlyDeletedSlotsAreEmpty() throws IOException {
        NumberedDirectory directory = new NumberedDirectory(PersistenceIds.directory(root, ID));
        long deletedTo = LongStream.of(directory.numbers(FileKind.DELETION)).max().orElse(0);
        for (long slot : directory.numbers(FileKind.SLOT)) {
            if (Files.size(directory.file(FileKind.SLOT, slot)) == 0) {
                assertTrue(slot + 1 <= deletedTo, () -> "slot " + slot + " is empty, deleted is up to " + deletedTo);
            }
        }
    }

    /** Kills the writer after some reports, and reads those that it still made until its end. */
    private long runAndKill(int reports) throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(java.toString(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp",
                System.getProperty("java.class.path"), Writer.class.getName(), root.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        long reported = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream()))) {
            for (int i = 0; i < reports; i++) {
                reported = Long.parseLong(lines.readLine());
            }
            // By its handle, as the process itself would close its output before we have read it.
            process.toHandle().destroyForcibly();
            for (String line = lines.readLine(); line != null && !line.isEmpty(); line = lines.readLine()) {
                reported = Math.max(reported, Long.parseLong(line));
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return reported;
    }

    private static EventLog log(Path root) {
        return new EventLog(root, ID, Clock.systemUTC(), Duration.ofHours(1));
    }

    private static List<Long> replay(EventLog log, long first, long highest) throws IOException {
        List<Long> events = new ArrayList<>();
        log.replay(first, highest, Long.MAX_VALUE, (in, slot, count) -> {
            List<Long> read = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                in.nextSection();
                read.add(new DataInputStream(in).readLong());
                in.skipNBytes(50_000);
            }
            return read;
        }, events::add);
        return events;
    }
}
