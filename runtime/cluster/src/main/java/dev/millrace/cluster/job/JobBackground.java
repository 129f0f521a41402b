// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** What a job does that waits for a disk or a source: on threads that may wait, and what comes of it is told to the job. */
final class JobBackground {
    private final ActorContext<JobCommand> context;
    private final Executor blocking;

    JobBackground(ActorContext<JobCommand> context) {
        this.context = context;
        blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.fromConfig(NodeContext.BLOCKING));
    }

    /**
     * Does it.
     *
     * @param work what is done, on another thread
     * @param done what the job is told of the result
     * @param failed what it is told if there is none
     */
    <T> void run(Supplier<T> work, Function<T, JobCommand> done, Function<MillraceException, JobCommand> failed) {
        context.pipeToSelf(
                CompletableFuture.supplyAsync(work, blocking),
                (result, failure) -> failure == null ? done.apply(result) : failed.apply(known(failure)));
    }

    private static MillraceException known(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof MillraceException e ? e
                : new MillraceException(ErrorCode.INTERNAL, cause.toString(), null);
    }
}
