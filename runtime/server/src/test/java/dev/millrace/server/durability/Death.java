// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where this process is to die: at a point, when it is reached for the n-th time. Says on standard output when the first
 * epoch is written.
 */
final class Death {
    /** The exit code of a process that was killed. */
    static final int EXIT_CODE = 137;
    private static final int COMMIT_MILLIS_MAX = 30;

    private static volatile Point planned;
    private static volatile int times;
    private static final AtomicInteger REACHED = new AtomicInteger();
    private static final AtomicBoolean AT_WORK = new AtomicBoolean();

    private Death() {}

    /** @param plan the point, or {@code NONE}, a colon and how often it is reached until then */
    static void plan(String plan) {
        String[] parts = plan.split(":");
        if (!parts[0].equals("NONE")) {
            times = Integer.parseInt(parts[1]);
            planned = Point.valueOf(parts[0]);
        }
    }

    /** A point is reached: this may be the end, without a last word to anybody. */
    static void at(Point point) {
        if (point == Point.BEFORE_WRITE && !AT_WORK.getAndSet(true)) {
            System.out.println("at work");
        }
        if (point == planned && REACHED.incrementAndGet() >= times) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    /** The commit comes next; it lasts some milliseconds. */
    static void beforeCommit() {
        if (planned == Point.IN_COMMIT && REACHED.incrementAndGet() == times) {
            int millis = new Random().nextInt(COMMIT_MILLIS_MAX);
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    Thread.sleep(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                Runtime.getRuntime().halt(EXIT_CODE);
            });
        }
    }
}
