// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.operator.Lateness;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cases that the rules are for, each as the smallest course of events that goes wrong without its rule. */
class ProtocolCasesTest {
    private static final LaneSettings SETTINGS = LaneSettings.defaults();
    private static final Window WINDOW = new Window(8, 1 << 20);
    private static final SplitList ONE_SPLIT = new SplitList(1, List.of(new SplitList.Split("s", 100)));
    private static final String EMPTY = "empty";

    private long now;

    /** Case 1.1: no row for the partition in a range, holes between positions. */
    @Test
    void shouldNotTakeRangesWithoutRowsForLosses() {
        PartitionInputs<String> inputs = partition(0, 1, InputVector.EMPTY);
        ReaderLanes<String> reader = reader(1, inputs);
        read(reader, 100, 200, 5, EMPTY);
        Delivery<String> delivery = only(deliveries(read(reader, 200, 300, 9, "row at 250")));

        assertEquals(100, delivery.from());
        assertEquals(300, delivery.to());
        take(inputs, delivery);
        assertEquals(new Standing(300, 9, false), inputs.standing("s"));
    }

    /** Case 1.2: everything in flight is lost, so no gap is ever seen. */
    @Test
    void shouldAskAndSendAgainWhenAllThatIsInFlightIsLost() {
        PartitionInputs<String> inputs = partition(0, 1, InputVector.EMPTY);
        ReaderLanes<String> reader = reader(1, inputs);
        read(reader, 100, 110, 1, "a");
        read(reader, 110, 120, 2, "b");

        now += SETTINGS.probeMillis() - 2 * SETTINGS.lingerMillis() - 1;
        assertTrue(of(reader.tick(now), ReaderDecision.Ask.class).isEmpty());
        now++;
        Probe<String> probe = probe(reader.tick(now));
        List<Delivery<String>> again = deliveries(reader.received(inputs.probed(probe), now));

        assertEquals(List.of(List.of("a"), List.of("b")), again.stream().map(Delivery::frames).toList());
        again.forEach(delivery -> take(inputs, delivery));
        assertEquals(120, inputs.standing("s").position());
    }

    /** Case 1.2, at the end of the input: the last thing that is lost is the end itself. */
    @Test
    void shouldSendALostEndAgain() {
        PartitionInputs<String> inputs = partition(0, 1, InputVector.EMPTY);
        ReaderLanes<String> reader = reader(1, inputs);
        Delivery<String> rows = only(deliveries(read(reader, 100, 110, 1, "a")));
        reader.received(take(inputs, rows), now);
        Delivery<String> end = only(deliveries(reader.read(110, 110, 1, true, List.of(), now)));
        assertEquals(110, end.from());
        assertEquals(110, end.to());
        assertFalse(reader.isFinished());

        now += SETTINGS.probeMillis();
        Delivery<String> again = only(deliveries(reader.received(inputs.probed(probe(reader.tick(now))), now)));
        reader.received(take(inputs, again), now);

        assertTrue(inputs.isFinished());
        assertTrue(reader.isFinished());
        assertEquals(Long.MAX_VALUE, inputs.watermark());
    }

    /** Case 1.3: a gap is answered once, and what was sent before the answer is dropped without a word. */
    @Test
    void shouldAnswerOneGapOnce() {
        PartitionInputs<String> inputs = partition(0, 1, InputVector.EMPTY);
        ReaderLanes<String> reader = reader(1, inputs);
        read(reader, 100, 110, 1, "lost");
        List<InputDecision.Drop<String>> drops = new ArrayList<>();
        for (int position = 110; position < 170; position += 10) {
            Delivery<String> delivery = only(deliveries(read(reader, position, position + 10, 1, "at " + position)));
            drops.add((InputDecision.Drop<String>) inputs.offered(delivery));
        }

        assertEquals(InputDecision.Reason.GAP, drops.getFirst().reason());
        for (InputDecision.Drop<String> drop : drops.subList(1, drops.size())) {
            assertEquals(InputDecision.Reason.STALE, drop.reason());
            assertTrue(drop.reply().isEmpty());
        }
        List<Delivery<String>> again = deliveries(reader.received(drops.getFirst().reply().orElseThrow(), now));
        assertEquals(7, again.size());
        again.forEach(delivery -> take(inputs, delivery));
        assertEquals(170, inputs.standing("s").position());
    }

    /** Case 1.3: an ack of an older session would release what is still needed. */
    @Test
    void shouldIgnoreAcksOfAnOlderIncarnation() {
        PartitionInputs<String> inputs = partition(0, 1, InputVector.EMPTY);
        ReaderLanes<String> reader = reader(1, inputs);
        Delivery<String> first = only(deliveries(read(reader, 100, 110, 1, "a")));
        Answer lateAck = take(inputs, first);

        PartitionInputs<String> restored = partition(0, 2, InputVector.EMPTY);
        List<ReaderDecision<String>> decisions = greet(reader, restored, 1);
        assertEquals(1, deliveries(decisions).size());
        assertTrue(reader.received(lateAck, now).isEmpty());
        assertEquals(100, reader.lane(0).ackedTo());
        assertEquals(1, reader.lane(0).unacknowledged());
    }

    /** Case 1.4: with batches of any size, crashes and second readers, blocks of positions keep their partition. */
    @Test
    void shouldRouteRoundRobinTheSameWayWhenReadAgain() {
        for (long seed = 1; seed <= 100; seed++) {
            new Simulation(SimulationPlan.calm(seed).withRouting(true).withCrashes(3, 2, 0.5), new Rules()).run();
        }
    }

    /** Case 1.5: a partition that never got to commit starts where the job said, not at what is newest now. */
    @Test
    void shouldStartWhereTheJobHasSettledIt() {
        PartitionInputs<String> p = partition(0, 1, InputVector.EMPTY);
        PartitionInputs<String> q = partition(1, 1, InputVector.EMPTY);
        ReaderLanes<String> reader = reader(1, p, q);
        Delivery<String> delivery = only(deliveries(reader.read(100, 200, 5, false,
                List.of(new Share<>(1, "row of q", SETTINGS.gatherBytes())), now)));
        take(q, delivery);

        PartitionInputs<String> restoredP = partition(0, 2, InputVector.EMPTY);
        PartitionInputs<String> restoredQ = partition(1, 2, q.vector());
        ReaderLanes<String> second = reader(2, restoredP, restoredQ);
        assertEquals(100, second.cursor());
        assertEquals(200, second.lane(1).coveredTo());
    }

    /** Case 1.6: an input that has only been listed holds the watermark, and keeps the partition from finishing. */
    @Test
    void shouldCountListedInputsOfWhichNothingIsKnown() {
        PartitionInputs<String> inputs = new PartitionInputs<>(0, 1, InputVector.EMPTY, WINDOW);
        Greeting<String> greeting = new Greeting<>("s", 1);
        assertInstanceOf(NotReady.class, inputs.greeted(greeting));
        Delivery<String> early = new Delivery<>("s", new Session(1, 1, 0), 0, 10, 5, true, false, 1, List.of("row"));
        InputDecision.Drop<String> drop = (InputDecision.Drop<String>) inputs.offered(early);
        assertEquals(InputDecision.Reason.NOT_READY, drop.reason());
        assertFalse(inputs.isFinished());

        SplitList list = new SplitList(1, List.of(new SplitList.Split("s", 0), new SplitList.Split("t", 0)));
        assertTrue(inputs.splits(list));
        assertFalse(inputs.splits(list));
        inputs.greeted(greeting);
        take(inputs, early);
        assertEquals(Long.MIN_VALUE, inputs.watermark());
        assertFalse(inputs.isFinished());

        inputs.greeted(new Greeting<>("t", 7));
        take(inputs, new Delivery<>("t", new Session(1, 7, 0), 0, 3, 4, false, false, 0, List.of()));
        assertEquals(4, inputs.watermark());
        take(inputs, new Delivery<>("t", new Session(1, 7, 0), 3, 3, 4, true, false, 0, List.of()));
        assertEquals(Long.MAX_VALUE, inputs.watermark());
        assertTrue(inputs.isFinished());
    }

    /** Case 1.7: the highest reader number is served, older ones stop. */
    @Test
    void shouldServeTheNewestReaderOnly() {
        PartitionInputs<String> inputs = partition(0, 1, InputVector.EMPTY);
        ReaderLanes<String> old = reader(1, inputs);
        Delivery<String> inFlight = only(deliveries(read(old, 100, 110, 1, "a")));
        ReaderLanes<String> newer = reader(2, inputs);

        InputDecision.Drop<String> drop = (InputDecision.Drop<String>) inputs.offered(inFlight);
        assertEquals(InputDecision.Reason.REPLACED, drop.reason());
        assertInstanceOf(Replaced.class, inputs.greeted(new Greeting<>("s", 1)));
        Delivery<String> delivery = only(deliveries(read(newer, 100, 120, 1, "a b")));
        Answer ack = take(inputs, delivery);
        assertTrue(old.received(ack, now).isEmpty(), "an ack of the newer reader's rows");

        // Its rows aren't released: other partitions may not have heard of the newer reader yet, and take them.
        assertEquals(List.of(new ReaderDecision.Stop<String>(2)), old.received(drop.reply().orElseThrow(), now));
        assertTrue(old.isStopped());
        now += 60_000;
        assertTrue(old.tick(now).isEmpty());
        assertFalse(newer.isStopped());
    }

    /** Case 1.8: one partition that doesn't answer holds nobody back, and is served when it does. */
    @Test
    void shouldStartWithoutThoseThatDoNotAnswerInTime() {
        PartitionInputs<String> p = partition(0, 1, InputVector.EMPTY);
        PartitionInputs<String> q = partition(1, 1, InputVector.EMPTY);
        ReaderLanes<String> reader = new ReaderLanes<>("s", 1, 2, SETTINGS);
        reader.start(now);
        reader.received(p.greeted(new Greeting<>("s", 1)), now);
        assertFalse(reader.mayRead());
        assertEquals(now + SETTINGS.greetAgainMillis(), reader.wakeAt(), SETTINGS.greetAgainMillis());

        now += SETTINGS.greetWaitMillis();
        assertEquals(List.of(new ReaderDecision.Seek<String>(Cursor.LIVE, 100, Long.MIN_VALUE)),
                of(reader.tick(now), ReaderDecision.Seek.class));
        assertTrue(reader.mayRead());
        read(reader, 100, 150, 7, "row of p");

        List<ReaderDecision<String>> late = reader.received(q.greeted(new Greeting<>("s", 1)), now);
        assertEquals(List.of(new ReaderDecision.Seek<String>(Cursor.LIVE, 100, Long.MIN_VALUE)), late);
        assertEquals(Long.MAX_VALUE, reader.wantedFrom(100, 150)[0]);
        assertEquals(100, reader.wantedFrom(100, 150)[1]);
    }

    /** Case 1.9: what is read again is trimmed to what each lane still wants. */
    @Test
    void shouldTrimToWhatALaneStillWants() {
        PartitionInputs<String> p = partition(0, 1, InputVector.EMPTY);
        PartitionInputs<String> q = partition(1, 1, vector(new Standing(150, 9, false)));
        ReaderLanes<String> reader = reader(1, p, q);
        long[] wanted = reader.wantedFrom(100, 200);
        assertEquals(100, wanted[0]);
        assertEquals(150, wanted[1]);
        List<Delivery<String>> deliveries = deliveries(reader.read(100, 200, 9, false,
                List.of(new Share<>(1, "rows from 150", SETTINGS.gatherBytes())), now));
        assertEquals(150, only(deliveries).from());
        take(q, only(deliveries));
    }

    /** Case 2.1: the running maximum comes back with the position, so a late row stays late. */
    @Test
    void shouldKeepTheRunningMaximumOverARestart() {
        long noon = 12 * 3_600_000L;
        PartitionInputs<String> p = partition(0, 2, vector(new Standing(200, noon - 1, false)));
        PartitionInputs<String> q = partition(1, 1, vector(new Standing(180, noon - 60_001, false)));
        ReaderLanes<String> reader = new ReaderLanes<>("s", 2, 2, SETTINGS);
        reader.start(now);
        reader.received(p.greeted(new Greeting<>("s", 2)), now);
        List<ReaderDecision<String>> started = reader.received(q.greeted(new Greeting<>("s", 2)), now);

        assertEquals(List.of(new ReaderDecision.Seek<String>(Cursor.LIVE, 180, noon - 60_001)), started);
        SplitWatermark watermark = new SplitWatermark(noon - 60_001);
        long[] fiveToNoon = {noon - 300_000};
        long[] before = new long[1];
        assertTrue(watermark.advance(fiveToNoon, fiveToNoon, before, 1));
        assertTrue(new Lateness(0).isLate(fiveToNoon[0], before[0]));
    }

    /** Case 2.2: with disorder, filters and batches of any size every row is judged as by a single thread. */
    @Test
    void shouldJudgeRowsAsASingleThreadDoes() {
        for (long seed = 1; seed <= 100; seed++) {
            new Simulation(SimulationPlan.calm(seed).withTimes(1_000, 50, 0), new Rules()).run();
            new Simulation(SimulationPlan.calm(seed).withTimes(1_000, 0, 200).withNetwork(0.2, 0.2, 100, false)
                    .withCrashes(2, 2, 1), new Rules()).run();
        }
    }

    /** Case 2.4: a row of the same time as the latest is never late, not even without any delay. */
    @Test
    void shouldNotTakeATieForLate() {
        SplitWatermark watermark = new SplitWatermark(Long.MIN_VALUE);
        long[] times = {1_000, 1_000, 999};
        long[] before = new long[3];
        assertTrue(watermark.advance(times, times, before, 3));
        assertEquals(SplitWatermark.NOT_BEFORE, before[1]);
        assertEquals(999, before[2]);
        Lateness lateness = new Lateness(0);
        assertFalse(lateness.isLate(times[1], before[1]));
        assertFalse(lateness.closes(1_001, before[1]));
        assertTrue(lateness.isLate(times[2], before[2]));
        assertTrue(lateness.closes(1_000, before[2]));
        assertFalse(lateness.closes(1_001, before[2]));
    }

    /** Case 2.6: an idle input holds the watermark no longer; when it wakes, the watermark doesn't go back. */
    @Test
    void shouldNotWaitForAnIdleInput() {
        PartitionInputs<String> inputs = new PartitionInputs<>(0, 1, InputVector.EMPTY, WINDOW);
        inputs.splits(new SplitList(1, List.of(new SplitList.Split("s", 100), new SplitList.Split("t", 0))));
        inputs.greeted(new Greeting<>("t", 7));
        Session t = new Session(1, 7, 0);
        take(inputs, new Delivery<>("t", t, 0, 10, 1_000, false, false, 1, List.of("rows")));
        ReaderLanes<String> reader = reader(1, inputs);
        assertEquals(Long.MIN_VALUE, inputs.watermark());
        assertEquals("s", inputs.slowestInput());

        Delivery<String> mark = only(deliveries(idle(reader)));
        take(inputs, mark);
        assertEquals(1_000, inputs.watermark());
        assertEquals("t", inputs.slowestInput());
        assertEquals(InputDecision.Reason.SEEN, ((InputDecision.Drop<String>) inputs.offered(mark)).reason());

        take(inputs, new Delivery<>("t", t, 10, 10, 1_000, false, true, 0, List.of()));
        assertEquals(1_000, inputs.watermark(), "all are idle");
        take(inputs, new Delivery<>("t", t, 10, 20, 2_000, false, false, 1, List.of("rows")));
        assertEquals(2_000, inputs.watermark());

        take(inputs, only(deliveries(read(reader, 100, 110, 1_500, "woken"))));
        assertFalse(reader.isIdle());
        take(inputs, new Delivery<>("t", t, 20, 30, 3_000, false, false, 1, List.of("rows")));
        assertEquals(2_000, inputs.watermark());
        assertEquals("s", inputs.slowestInput());
    }

    /** Case 2.6: in whatever order all inputs fall idle, the watermark comes to the same. */
    @Test
    void shouldNotDependOnWhichInputIsIdleFirst() {
        for (List<String> order : List.of(List.of("s", "t"), List.of("t", "s"))) {
            PartitionInputs<String> inputs = new PartitionInputs<>(0, 1, InputVector.EMPTY, WINDOW);
            inputs.splits(new SplitList(1, List.of(new SplitList.Split("s", 0), new SplitList.Split("t", 0))));
            Session session = new Session(1, 1, 0);
            inputs.greeted(new Greeting<>("s", 1));
            inputs.greeted(new Greeting<>("t", 1));
            take(inputs, new Delivery<>("s", session, 0, 10, 50, false, false, 1, List.of("rows")));
            take(inputs, new Delivery<>("t", session, 0, 10, 100, false, false, 1, List.of("rows")));
            for (String input : order) {
                long own = inputs.standing(input).watermark();
                take(inputs, new Delivery<>(input, session, 10, 10, own, false, true, 0, List.of()));
            }
            assertEquals(100, inputs.watermark(), order::toString);
        }
    }

    /** Case 2.6: a mark that is lost is asked for, and one that comes late does not undo what came before it. */
    @Test
    void shouldSendALostIdleMarkAgain() {
        PartitionInputs<String> inputs = partition(0, 1, InputVector.EMPTY);
        ReaderLanes<String> reader = reader(1, inputs);
        Delivery<String> lost = only(deliveries(idle(reader)));
        now += SETTINGS.probeMillis();
        Probe<String> probe = probe(reader.tick(now));
        Delivery<String> again = only(deliveries(reader.received(inputs.probed(probe), now)));
        assertEquals(lost.standing(), again.standing());
        reader.received(take(inputs, again), now);
        assertTrue(inputs.standing("s").idle());
        assertTrue(reader.lane(0).isIdle());

        take(inputs, only(deliveries(read(reader, 100, 110, 5, "row"))));
        assertEquals(InputDecision.Reason.SEEN, ((InputDecision.Drop<String>) inputs.offered(again)).reason());
        assertFalse(inputs.standing("s").idle());
    }

    /** Case 2.6: a partition or a reader that starts anew doesn't know of idleness until it is told again. */
    @Test
    void shouldLearnAnewThatAnInputIsIdle() {
        PartitionInputs<String> inputs = partition(0, 1, InputVector.EMPTY);
        ReaderLanes<String> reader = reader(1, inputs);
        reader.received(take(inputs, only(deliveries(idle(reader)))), now);

        PartitionInputs<String> restored = partition(0, 2, inputs.vector());
        assertFalse(restored.standing("s").idle());
        greet(reader, restored, 1);
        now += SETTINGS.progressMillis();
        take(restored, only(deliveries(reader.tick(now))));
        assertTrue(restored.standing("s").idle());

        reader(2, restored);
        assertFalse(restored.standing("s").idle());
    }

    /** Case 2.6: only time spent looking counts. */
    @Test
    void shouldDeclareASplitIdleOnlyAfterLookingForSoLong() {
        IdleTimer timer = new IdleTimer(100);
        assertFalse(timer.nothingFound(-50));
        assertFalse(timer.nothingFound(49));
        timer.restart();
        assertFalse(timer.nothingFound(1_000));
        assertFalse(timer.nothingFound(1_099));
        assertTrue(timer.nothingFound(1_100));
        assertFalse(new IdleTimer(0).nothingFound(1_000_000), "it waits without end");
    }

    /** Case 2.6: whatever goes wrong, a row is in its window, or late, or counted as one of a closed window. */
    @Test
    void shouldCountEveryRowOfInputsThatAreIdleNowAndThen() {
        int closed = 0;
        for (long seed = 1; seed <= 200; seed++) {
            Simulation calm = new Simulation(SimulationPlan.calm(seed).withIdle(0.2), new Rules());
            calm.run();
            closed += calm.rowsOfClosedWindows();
            new Simulation(SimulationPlan.calm(seed).withIdle(0.2).withNetwork(0.3, 0.3, 200, false)
                    .withCrashes(2, 2, 0.5), new Rules()).run();
        }
        assertTrue(closed > 0, "windows close early now and then");
    }

    /** Case 7.4: a partition that is gone without a word holds the reader back for {@code lane.silent} at most. */
    @Test
    void shouldGoOnWithoutASilentLane() {
        PartitionInputs<String> p = partition(0, 1, InputVector.EMPTY);
        PartitionInputs<String> q = partition(1, 1, InputVector.EMPTY);
        ReaderLanes<String> reader = reader(1, p, q);
        long waitingSince = now;
        read(reader, 100, 110, 1, "row of p");
        read(reader, 110, 120, 1, "row of p");

        now = waitingSince + SETTINGS.silentMillis() - 1;
        reader.tick(now);
        assertTrue(reader.lane(0).isAttached());
        now++;
        List<ReaderDecision<String>> decisions = reader.tick(now);
        assertFalse(reader.lane(0).isAttached());
        assertEquals(1, of(decisions, ReaderDecision.Greet.class).size());
        assertTrue(reader.mayRead());

        reader.read(120, 130, 1, false, List.of(), now);
        assertEquals(130, reader.cursor());

        // It was only slow: what was read without it is read again.
        List<ReaderDecision<String>> back = reader.received(p.greeted(new Greeting<>("s", 1)), now);
        assertTrue(reader.lane(0).isAttached());
        assertEquals(List.of(new ReaderDecision.Seek<String>(Cursor.LIVE, 120, 1)), back);
    }

    private static InputVector vector(Standing standing) {
        return new InputVector(1, standing.watermark(), List.of(new InputVector.Entry("s", standing)));
    }

    private static PartitionInputs<String> partition(int index, long incarnation, InputVector restored) {
        PartitionInputs<String> inputs = new PartitionInputs<>(index, incarnation, restored, WINDOW);
        inputs.splits(ONE_SPLIT);
        return inputs;
    }

    /** A reader that all partitions have answered. */
    @SafeVarargs
    private ReaderLanes<String> reader(long number, PartitionInputs<String>... partitions) {
        ReaderLanes<String> reader = new ReaderLanes<>("s", number, partitions.length, SETTINGS);
        reader.start(now);
        for (PartitionInputs<String> inputs : partitions) {
            reader.received(inputs.greeted(new Greeting<>("s", number)), now);
        }
        assertTrue(reader.mayRead());
        return reader;
    }

    private List<ReaderDecision<String>> greet(ReaderLanes<String> reader, PartitionInputs<String> restored,
            long number) {
        reader.received(only(restored.announcements()), now);
        return reader.received(restored.greeted(new Greeting<>("s", number)), now);
    }

    /** Reads for partition 0 and lets the rows linger until they travel. */
    private List<ReaderDecision<String>> read(ReaderLanes<String> reader, long from, long to, long watermark,
            String rows) {
        List<Share<String>> shares = rows.equals(EMPTY) ? List.of() : List.of(new Share<>(0, rows, 10));
        List<ReaderDecision<String>> decisions = new ArrayList<>(reader.read(from, to, watermark, false, shares, now));
        now += SETTINGS.lingerMillis();
        decisions.addAll(reader.tick(now));
        return decisions;
    }

    private List<ReaderDecision<String>> idle(ReaderLanes<String> reader) {
        List<ReaderDecision<String>> decisions = new ArrayList<>(reader.idle(now));
        now += SETTINGS.progressMillis();
        decisions.addAll(reader.tick(now));
        return decisions;
    }

    private static Answer take(PartitionInputs<String> inputs, Delivery<String> delivery) {
        return switch (inputs.offered(delivery)) {
            case InputDecision.Take<String> take -> inputs.applied(take);
            case InputDecision.Drop<String> drop -> throw new AssertionError("dropped: " + drop);
        };
    }

    private static List<Delivery<String>> deliveries(List<ReaderDecision<String>> decisions) {
        List<Delivery<String>> deliveries = new ArrayList<>();
        for (ReaderDecision<String> decision : decisions) {
            if (decision instanceof ReaderDecision.Deliver<String> deliver) {
                deliveries.add(deliver.delivery());
            }
        }
        return deliveries;
    }

    private static Probe<String> probe(List<ReaderDecision<String>> decisions) {
        for (ReaderDecision<String> decision : decisions) {
            if (decision instanceof ReaderDecision.Ask<String> ask) {
                return ask.probe();
            }
        }
        throw new AssertionError("no probe in " + decisions);
    }

    private static List<ReaderDecision<String>> of(List<ReaderDecision<String>> decisions, Class<?> kind) {
        return decisions.stream().filter(kind::isInstance).toList();
    }

    private static <T> T only(List<T> list) {
        assertEquals(1, list.size(), list::toString);
        return list.getFirst();
    }
}
