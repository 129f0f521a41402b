// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.io.IOException;
import java.io.NotSerializableException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Work on files, whose failures get a code and a way out. */
@FunctionalInterface
interface IoTask<T> {
    T run() throws IOException;

    /** The task as one whose failures of the file system mean that state can't be written. */
    static <T> Callable<T> writing(Path place, IoTask<T> task) {
        return () -> {
            try {
                return task.run();
            } catch (NotSerializableException e) {
                throw e;
            } catch (IOException e) {
                throw StoreErrors.unwritable(place.toString(), e);
            }
        };
    }

    /** The task as one whose failures of the file system mean that state can't be read. */
    static <T> Callable<T> reading(Path place, IoTask<T> task) {
        return () -> {
            try {
                return task.run();
            } catch (NotSerializableException e) {
                throw e;
            } catch (IOException e) {
                throw StoreErrors.unreadable(place.toString(), e);
            }
        };
    }

    /** Completes a result by running a task. Errors of the machine go there too: someone waits for the result. */
    static <T> void complete(CompletableFuture<T> result, Callable<T> task) {
        try {
            result.complete(task.call());
        } catch (Throwable e) {
            result.completeExceptionally(e);
        }
    }
}
