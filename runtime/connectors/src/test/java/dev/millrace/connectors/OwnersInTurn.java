// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;

/** Owners that all believe the partition to be theirs and release its epochs, until nothing is left to be released. */
public final class OwnersInTurn {
    private static final int OWNERS = 3;
    private static final int PAUSE_NANOS_MAX = 20_000_000;

    private final Map<String, String> options;
    private final long lastEpoch;
    private final Set<ErrorCode> lost;
    private final AtomicLong incarnations = new AtomicLong();
    private final AtomicInteger takeovers = new AtomicInteger();
    private final AtomicLong released = new AtomicLong(-1);

    private OwnersInTurn(Map<String, String> options, long lastEpoch, Set<ErrorCode> lost) {
        this.options = options;
        this.lastEpoch = lastEpoch;
        this.lost = lost;
    }

    /**
     * Fails if an owner finds a marker below what was said to be released before it opened the target.
     *
     * @param options of a table of one column {@code n}
     * @param lost what an owner may hear when another one takes the target from it
     * @return the values that the table has to hold then, each once
     */
    public static List<Long> run(
            Map<String, String> options, long lastEpoch, Set<ErrorCode> lost, long seed) {
        OwnersInTurn owners = new OwnersInTurn(options, lastEpoch, lost);
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (int i = 0; i < OWNERS; i++) {
            Random random = new Random(seed + i);
            running.add(CompletableFuture.runAsync(() -> owners.release(random), task -> new Thread(task).start()));
        }
        running.forEach(CompletableFuture::join);
        assertTrue(owners.takeovers.get() > 0, "nobody has taken it over");
        return LongStream.range(0, (lastEpoch + 1) * ReleasingMain.ROWS).boxed().toList();
    }

    private void release(Random random) {
        while (true) {
            long before = released.get();
            try {
                ReleasingMain.release(
                        options, incarnations.incrementAndGet(), lastEpoch, line -> check(line, before));
                return;
            } catch (MillraceException e) {
                if (!lost.contains(e.code())) {
                    throw e;
                }
                takeovers.incrementAndGet();
                // Lets the other one come some epochs further.
                LockSupport.parkNanos(random.nextInt(PAUSE_NANOS_MAX));
            }
        }
    }

    private void check(String line, long before) {
        long epoch = Long.parseLong(line.substring(line.indexOf(' ') + 1));
        if (line.startsWith(ReleasingMain.RELEASED)) {
            released.accumulateAndGet(epoch, Math::max);
        } else {
            assertTrue(epoch >= before, "marker " + epoch + " though " + before + " was released");
        }
    }
}
