// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.context;

import dev.millrace.cluster.message.DeadLetterCommand;
import dev.millrace.cluster.protocol.LaneSettings;
import dev.millrace.cluster.settings.EpochSettings;
import dev.millrace.cluster.settings.RestartSettings;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.state.ChunkPool;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the actors of a node share.
 *
 * @param address host and port of the node
 * @param entities how jobs, readers and partitions are found
 * @param connectors the connectors
 * @param deadLetters who writes bad records
 * @param alarms for waits of less than a few milliseconds, which Pekko's timers are too coarse for; tasks only send
 *     messages
 * @param restarts how what has failed is started again
 * @param epochs how partitions make their epochs durable
 * @param chunks for what partitions write of their state
 * @param lanes times and bounds of the lanes of each reader
 * @param leavingNodes host and port of nodes that are about to leave, as far as the registry was told, on the node where it
 *     is; for threads
 */
public record NodeContext(
        String address, Entities entities, Connectors connectors, ActorRef<DeadLetterCommand> deadLetters,
        ScheduledExecutorService alarms, RestartSettings restarts, EpochSettings epochs, ChunkPool chunks,
        LaneSettings lanes, Set<String> leavingNodes) {
    /** Name of the dispatcher for work that waits for a disk or a terminal. */
    public static final String BLOCKING = "millrace.dispatchers.blocking";

    /** Name of the dispatcher of partitions and readers. */
    public static final String WORK = "millrace.dispatchers.work";
}
