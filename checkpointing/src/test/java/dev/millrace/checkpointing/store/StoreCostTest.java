// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.checkpointing.codec.Compression;
import dev.millrace.checkpointing.codec.EpochSerializer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prints what the store costs on this machine: the figures of the design note. */
@Tag("soak")
@Timeout(300)
class StoreCostTest {
    private static final int ROUNDS = 5;
    private static final int LARGE_PARTS = 100;
    private static final int PARTITIONS = 64;

    @TempDir
    Path directory;

    @Test
    void shouldPrintTheCostOfALargeEpoch() throws IOException {
        EpochCommitted epoch = largeEpoch();
        NumberedDirectory files = new NumberedDirectory(directory);
        for (Compression compression : Compression.values()) {
            EpochSerializer serializer = new EpochSerializer(compression);
            for (int round = 1; round <= ROUNDS; round++) {
                Stopwatch writing = new Stopwatch();
                Path temporary = files.writeTemporary(FileKind.SLOT, out -> {
                    serializer.toStream(epoch, out);
                    out.endSection();
                });
                String written = writing.toString();
                long bytes = Files.size(temporary);
                files.publish(temporary, FileKind.SLOT, round);
                Files.delete(temporary);
                Stopwatch reading = new Stopwatch();
                EpochCommitted read = (EpochCommitted) files.read(FileKind.SLOT, round,
                        in -> serializer.fromStream(in, serializer.manifest(epoch)));
                System.out.printf("%s, %d MiB: written in %s, read in %s%n", compression, bytes >> 20, written,
                        reading);
                assertEquals(epoch.stateBytes(), read.stateBytes());
                files.delete(FileKind.SLOT, round);
            }
        }
    }

    @Test
    void shouldPrintTheCostOfSmallEpochs() throws IOException {
        for (int bytes : new int[] {300, 20_000, 300, 20_000, 200_000}) {
            EventLog log = log("alone-" + bytes + "-" + System.nanoTime());
            int count = 200;
            long[] nanos = new long[count];
            for (int i = 0; i < count; i++) {
                Stopwatch appending = new Stopwatch();
                log.append("writer", List.of(slot(i + 1, bytes)));
                nanos[i] = appending.nanos();
            }
            Arrays.sort(nanos);
            System.out.printf("an epoch of %d bytes: median %d us, p99 %d us%n", bytes, nanos[count / 2] / 1000,
                    nanos[count * 99 / 100] / 1000);
        }
    }

    @Test
    void shouldPrintTheCostOfManyPartitionsAtOnce() throws Exception {
        for (int threads : new int[] {8, 1, 2, 4, 8, 16, 32, 64}) {
            List<EventLog> logs = new ArrayList<>();
            for (int i = 0; i < PARTITIONS; i++) {
                logs.add(log("together-" + threads + "-" + i + "-" + System.nanoTime()));
            }
            int ticks = 20;
            Stopwatch all = new Stopwatch();
            try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
                for (int tick = 1; tick <= ticks; tick++) {
                    EventLog.Slot slot = slot(tick, 20_000);
                    List<Callable<Void>> appends = new ArrayList<>();
                    for (EventLog log : logs) {
                        appends.add(() -> {
                            log.append("writer", List.of(slot));
                            return null;
                        });
                    }
                    for (Future<Void> done : pool.invokeAll(appends)) {
                        done.get();
                    }
                }
            }
            System.out.printf("%d partitions, %d threads: %d us for all%n", PARTITIONS, threads,
                    all.nanos() / 1000 / ticks);
        }
    }

    private EventLog log(String id) throws IOException {
        EventLog log = new EventLog(directory, id, Clock.systemUTC(), Duration.ofHours(1));
        log.recover(0);
        return log;
    }

    private static EventLog.Slot slot(long number, int bytes) {
        EpochCommitted epoch = new EpochCommitted(number, 1, true, true, new byte[100], new byte[][] {new byte[bytes]},
                new byte[0][]);
        EpochSerializer serializer = new EpochSerializer(Compression.NONE);
        return new EventLog.Slot(number, 1, out -> {
            serializer.toStream(epoch, out);
            out.endSection();
        });
    }

    /** Parts of 1 MiB as a table of groups has them: hashes, counts, sums and keys in equal shares. */
    private static EpochCommitted largeEpoch() {
        Random random = new Random(1);
        byte[][] state = new byte[LARGE_PARTS][];
        for (int i = 0; i < LARGE_PARTS; i++) {
            ByteBuffer part = ByteBuffer.allocate(1 << 20);
            while (part.remaining() >= 12) {
                switch (i % 4) {
                    case 0 -> part.putLong(random.nextLong());
                    case 1 -> part.putLong(random.nextInt(1000));
                    case 2 -> part.putDouble(random.nextInt(100_000) * 0.01);
                    default -> part.put("key-%08d".formatted(part.position()).getBytes(StandardCharsets.US_ASCII));
                }
            }
            state[i] = part.array();
        }
        return new EpochCommitted(1, 1, true, true, new byte[100], state, new byte[0][]);
    }

    private static final class Stopwatch {
        private final long begin = System.nanoTime();
        private final long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();

        long nanos() {
            return System.nanoTime() - begin;
        }

        @Override
        public String toString() {
            long used = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
            return nanos() / 1_000_000 + " ms (CPU " + used / 1_000_000 + ")";
        }
    }
}
