// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.cluster.lane.DeliverySender;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Answer;
import dev.millrace.cluster.protocol.ReaderLanes;
import dev.millrace.cluster.protocol.Session;
import dev.millrace.cluster.protocol.ToPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** The partitions behind the lanes of a reader, as far as they have answered. */
final class LanePartitions {
    private final ActorContext<ReaderCommand> reader;
    private final ReaderLanes<Rows> lanes;
    private final DeliverySender sender;
    private final List<ActorRef<PartitionCommand>> partitions;

    /** @param count how many lanes there are */
    LanePartitions(ActorContext<ReaderCommand> reader, ReaderLanes<Rows> lanes, int count) {
        this.reader = reader;
        this.lanes = lanes;
        sender = new DeliverySender(reader.getSystem(), reader.getSelf(), count);
        partitions = new ArrayList<>(Collections.nCopies(count, null));
    }

    int count() {
        return partitions.size();
    }

    /**
     * Remembers the actor of a partition's newest incarnation, and watches it. Comes before the lanes are told.
     *
     * @param answer whose partition is the number of the lane
     */
    void meet(Answer answer, ActorRef<PartitionCommand> partition) {
        int lane = answer.partition();
        long incarnation = answer.session().incarnation();
        Session known = lanes.lane(lane).session();
        boolean older = known != null && incarnation < known.incarnation();
        if (!older && !partition.equals(partitions.get(lane))) {
            partitions.set(lane, partition);
            reader.watchWith(partition, new ReaderCommand.PartitionGone(lane, incarnation));
        }
    }

    /** Sends to a partition that has answered. */
    void send(int lane, ToPartition<Rows> message) {
        sender.send(lane, partitions.get(lane), message);
    }

    boolean hasAnswered(int lane) {
        return partitions.get(lane) != null;
    }

    /** Whether it has answered from another node. */
    boolean isRemote(int lane) {
        return hasAnswered(lane) && partitions.get(lane).path().address().hasGlobalScope();
    }
}
