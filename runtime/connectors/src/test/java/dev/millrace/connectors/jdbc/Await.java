// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What tests wait for. */
final class Await {
    private Await() {}

    /** Waits until something is so, or the test has run out of time. */
    static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new CancellationException("waited too long");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Does something on a thread of its own. */
    static <T> CompletableFuture<T> start(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, Thread::startVirtualThread);
    }

    /** Does something on a thread of its own. */
    static CompletableFuture<Void> start(Runnable work) {
        return CompletableFuture.runAsync(work, Thread::startVirtualThread);
    }
}
