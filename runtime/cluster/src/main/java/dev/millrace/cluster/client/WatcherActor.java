// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.client;

import dev.millrace.cluster.message.JobUpdate;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Hears how a job stands, until it ends. */
public final class WatcherActor {
    private WatcherActor() {}

    public static Behavior<JobUpdate> create(Consumer<JobUpdate> listener) {
        return Behaviors.receiveMessage(update -> {
            listener.accept(update);
            return update.state().isTerminal() ? Behaviors.stopped() : Behaviors.same();
        });
    }
}
