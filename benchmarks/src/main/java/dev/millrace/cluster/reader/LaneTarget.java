// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.cluster.lane.DeliveryReceiver;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Delivery;
import dev.millrace.cluster.protocol.Greeting;
import dev.millrace.cluster.protocol.InputDecision;
import dev.millrace.cluster.protocol.InputVector;
import dev.millrace.cluster.protocol.PartitionInputs;
import dev.millrace.cluster.protocol.Probe;
import dev.millrace.cluster.protocol.SplitList;
import dev.millrace.cluster.protocol.ToReader;
import dev.millrace.cluster.protocol.Window;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** A partition that takes rows and does nothing with them. */
final class LaneTarget extends AbstractBehavior<PartitionCommand> {
    /** As a partition's. */
    private static final Window WINDOW = new Window(8, 8 << 20);

    private final PartitionInputs<Rows> inputs;
    private final DeliveryReceiver receiver;

    private LaneTarget(ActorContext<PartitionCommand> context, int index) {
        super(context);
        inputs = new PartitionInputs<>(index, 1, InputVector.EMPTY, WINDOW);
        inputs.splits(new SplitList(1, List.of(new SplitList.Split(LaneSource.INPUT, 0))));
        receiver = new DeliveryReceiver(context.getLog());
    }

    static Behavior<PartitionCommand> create(int index) {
        return Behaviors.setup(context -> new LaneTarget(context, index));
    }

    @Override
    public Receive<PartitionCommand> createReceive() {
        return newReceiveBuilder()
                .onMessage(PartitionCommand.FromReader.class, this::onReader)
                .onMessage(PartitionCommand.DeliveryPart.class, part -> {
                    PartitionCommand.FromReader whole = receiver.add(part);
                    return whole == null ? this : onReader(whole);
                })
                .build();
    }

    private Behavior<PartitionCommand> onReader(PartitionCommand.FromReader from) {
        switch (from.message()) {
            case Greeting<Rows> greeting -> reply(from.reader(), inputs.greeted(greeting));
            case Probe<Rows> probe -> reply(from.reader(), inputs.probed(probe));
            case Delivery<Rows> delivery -> {
                switch (inputs.offered(delivery)) {
                    case InputDecision.Take<Rows> take -> reply(from.reader(), inputs.applied(take));
                    case InputDecision.Drop<Rows> drop ->
                            drop.reply().ifPresent(answer -> reply(from.reader(), answer));
                }
            }
        }
        return this;
    }

    private void reply(ActorRef<ReaderCommand> reader, ToReader message) {
        reader.tell(new ReaderCommand.FromPartition(message, 0, getContext().getSelf()));
    }
}
