// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import com.typesafe.config.Config;
import dev.millrace.cluster.context.Entities;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.PartitionSpec;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.ReaderSpec;
import dev.millrace.engine.error.ErrorCode;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageQueue;
import org.apache.pekko.dispatch.ProducesMessageQueue;
import scala.Option;

/**
 * A mailbox that loses what tells partitions and readers to stop, while a test wants that: they go on, as if cut off.
 * And it remembers what they were first told to be, so that a test can tell it to them again.
 */
public final class DeafMailbox implements MailboxType, ProducesMessageQueue<DeafMailbox.DeafQueue> {
    /** How many partitions have heard that somebody else has their log. */
    static final LongAdder FENCED = new LongAdder();

    /** How many times a partition or a reader was not told to stop. */
    static final LongAdder LOST = new LongAdder();

    private static final Map<String, PartitionCommand.Assign> PARTITIONS = new ConcurrentHashMap<>();
    private static final Map<ReaderSpec, ReaderCommand.Assign> READERS = new ConcurrentHashMap<>();
    private static volatile boolean deaf;
    private static volatile ActorSystem node;

    /** As Pekko wants it. */
    public DeafMailbox(ActorSystem.Settings settings, Config config) {}

    /** From now on nobody is told to stop, or everybody is. */
    static void setDeaf(boolean now) {
        deaf = now;
    }

    /** Nobody was told anything. */
    static void forget() {
        PARTITIONS.clear();
        READERS.clear();
    }

    /** Tells those of a generation again what they were told first, as the job would that had slept since. */
    static void repeat(long generation) {
        Entities entities = new Entities(ClusterSharding.get(Adapter.toTyped(node)));
        for (PartitionCommand.Assign assign : PARTITIONS.values()) {
            PartitionSpec spec = assign.spec();
            if (spec.job().generation() == generation) {
                entities.partition(spec.job(), spec.stage().index(), spec.index()).tell(assign);
            }
        }
        for (ReaderCommand.Assign assign : READERS.values()) {
            if (assign.spec().job().generation() == generation) {
                entities.reader(assign.spec().job(), assign.spec().inputName()).tell(assign);
            }
        }
    }

    @Override
    public MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
        node = system.get();
        return new DeafQueue();
    }

    /** The queue of one actor. */
    static final class DeafQueue extends AlteredQueue {
        @Override
        public void enqueue(ActorRef receiver, Envelope envelope) {
            switch (envelope.message()) {
                case PartitionCommand.Stop _ when deaf -> LOST.increment();
                case ReaderCommand.Stop _ when deaf -> LOST.increment();
                case PartitionCommand.Assign assign -> {
                    PARTITIONS.putIfAbsent(assign.spec().entityId(), assign);
                    add(envelope);
                }
                case ReaderCommand.Assign assign -> {
                    READERS.putIfAbsent(assign.spec(), assign);
                    add(envelope);
                }
                case PartitionCommand.KeeperFailed failed when failed.code() == ErrorCode.STATE_FENCED -> {
                    FENCED.increment();
                    add(envelope);
                }
                default -> add(envelope);
            }
        }
    }
}
