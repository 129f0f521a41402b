// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.dispatch.Envelope;
import org.apache.pekko.dispatch.MessageQueue;

/** The queue of an actor that does not get its messages as they were sent: how they enter it is up to the test. */
abstract class AlteredQueue implements MessageQueue {
    private final ConcurrentLinkedQueue<Envelope> queue = new ConcurrentLinkedQueue<>();

    final void add(Envelope envelope) {
        queue.add(envelope);
    }

    @Override
    public final Envelope dequeue() {
        return queue.poll();
    }

    @Override
    public final int numberOfMessages() {
        return queue.size();
    }

    @Override
    public final boolean hasMessages() {
        return !queue.isEmpty();
    }

    @Override
    public final void cleanUp(ActorRef owner, MessageQueue deadLetters) {
        for (Envelope left = dequeue(); left != null; left = dequeue()) {
            deadLetters.enqueue(owner, left);
        }
    }
}
