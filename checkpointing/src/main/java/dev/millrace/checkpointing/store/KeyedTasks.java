// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs blocking tasks on an executor: those with the same key one after the other, in the order of submission. */
final class KeyedTasks {
    private final Executor executor;
    private final ConcurrentHashMap<String, CompletableFuture<?>> tails = new ConcurrentHashMap<>();

    KeyedTasks(Executor executor) {
        this.executor = executor;
    }

    /** Runs a task after all earlier ones of its key, failed ones included. */
    <T> CompletableFuture<T> submit(String key, Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        CompletableFuture<?> tail = tails.compute(key, (k, before) -> {
            CompletableFuture<?> previous = before == null ? CompletableFuture.completedFuture(null) : before;
            return previous.handleAsync((ignored, failure) -> {
                IoTask.complete(result, task);
                return null;
            }, executor);
        });
        tail.whenComplete((ignored, failure) -> {
            tails.remove(key, tail);
            if (failure != null) {
                // The executor refused: the system is shutting down.
                result.completeExceptionally(failure instanceof CompletionException ? failure.getCause() : failure);
            }
        });
        return result;
    }

    /**
     * Waits until all tasks have ended that were submitted before, or for so long.
     *
     * @return whether all have ended
     */
    boolean await(Duration timeout) {
        try {
            CompletableFuture.allOf(tails.values().toArray(CompletableFuture<?>[]::new))
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // Each task has told who waits for it.
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }
}
