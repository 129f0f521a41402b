// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.testing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.Persistence;

/**
 * A journal or snapshot plugin that does what another one does, later: every request waits behind those before it, each
 * for some time. So a store that can do a thing in a millisecond becomes one that takes fifty.
 *
 * <pre>
 * slow-journal {
 *   class = "dev.millrace.testing.SlowPlugin"
 *   kind = journal                                         # or snapshots
 *   plugin = "millrace.checkpointing.directory.journal"    # the one that does it
 *   delay = 50ms
 * }
 * pekko.persistence.journal.plugin = slow-journal
 * </pre>
 */
public final class SlowPlugin extends AbstractActor {
    private final ActorRef real;
    private long delayNanos;
    private long freeAtNanos = System.nanoTime();

    private record Delay(Duration delay) {}

    /** @param config the plugin's section */
    public SlowPlugin(Config config) {
        Persistence persistence = Persistence.get(getContext().getSystem());
        real = config.getString("kind").equals("journal")
                ? persistence.journalFor(config.getString("plugin"), ConfigFactory.empty())
                : persistence.snapshotStoreFor(config.getString("plugin"), ConfigFactory.empty());
        delayNanos = config.getDuration("delay").toNanos();
    }

    /**
     * Makes a journal slower or faster from its next request on.
     *
     * @param plugin the name of the section whose class is this one
     */
    public static void setJournalDelay(ActorSystem system, String plugin, Duration delay) {
        Persistence.get(system).journalFor(plugin, ConfigFactory.empty()).tell(new Delay(delay), ActorRef.noSender());
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder().match(Delay.class, delay -> delayNanos = delay.delay().toNanos())
                .matchAny(request -> {
                    ActorRef sender = getSender();
                    long now = System.nanoTime();
                    // One after the other, as with a disk that is slow; so none overtakes another either.
                    freeAtNanos = Math.max(freeAtNanos, now) + delayNanos;
                    getContext().getSystem().scheduler().scheduleOnce(Duration.ofNanos(freeAtNanos - now), real,
                            request,
                            getContext().dispatcher(), sender);
                }).build();
    }
}
