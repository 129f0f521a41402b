// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The shell of a reader: forwards messages, carries out decisions, polls its split, scatters rows to the lanes. */
final class SimulatedReader {
    private static final int IDLE_TIMES_MAX = 3;
    private static final long HELD_UP_MILLIS_MAX = 600;

    private final Simulation simulation;
    private final SimulatedSource source;
    private final long number;
    private final ReaderLanes<Rows> lanes;
    private final LaneSettings settings;
    private final Map<Cursor, SplitWatermark> watermarks = new EnumMap<>(Cursor.class);
    private final Map<Cursor, Long> pollingAt = new EnumMap<>(Cursor.class);
    private boolean alive = true;
    private long wakingAt = Long.MAX_VALUE;
    private int polls;
    private int idleTimes;
    private long heldUpSince = Long.MIN_VALUE;
    private long liveAt = Long.MIN_VALUE;
    /** The lanes that the live cursor read for before the last event. */
    private final BitSet attached = new BitSet();

    SimulatedReader(Simulation simulation, SimulatedSource source, long number, LaneSettings settings) {
        this.simulation = simulation;
        this.source = source;
        this.number = number;
        this.settings = settings;
        this.lanes = simulation.rules.lanes(source.input, number, simulation.plan.partitions(), settings,
                simulation.plan.isolates());
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
        if (lanes.unacknowledgedBytes() != 0 || lanes.mayRead(Cursor.LIVE) || lanes.mayRead(Cursor.CATCH_UP)) {
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
                    checkSeek(seek);
                    SplitWatermark live = watermarks.get(Cursor.LIVE);
                    watermarks.put(seek.cursor(), new SplitWatermark(simulation.rules.watermarkAt(
                            seek, live == null ? seek.watermark() : live.watermark())));
                    pollingAt.remove(seek.cursor());
                }
                case ReaderDecision.Leave<Rows> leave -> {
                    watermarks.remove(leave.cursor());
                    pollingAt.remove(leave.cursor());
                }
                case ReaderDecision.Release<Rows> release -> release.rows().release();
                case ReaderDecision.Stop<Rows> _ -> alive = false;
            }
        }
        liveAt = lanes.cursor();
        for (int index = 0; index < simulation.plan.partitions(); index++) {
            attached.set(index, lanes.lane(index).isAttached());
        }
        checkLanes();
        checkIsolation();
        pollLater(Cursor.LIVE);
        pollLater(Cursor.CATCH_UP);
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

    /** The live cursor takes nobody back who wants what comes at it. */
    private void checkSeek(ReaderDecision.Seek<Rows> seek) {
        if (seek.cursor() == Cursor.CATCH_UP) {
            return;
        }
        for (int index = 0; index < simulation.plan.partitions() && simulation.plan.isolates(); index++) {
            Lane<Rows> lane = lanes.lane(index);
            if (attached.get(index) && lane.isAttached() && !lane.endCovered() && seek.position() < liveAt
                    && lane.coveredTo() >= liveAt
                    && !lanes.isTogether(simulation.now())) {
                throw new ProtocolViolation("lane " + index + " is taken back from " + liveAt + ": " + this);
            }
        }
        liveAt = seek.position();
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

    private void checkIsolation() {
        int wanting = 0;
        int slow = 0;
        int withoutRoom = 0;
        int healthy = 0;
        int live = 0;
        for (int index = 0; index < simulation.plan.partitions(); index++) {
            Lane<Rows> lane = lanes.lane(index);
            if (lane.heldReads() > settings.heldReadsMax() + 1) {
                throw new ProtocolViolation("lane " + index + " holds the memory of " + lane.heldReads() + " reads");
            }
            if (lane.isAnswering() && !lane.endCovered()) {
                wanting++;
                live += lane.isAttached() ? 1 : 0;
                slow += lane.isBehind() && lane.isSlow() && !lane.keepsUp(simulation.now()) ? 1 : 0;
                healthy += lane.occupancy() == Occupancy.HEALTHY ? 1 : 0;
                withoutRoom += lane.isAttached() && !lane.hasRoom() && lane.occupancy() == Occupancy.SATURATED ? 1 : 0;
            }
        }
        if (slow * 2 > wanting && lanes.lookedAt() == simulation.now()) {
            throw new ProtocolViolation(slow + " of " + wanting + " lanes are detached as slow");
        }
        // A single lane that is full all the time, among healthy ones, is not waited for without end.
        if (alive && lanes.isHeldUp() && withoutRoom == 1 && healthy == wanting - 1 && live > 1
                && simulation.plan.isolates()) {
            heldUpSince = heldUpSince == Long.MIN_VALUE ? simulation.now() : heldUpSince;
            if (simulation.now() - heldUpSince > HELD_UP_MILLIS_MAX) {
                throw new ProtocolViolation("one lane has held up all others since " + heldUpSince + ": " + this);
            }
        } else {
            heldUpSince = Long.MIN_VALUE;
        }
    }

    private void pollLater(Cursor cursor) {
        long from = lanes.cursor(cursor);
        if (!alive || !lanes.mayRead(cursor) || Long.valueOf(from).equals(pollingAt.get(cursor))
                || cursor == Cursor.LIVE && waitsForIdleLanes()) {
            return;
        }
        pollingAt.put(cursor, from);
        simulation.after(1 + simulation.random.nextInt(simulation.plan.pollMillis()), () -> polled(cursor, from));
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

    private void polled(Cursor cursor, long from) {
        boolean wasAsked = Long.valueOf(from).equals(pollingAt.get(cursor));
        if (wasAsked) {
            pollingAt.remove(cursor);
        }
        if (!alive || !wasAsked || from != lanes.cursor(cursor) || !lanes.mayRead(cursor)) {
            return;
        }
        polls++;
        if (cursor == Cursor.LIVE) {
            if (!lanes.isIdle() && idleTimes < IDLE_TIMES_MAX
                    && simulation.random.nextDouble() < simulation.plan.idle()) {
                idleTimes++;
                carryOut(lanes.idle(simulation.now()));
                return;
            }
            checkDrift();
        }
        List<SimulatedSource.Entry> entries = source.poll(from, 1 + simulation.random.nextInt(
                simulation.plan.pollRows()));
        // The position after a poll lies anywhere in the hole behind the last row.
        long after = entries.isEmpty() ? from : entries.getLast().position() + 1;
        long next = source.nextPosition(after);
        long to = after + simulation.random.nextLong(next - after + 1);
        boolean end = to == source.end && simulation.random.nextBoolean();
        scatter(cursor, entries, from, to, end);
    }

    private void checkDrift() {
        for (int index = 0; index < simulation.plan.partitions(); index++) {
            Lane<Rows> lane = lanes.lane(index);
            if (lane.isBehind() && !lane.isExempt() && !lane.endCovered()
                    && lanes.driftMillis(index, lanes.lookedAt()) > simulation.plan.driftMillisMax()) {
                throw new ProtocolViolation("lane " + index + " is left too far behind: " + this);
            }
        }
    }

    private void scatter(Cursor cursor, List<SimulatedSource.Entry> entries, long from, long to, boolean end) {
        int count = entries.size();
        long[] watermarkTimes = new long[count];
        long[] rowTimes = new long[count];
        long[] before = new long[count];
        for (int row = 0; row < count; row++) {
            watermarkTimes[row] = entries.get(row).watermarkTime();
            rowTimes[row] = entries.get(row).time();
        }
        SplitWatermark watermark = watermarks.get(cursor);
        boolean anyBefore = watermark.advance(watermarkTimes, rowTimes, before, count);
        long[] wanted = lanes.wantedFrom(cursor, from, to);
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
        liveAt = cursor == Cursor.LIVE ? to : liveAt;
        carryOut(lanes.read(cursor, from, to, watermark.watermark(), end, shares, simulation.now()));
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(source.input + " reader " + number + (alive ? "" : " dead") + " cursor "
                + lanes.cursor() + (lanes.mayRead() ? "" : " waits") + " and "
                + lanes.cursor(Cursor.CATCH_UP) + (lanes.mayRead(Cursor.CATCH_UP) ? "" : " waits"));
        for (int index = 0; index < simulation.plan.partitions(); index++) {
            Lane<Rows> lane = lanes.lane(index);
            text.append(" | ").append(lane.session())
                    .append(!lane.isAnswering() ? " away" : lane.isBehind() ? lane.isSlow() ? " slow" : " behind" : "")
                    .append(' ')
                    .append(lane.ackedTo()).append(' ').append(lane.sentTo()).append(' ').append(lane.coveredTo())
                    .append(' ').append(lane.unacknowledged()).append(' ').append(lane.window());
        }
        return text.toString();
    }
}
