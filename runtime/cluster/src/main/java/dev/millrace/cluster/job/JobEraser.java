// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.LocalMessage;
import dev.millrace.cluster.partition.PartitionEraser;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.plan.Stage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Erases what the partitions of a job have left behind, some at a time, tells the job when it is done, and ends. It always
 * comes to an end: what can't be removed is named in the log.
 */
final class JobEraser extends AbstractBehavior<JobEraser.Command> {
    private static final int AT_A_TIME = 4;
    private static final int ATTEMPTS_MAX = 3;

    sealed interface Command extends LocalMessage {}

    private record Erased(PartitionEraser.Erased result) implements Command {}

    private record Ended(Leftovers leftovers) implements Command {}

    /**
     * What is to be erased.
     *
     * @param partition name of the partition's log
     * @param target its target, or null if there is nothing to clear
     * @param attempt from 1
     */
    private record Leftovers(String partition, Supplier<EpochSink> target, int attempt) {}

    private final ActorRef<JobCommand> job;
    private final String name;
    /** Up to then targets that are away are waited for. */
    private final long deadlineNanos;
    private final Queue<Leftovers> waiting = new ArrayDeque<>();
    /** What became of those that have said so, by partition: what is left, or nothing. */
    private final Map<String, String> results = new HashMap<>();
    private int atWork;

    private JobEraser(
            ActorContext<Command> context, NodeContext node, JobRecord record, boolean targets,
            ActorRef<JobCommand> job) {
        super(context);
        this.job = job;
        deadlineNanos = System.nanoTime() + node.epochs().targetWait().toNanos();
        name = record.id().name();
        for (Stage stage : record.plan().stages()) {
            for (int index = 0; index < stage.partitions(); index++) {
                waiting.add(new Leftovers(
                        record.id().partition(stage.index(), index),
                        targets ? target(node, record, stage, index) : null,
                        1));
            }
        }
    }

    /** @param targets whether there may be something in the targets */
    static Behavior<Command> create(
            NodeContext node, JobRecord record, boolean targets, ActorRef<JobCommand> job) {
        return Behaviors.setup(context -> new JobEraser(context, node, record, targets, job).next());
    }

    private static Supplier<EpochSink> target(NodeContext node, JobRecord record, Stage stage, int index) {
        EpochOwner last = new EpochOwner(
                record.id().unique(), record.id().generation(), stage.index(), index, EpochOwner.LAST);
        return JobTargets.epochSink(record.plan(), stage, last, node.connectors());
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Erased.class, erased -> {
                    results.put(erased.result().partition(), erased.result().left() == null ? ""
                            : erased.result().left());
                    return this;
                })
                .onMessage(Ended.class, ended -> onEnded(ended.leftovers()))
                .build();
    }

    private Behavior<Command> onEnded(Leftovers leftovers) {
        atWork--;
        String left = results.get(leftovers.partition());
        if (left == null && leftovers.attempt() < ATTEMPTS_MAX) {
            // A start that was still at work wrote at the same moment.
            waiting.add(new Leftovers(leftovers.partition(), leftovers.target(), leftovers.attempt() + 1));
        } else if (left == null || !left.isEmpty()) {
            getContext().getLog().warn("job {}: not all of partition {} could be erased: {}", name,
                    leftovers.partition(), left == null ? "its log can't be written" : left);
        }
        return next();
    }

    private Behavior<Command> next() {
        ActorRef<PartitionEraser.Erased> replyTo =
                getContext().messageAdapter(PartitionEraser.Erased.class, Erased::new);
        while (atWork < AT_A_TIME && !waiting.isEmpty()) {
            Leftovers next = waiting.remove();
            Duration wait = Duration.ofNanos(Math.max(0, deadlineNanos - System.nanoTime()));
            var eraser = Adapter.actorOf(
                    getContext(), PartitionEraser.props(next.partition(), next.target(), wait, replyTo));
            getContext().watchWith(Adapter.toTyped(eraser), new Ended(next));
            atWork++;
        }
        if (atWork > 0) {
            return this;
        }
        job.tell(new JobCommand.Erased());
        return Behaviors.stopped();
    }
}
