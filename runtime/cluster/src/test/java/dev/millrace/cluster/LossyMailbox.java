// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import com.typesafe.config.Config;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.protocol.Answer;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MailboxType;
import org.apache.pekko.dispatch.MessageQueue;
import org.apache.pekko.dispatch.ProducesMessageQueue;
import scala.Option;

/**
 * A mailbox in which what lanes say to each other is lost, comes twice, or comes after what was sent later. Of what stays
 * on its node only answers are treated so: rows do not get lost there.
 */
public final class LossyMailbox implements MailboxType, ProducesMessageQueue<LossyMailbox.LossyQueue> {
    static final LongAdder LOST = new LongAdder();
    static final LongAdder DOUBLED = new LongAdder();
    static final LongAdder DELAYED = new LongAdder();

    private final Random seeds;

    /** As Pekko wants it. */
    public LossyMailbox(ActorSystem.Settings settings, Config config) {
        seeds = new Random(config.getLong("mailbox-seed"));
    }

    @Override
    public synchronized MessageQueue create(Option<ActorRef> owner, Option<ActorSystem> system) {
        return new LossyQueue(new Random(seeds.nextLong()));
    }

    /** The queue of one actor. */
    static final class LossyQueue extends AlteredQueue {
        private static final int OUT_OF = 30;

        private final Random random;
        private Envelope held;
        private int heldFor;

        LossyQueue(Random random) {
            this.random = random;
        }

        @Override
        public synchronized void enqueue(ActorRef receiver, Envelope envelope) {
            int fate = isOfLanes(envelope.message()) ? random.nextInt(OUT_OF) : OUT_OF;
            switch (fate) {
                case 0 -> LOST.increment();
                case 1 -> {
                    DOUBLED.increment();
                    add(envelope);
                    add(envelope);
                }
                case 2 -> {
                    DELAYED.increment();
                    release();
                    held = envelope;
                    heldFor = 1 + random.nextInt(4);
                    return;
                }
                default -> add(envelope);
            }
            heldFor--;
            if (heldFor <= 0) {
                release();
            }
        }

        private void release() {
            if (held != null) {
                add(held);
                held = null;
            }
        }

        private static boolean isOfLanes(Object message) {
            return message instanceof PartitionCommand.DeliveryPart
                    || message instanceof ReaderCommand.FromPartition from && from.message() instanceof Answer;
        }
    }
}
