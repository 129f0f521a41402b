// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The shell of a partition: forwards messages, applies what is taken after a while, checkpoints, crashes, restores. */
final class SimulatedPartition {
    private final Simulation simulation;
    private final int index;
    private final ArrayDeque<InputDecision.Take<Rows>> queue = new ArrayDeque<>();
    private final Map<String, SimulatedReader> served = new HashMap<>();
    /** Inputs that have been idle here in any incarnation. */
    private final Set<String> wereIdle = new HashSet<>();
    private long incarnation;
    private boolean alive;
    private boolean busy;
    private boolean windowClosed;
    private PartitionInputs<Rows> inputs;
    private WindowCounts counts;
    private Checkpoint durable;

    private record Checkpoint(InputVector vector, WindowCounts counts) {}

    SimulatedPartition(Simulation simulation, int index) {
        this.simulation = simulation;
        this.index = index;
        this.durable = new Checkpoint(InputVector.EMPTY, new WindowCounts(simulation.plan.allowedMillis()));
    }

    void start() {
        alive = true;
        busy = false;
        windowClosed = false;
        incarnation++;
        queue.clear();
        served.clear();
        inputs = simulation.rules.inputs(index, incarnation, durable.vector(), simulation.plan.window());
        counts = durable.counts().copy();
        announceAgainLater();
        checkpointLater();
        if (simulation.plan.closedWindows()) {
            closeWindowLater();
        }
    }

    void crash() {
        if (!alive) {
            return;
        }
        alive = false;
        simulation.faults++;
        long gone = incarnation;
        for (List<SimulatedReader> all : simulation.readers) {
            for (SimulatedReader reader : all) {
                simulation.send(this, reader, () -> reader.partitionStopped(index, gone));
            }
        }
        simulation.after(simulation.random.nextInt(1_500), this::start);
    }

    void splits(SplitList list) {
        if (alive && inputs.splits(list)) {
            announce();
        }
    }

    boolean isIncarnation(long other) {
        return alive && incarnation == other;
    }

    /** Where this incarnation stands, null if another one is meant. */
    Standing standing(String input, long ofIncarnation) {
        return isIncarnation(ofIncarnation) ? inputs.standing(input) : null;
    }

    void received(ToPartition<Rows> message, SimulatedReader sender) {
        if (!alive) {
            return;
        }
        switch (message) {
            case Greeting<Rows> greeting -> reply(inputs.greeted(greeting), sender);
            case Probe<Rows> probe -> {
                ToReader reply = inputs.probed(probe);
                if (reply instanceof Answer answer && answer.session().equals(probe.session().nextRound())) {
                    simulation.rounds++;
                }
                reply(reply, sender);
            }
            case Delivery<Rows> delivery -> offered(delivery, sender);
        }
    }

    boolean isFinished() {
        return alive && queue.isEmpty() && inputs.isFinished();
    }

    int rowsOfClosedWindows() {
        return counts.rowsOfClosedWindows();
    }

    String summary() {
        return counts.summary();
    }

    private void offered(Delivery<Rows> delivery, SimulatedReader sender) {
        switch (inputs.offered(delivery)) {
            case InputDecision.Take<Rows> take -> {
                queue.add(take);
                if (queue.size() > simulation.plan.window().deliveries()
                        * (1 + simulation.plan.readerCrashes()) * simulation.plan.splits()) {
                    throw new ProtocolViolation("partition " + index + " holds " + queue.size() + " deliveries");
                }
                work();
            }
            case InputDecision.Drop<Rows> drop -> {
                if (drop.reason() == InputDecision.Reason.GAP) {
                    Answer answer = (Answer) drop.reply().orElseThrow();
                    if (!answer.session().equals(delivery.session().nextRound())) {
                        throw new ProtocolViolation("a gap is answered again for " + delivery.session());
                    }
                    simulation.rounds++;
                }
                drop.reply().ifPresent(reply -> reply(reply, sender));
            }
        }
    }

    private void reply(ToReader reply, SimulatedReader sender) {
        if (reply instanceof Answer answer && answer.session().reader() == sender.number()) {
            served.put(reply.input(), sender);
        }
        // An answer to a reader that is gone may reach the one that has taken its place.
        boolean astray = simulation.isFaulty() && simulation.random.nextInt(8) == 0;
        SimulatedReader receiver = astray ? simulation.newestReader(simulation.splitOf(reply.input())) : sender;
        simulation.send(this, receiver, () -> receiver.received(reply));
    }

    private void work() {
        if (busy || queue.isEmpty()) {
            return;
        }
        busy = true;
        long worker = incarnation;
        int times = index == 0 && simulation.isFaulty() ? simulation.plan.slowTimes() : 1;
        simulation.after((long) times * simulation.random.nextInt(simulation.plan.applyMillis() + 1), () -> {
            if (isIncarnation(worker)) {
                busy = false;
                apply(queue.remove());
                work();
            }
        });
    }

    private void apply(InputDecision.Take<Rows> take) {
        Delivery<Rows> delivery = take.delivery();
        SimulatedSource source = simulation.sources.get(simulation.splitOf(delivery.input()));
        for (Rows rows : delivery.frames()) {
            for (Rows.Row row : rows.get()) {
                counts.add(row, wereIdle.contains(delivery.input()));
            }
        }
        Answer ack = inputs.applied(take);
        if (inputs.standing(delivery.input()).idle()) {
            wereIdle.add(delivery.input());
        }
        if (!wereIdle.contains(delivery.input()) && inputs.watermark() != Long.MAX_VALUE
                && inputs.watermark() > Oracle.before(source, inputs.standing(source.input).position())
                && !delivery.end()) {
            throw new ProtocolViolation("partition " + index + " is ahead of " + source.input);
        }
        counts.close(inputs.watermark());
        SimulatedReader reader = served.get(delivery.input());
        boolean mergeable = queue.stream().anyMatch(other -> other.delivery().input().equals(delivery.input()));
        if (reader != null && !(mergeable && simulation.random.nextBoolean())) {
            simulation.send(this, reader, () -> reader.received(ack));
        }
    }

    private void announce() {
        for (Announcement announcement : inputs.announcements()) {
            for (SimulatedReader reader : simulation.readers.get(simulation.splitOf(announcement.input()))) {
                simulation.send(this, reader, () -> reader.received(announcement));
            }
        }
    }

    private void announceAgainLater() {
        long announcer = incarnation;
        announce();
        simulation.after(1_000, () -> {
            if (isIncarnation(announcer)) {
                announceAgainLater();
            }
        });
    }

    private void checkpointLater() {
        long writer = incarnation;
        simulation.after(50 + simulation.random.nextInt(400), () -> {
            if (isIncarnation(writer)) {
                InputVector vector = simulation.rules.checkpoint(inputs.vector(), List.copyOf(queue));
                Checkpoint written = new Checkpoint(vector, counts.copy());
                simulation.after(simulation.random.nextInt(40), () -> {
                    // A write that is under way when the partition crashes may be lost; one incarnation at a time.
                    if (isIncarnation(writer)) {
                        durable = written;
                    }
                });
                if (simulation.isFaulty()) {
                    checkpointLater();
                }
            }
        });
    }

    private void closeWindowLater() {
        long closer = incarnation;
        simulation.after(100 + simulation.random.nextInt(1_000), () -> {
            if (isIncarnation(closer) && (simulation.isFaulty() || windowClosed)) {
                windowClosed = !windowClosed;
                for (Answer answer : inputs.resize(windowClosed ? Window.CLOSED : simulation.plan.window())) {
                    SimulatedReader reader = served.get(answer.input());
                    if (reader != null) {
                        simulation.send(this, reader, () -> reader.received(answer));
                    }
                }
                closeWindowLater();
            }
        });
    }

    @Override
    public String toString() {
        return "partition " + index + "/" + incarnation + (alive ? " " + inputs.vector() + " queue " + queue : " dead");
    }
}
