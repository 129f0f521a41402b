// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.cluster.context.Entities;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.RegistryCommand;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * Asks the registry and the jobs, wherever they are, and waits for their answers. What may come twice is asked again when
 * there is no answer: a message may get lost while its receiver moves.
 */
final class Questions {
    /** Who waits for an answer looks so often whether the node is still there. */
    private static final Duration LOOK_AFTER = Duration.ofSeconds(1);

    private static final Duration QUESTION_TIMEOUT = Duration.ofSeconds(4);
    private static final int REGISTRY_TRIES = 5;
    private static final int JOB_TRIES = 15;
    private static final Duration ORDER_TIMEOUT = Duration.ofSeconds(15);
    private static final int ORDER_TRIES = 4;
    private static final Duration ONCE_TIMEOUT = Duration.ofSeconds(60);

    private final ActorSystem<?> system;
    private final ActorRef<RegistryCommand> registry;
    private final Entities entities;

    Questions(ActorSystem<?> system, ActorRef<RegistryCommand> registry, Entities entities) {
        this.system = system;
        this.registry = registry;
        this.entities = entities;
    }

    /** Asks the registry, and waits. */
    <R> R registry(Function<ActorRef<R>, RegistryCommand> command) {
        return await(again(
                () -> AskPattern.<RegistryCommand, R>ask(
                        registry, command::apply, QUESTION_TIMEOUT, system.scheduler()).toCompletableFuture(),
                REGISTRY_TRIES));
    }

    /** Whether the registry answers in this time. */
    CompletionStage<Boolean> registryAnswers(Duration timeout) {
        return AskPattern.<RegistryCommand, RegistryCommand.Jobs>ask(
                registry, RegistryCommand.List::new, timeout, system.scheduler())
                .handle((jobs, _) -> jobs != null);
    }

    /** Asks a job for something that it knows. */
    <R> CompletableFuture<R> job(JobId id, Function<ActorRef<R>, JobCommand> command) {
        return again(
                () -> entities.job(id).<R>ask(command::apply, QUESTION_TIMEOUT).toCompletableFuture(), JOB_TRIES);
    }

    /** Tells a job to do something that may take a moment, and that may come twice. */
    <R> CompletableFuture<R> order(JobId id, Function<ActorRef<R>, JobCommand> command) {
        return again(
                () -> entities.job(id).<R>ask(command::apply, ORDER_TIMEOUT).toCompletableFuture(), ORDER_TRIES);
    }

    /** Tells a job to do something that must not come twice. */
    <R> CompletableFuture<R> once(JobId id, Function<ActorRef<R>, JobCommand> command) {
        return entities.job(id).<R>ask(command::apply, ONCE_TIMEOUT).toCompletableFuture();
    }

    private static <R> CompletableFuture<R> again(Supplier<CompletableFuture<R>> question, int tries) {
        CompletableFuture<R> answer = question.get();
        return tries <= 1 ? answer : answer.exceptionallyCompose(_ -> again(question, tries - 1));
    }

    /** @throws MillraceException if there is no answer */
    <T> T await(CompletableFuture<T> answer) {
        while (true) {
            try {
                return answer.get(LOOK_AFTER.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                // With the system its clock ends, too, and nothing would ever end the wait.
                if (system.getWhenTerminated().toCompletableFuture().isDone()) {
                    throw unanswered("the node has ended", null);
                }
            } catch (ExecutionException e) {
                throw unanswered(e.getCause().getMessage(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw unanswered("interrupted", e);
            }
        }
    }

    private static MillraceException unanswered(String reason, Exception cause) {
        return new MillraceException(
                ErrorCode.JOB_FAILED,
                "no answer: " + reason,
                null,
                "the state may be damaged or slow, or a node is lost; see the log. Whether it was carried out, or "
                        + "still will be, is not known: look with millrace jobs",
                cause);
    }
}
