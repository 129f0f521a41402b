// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.List;

/** The shell of a reader: forwards messages, carries out decisions, polls its split, scatters rows to the lanes. */
final class SimulatedReader {
    private static final int IDLE_TIMES_MAX = 3;

    private final Simulation simulation;
    private final SimulatedSource source;
    private final long number;
    private final ReaderLanes<Rows> lanes;
    private SplitWatermark watermark;
    private boolean alive = true;
    private long pollingAt = Long.MIN_VALUE;
    private long wakingAt = Long.MAX_VALUE;
    private int polls;
    private int idleTimes;

    SimulatedReader(Simulation simulation, SimulatedSource source, long number, LaneSettings settings) {
        this.simulation = simulation;
        this.source = source;
        this.number = number;
        this.lanes = simulation.rules.lanes(source.input, number, simulation.plan.partitions(), settings);
    }

    long number() {
        return number;
    }

    void start() {
        carryOut(lanes.start(simulation.now()));
    }

    void crash() {
        alive = false;
    }

    boolean isFinished() {
        return alive && lanes.isFinished();
    }

    void received(ToReader message) {
        if (alive) {
            carryOut(lanes.received(message, simulation.now()));
        }
    }

    void partitionStopped(int partition, long incarnation) {
        if (alive) {
            carryOut(lanes.partitionStopped(partition, incarnation, simulation.now()));
        }
    }

    /** At rest nothing is in flight. */
    void checkAtRest() {
        if (lanes.unacknowledgedBytes() != 0 || lanes.mayRead()) {
            throw new ProtocolViolation("not at rest: " + this);
        }
    }

    private void tick() {
        wakingAt = Long.MAX_VALUE;
        if (alive) {
            carryOut(lanes.tick(simulation.now()));
        }
    }

    private void carryOut(List<ReaderDecision<Rows>> decisions) {
        for (ReaderDecision<Rows> decision : decisions) {
            switch (decision) {
                case ReaderDecision.Greet<Rows> greet -> {
                    SimulatedPartition partition = simulation.partitions.get(greet.partition());
                    simulation.send(this, partition, () -> partition.received(greet.greeting(), this));
                }
                case ReaderDecision.Deliver<Rows> deliver -> {
                    deliver.delivery().frames().forEach(Rows::get);
                    direct(deliver.partition(), deliver.delivery(), deliver.delivery().session());
                }
                case ReaderDecision.Ask<Rows> ask -> direct(ask.partition(), ask.probe(), ask.probe().session());
                case ReaderDecision.Seek<Rows> seek -> {
                    watermark = new SplitWatermark(simulation.rules.watermarkAt(seek));
                    pollingAt = Long.MIN_VALUE;
                }
                case ReaderDecision.Release<Rows> release -> release.rows().release();
                case ReaderDecision.Stop<Rows> _ -> alive = false;
            }
        }
        checkLanes();
        pollLater();
        tickLater();
    }

    private void direct(int index, ToPartition<Rows> message, Session session) {
        SimulatedPartition partition = simulation.partitions.get(index);
        simulation.send(this, partition, () -> {
            if (partition.isIncarnation(session.incarnation())) {
                partition.received(message, this);
            }
        });
    }

    private void checkLanes() {
        for (int index = 0; index < simulation.plan.partitions(); index++) {
            Lane<Rows> lane = lanes.lane(index);
            if (lane.session() == null) {
                continue;
            }
            if (lane.unacknowledged() > simulation.plan.window().deliveries()) {
                throw new ProtocolViolation("lane " + index + " has " + lane.unacknowledged() + " in flight");
            }
            Standing standing = simulation.partitions.get(index).standing(source.input, lane.session().incarnation());
            if (standing != null && !standing.covers(new Standing(lane.ackedTo(), 0, lane.isFinished()))) {
                throw new ProtocolViolation("lane " + index + " has an ack of what its partition hasn't had");
            }
        }
    }

    private void pollLater() {
        if (!alive || !lanes.mayRead() || pollingAt == lanes.cursor() || waitsForIdleLanes()) {
            return;
        }
        long from = lanes.cursor();
        pollingAt = from;
        simulation.after(1 + simulation.random.nextInt(simulation.plan.pollMillis()), () -> polled(from));
    }

    /**
     * A split that was declared idle brings nothing before every lane that has come so far has heard of it: if one never
     * hears, nothing comes to rest.
     */
    private boolean waitsForIdleLanes() {
        if (!lanes.isIdle()) {
            return false;
        }
        for (int index = 0; index < simulation.plan.partitions(); index++) {
            Lane<Rows> lane = lanes.lane(index);
            if (lane.isAttached() && lane.coveredTo() == lanes.cursor() && !lane.isIdle() && !lane.isFinished()) {
                return true;
            }
        }
        return false;
    }

    private void tickLater() {
        long at = Math.max(lanes.wakeAt(), simulation.now() + 1);
        if (alive && at < wakingAt && at != Long.MAX_VALUE) {
            wakingAt = at;
            simulation.after(at - simulation.now(), () -> {
                if (wakingAt == at) {
                    tick();
                }
            });
        }
    }

    private void polled(long from) {
        if (!alive || from != lanes.cursor() || !lanes.mayRead()) {
            if (pollingAt == from) {
                pollingAt = Long.MIN_VALUE;
            }
            return;
        }
        pollingAt = Long.MIN_VALUE;
        polls++;
        if (!lanes.isIdle() && idleTimes < IDLE_TIMES_MAX
                && simulation.random.nextDouble() < simulation.plan.idle()) {
            idleTimes++;
            carryOut(lanes.idle(simulation.now()));
            return;
        }
        List<SimulatedSource.Entry> entries = source.poll(from, 1 + simulation.random.nextInt(
                simulation.plan.pollRows()));
        // The position after a poll lies anywhere in the hole behind the last row.
        long after = entries.isEmpty() ? from : entries.getLast().position() + 1;
        long next = source.nextPosition(after);
        long to = after + simulation.random.nextLong(next - after + 1);
        boolean end = to == source.end && simulation.random.nextBoolean();
        scatter(entries, from, to, end);
    }

    private void scatter(List<SimulatedSource.Entry> entries, long from, long to, boolean end) {
        int count = entries.size();
        long[] watermarkTimes = new long[count];
        long[] rowTimes = new long[count];
        long[] before = new long[count];
        for (int row = 0; row < count; row++) {
            watermarkTimes[row] = entries.get(row).watermarkTime();
            rowTimes[row] = entries.get(row).time();
        }
        boolean anyBefore = watermark.advance(watermarkTimes, rowTimes, before, count);
        long[] wanted = lanes.wantedFrom(from, to);
        List<List<Rows.Row>> scattered = new ArrayList<>();
        for (int partition = 0; partition < wanted.length; partition++) {
            scattered.add(new ArrayList<>());
        }
        for (int row = 0; row < count; row++) {
            SimulatedSource.Entry entry = entries.get(row);
            int partition = simulation.rules.route(simulation.plan, source, entry, polls);
            if (!entry.filtered() && wanted[partition] != Long.MAX_VALUE
                    && entry.position() >= simulation.rules.trimFrom(wanted[partition], from)) {
                long shipped = anyBefore ? before[row] : SplitWatermark.NOT_BEFORE;
                shipped = simulation.rules.before(shipped, watermark.watermark(), entry.time());
                scattered.get(partition).add(new Rows.Row(source.split, entry.position(), entry.key(), entry.time(),
                        shipped));
            }
        }
        List<Share<Rows>> shares = new ArrayList<>();
        for (int partition = 0; partition < wanted.length; partition++) {
            List<Rows.Row> rows = scattered.get(partition);
            if (!rows.isEmpty()) {
                shares.add(new Share<>(partition, new Rows(rows), 10L * rows.size()));
            }
        }
        carryOut(lanes.read(from, to, watermark.watermark(), end, shares, simulation.now()));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(source.input + " reader " + number + (alive ? "" : " dead") + " cursor "
                + lanes.cursor() + (lanes.mayRead() ? "" : " waits"));
        for (int index = 0; index < simulation.plan.partitions(); index++) {
            Lane<Rows> lane = lanes.lane(index);
            text.append(" | ").append(lane.session()).append(lane.isAttached() ? "" : " detached").append(' ')
                    .append(lane.ackedTo()).append(' ').append(lane.sentTo()).append(' ').append(lane.coveredTo())
                    .append(' ').append(lane.unacknowledged()).append(' ').append(lane.window());
        }
        return text.toString();
    }
}
