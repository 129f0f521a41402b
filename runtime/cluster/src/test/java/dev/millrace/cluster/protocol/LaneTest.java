// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Credit, gathering, progress and memory of lanes. */
class LaneTest {
    private static final LaneSettings SETTINGS = new LaneSettings(
            1_000, 2_000, 5, 100, 100, 2_000, 250, 10_000, 250, 1_000, 100, IsolationSettings.defaults());
    private static final Session SESSION = new Session(1, 1, 0);

    private long now = -5_000;

    @Test
    void shouldSendAtOnceWhileNothingIsInFlight() {
        ReaderLanes<String> reader = reader(1, new Window(4, 1_000));
        assertEquals(List.of("a"), deliveries(read(reader, 10, "a", 1)).getFirst().frames());
    }

    @Test
    void shouldSendWhatItHasGatheredWhenNothingIsInFlightAnyMore() {
        ReaderLanes<String> reader = reader(1, new Window(4, 1_000));
        read(reader, 10, "a", 1);
        assertTrue(deliveries(read(reader, 20, "b", 1)).isEmpty());
        assertTrue(deliveries(read(reader, 30, "c", 1)).isEmpty());
        Delivery<String> delivery =
                deliveries(reader.received(ack(0, SESSION, 10, new Window(4, 1_000)), now)).getFirst();
        assertEquals(List.of("b", "c"), delivery.frames());
        assertEquals(30, delivery.to());
    }

    @Test
    void shouldGatherUntilThereAreEnoughBytesWhileThePartitionIsBusy() {
        ReaderLanes<String> reader = busyReader(new Window(4, 1_000));
        assertTrue(deliveries(read(reader, 10, "a", 60)).isEmpty());
        Delivery<String> delivery = deliveries(read(reader, 20, "b", 40)).getFirst();
        assertEquals(List.of("a", "b"), delivery.frames());
        assertEquals(5, delivery.from());
        assertEquals(20, delivery.to());
        assertEquals(100, delivery.bytes());
    }

    @Test
    void shouldNotMakeADeliveryLargerThanItNeedsToBe() {
        ReaderLanes<String> reader = busyReader(new Window(4, 1_000));
        read(reader, 10, "a", 60);
        List<Delivery<String>> deliveries = deliveries(read(reader, 20, "b", 110));
        assertEquals(List.of(10L, 20L), deliveries.stream().map(Delivery::to).toList());
    }

    @Test
    void shouldSendAfterLingerWhileThePartitionIsBusy() {
        ReaderLanes<String> reader = busyReader(new Window(4, 1_000));
        read(reader, 10, "a", 1);
        assertEquals(now + 5, reader.wakeAt());
        now += 4;
        assertTrue(deliveries(reader.tick(now)).isEmpty());
        now++;
        assertEquals(1, deliveries(reader.tick(now)).size());
    }

    @Test
    void shouldStopReadingWhenALaneHasNeitherCreditNorRoom() {
        ReaderLanes<String> reader = reader(2, new Window(1, 1_000));
        Delivery<String> first = deliveries(read(reader, 10, "a", 100)).getFirst();
        assertTrue(reader.mayRead());
        assertTrue(deliveries(read(reader, 20, "b", 100)).isEmpty());
        assertFalse(reader.mayRead());
        assertEquals(Occupancy.SATURATED, reader.lane(0).occupancy());

        List<ReaderDecision<String>> decisions =
                reader.received(ack(0, SESSION, first.to(), new Window(1, 1_000)), now);
        assertEquals(new ReaderDecision.Release<>("a"), decisions.getFirst());
        assertEquals(List.of("b"), deliveries(decisions).getFirst().frames());
        assertTrue(reader.mayRead());
    }

    @Test
    void shouldHoldTheBytesOfAllLanesWithinTheBudgetButAllowEachOneDelivery() {
        ReaderLanes<String> reader = reader(2, new Window(8, 1_000));
        assertEquals(1, deliveries(read(reader, 10, "a", 200)).size());
        assertTrue(deliveries(read(reader, 20, "b", 100)).isEmpty());
        List<Share<String>> shares = List.of(new Share<>(1, "c", 100));
        assertEquals(List.of("c"), deliveries(reader.read(20, 30, 1, false, shares, now)).getFirst().frames());
        assertEquals(300, reader.unacknowledgedBytes());
    }

    @Test
    void shouldShareTheBytesOfAPartitionAmongItsLanes() {
        assertEquals(4 << 20, Window.share(32 << 20, 8).bytes());
        assertEquals(8 << 20, Window.share(32 << 20, 1).bytes(), "one lane doesn't need more");
        assertEquals(64 << 10, Window.share(32 << 20, 100_000).bytes(), "a delivery is to be worth its way");
    }

    @Test
    void shouldAllowOneDeliveryLargerThanTheWindow() {
        ReaderLanes<String> reader = reader(1, new Window(8, 50));
        assertEquals(1, deliveries(read(reader, 10, "a", 100)).size());
        assertTrue(deliveries(read(reader, 20, "b", 100)).isEmpty());
    }

    @Test
    void shouldTellQuietPartitionsHowFarTheReaderHasCome() {
        ReaderLanes<String> reader = reader(2, new Window(1, 1_000));
        now += 100;
        // A lane that has been quiet for a while is told at once, then not before it has been quiet again.
        Delivery<String> progress = deliveries(read(reader, 10, "a", 1)).getLast();
        assertTrue(progress.frames().isEmpty());
        assertEquals(10, progress.to());
        assertEquals(1, progress.watermark());
        reader.received(ack(1, SESSION, 10, new Window(1, 1_000)), now);
        read(reader, 20, "b", 1);
        assertEquals(10, reader.lane(1).sentTo());
        now += 100;
        reader.tick(now);
        assertEquals(20, reader.lane(1).sentTo());
        // Progress uses credit like everything else.
        read(reader, 30, "c", 1);
        now += 500;
        reader.tick(now);
        assertEquals(20, reader.lane(1).sentTo());
        assertEquals(1, reader.lane(1).unacknowledged());
    }

    @Test
    void shouldAskWhetherAClosedWindowHasOpened() {
        ReaderLanes<String> reader = reader(1, Window.CLOSED);
        read(reader, 10, "a", 100);
        assertFalse(reader.mayRead());
        now += 1_000;
        assertEquals(1, reader.tick(now).stream().filter(ReaderDecision.Ask.class::isInstance).count());
        List<ReaderDecision<String>> opened = reader.received(ack(0, SESSION, 0, new Window(1, 1_000)), now);
        assertEquals(1, deliveries(opened).size());
    }

    @Test
    void shouldSendFromMemoryWhatTheNewIncarnationMisses() {
        ReaderLanes<String> reader = reader(1, new Window(4, 1_000));
        read(reader, 10, "a", 100);
        read(reader, 20, "b", 100);
        reader.partitionStopped(0, 1, now);
        assertFalse(reader.lane(0).isAttached());
        List<ReaderDecision<String>> decisions =
                reader.received(ack(0, new Session(2, 1, 0), 10, new Window(4, 1_000)), now);
        Delivery<String> again = deliveries(decisions).getFirst();
        assertEquals(List.of("b"), again.frames());
        assertEquals(new Session(2, 1, 0), again.session());
        assertEquals(20, reader.cursor());
    }

    @Test
    void shouldLetGoOfWhatAPartitionWasSentThatDoesNotComeBack() {
        ReaderLanes<String> reader = reader(1, new Window(4, 1_000));
        read(reader, 10, "a", 100);
        read(reader, 20, "b", 100);
        reader.partitionStopped(0, 1, now);
        assertFalse(reader.tick(now + 1_999).contains(new ReaderDecision.Release<>("a")));
        assertTrue(reader.tick(now + 2_000)
                .containsAll(List.of(new ReaderDecision.Release<>("a"), new ReaderDecision.Release<>("b"))));
        assertEquals(0, reader.unacknowledgedBytes());
        List<ReaderDecision<String>> decisions =
                reader.received(ack(0, new Session(2, 1, 0), 10, new Window(4, 1_000)), now);
        assertEquals(List.of(new ReaderDecision.Seek<>(Cursor.LIVE, 10, 1)), decisions);
    }

    @Test
    void shouldReadAgainWhatItNoLongerHolds() {
        ReaderLanes<String> reader = reader(2, new Window(4, 1_000));
        read(reader, 10, "a", 100);
        reader.received(ack(0, SESSION, 10, new Window(4, 1_000)), now);
        read(reader, 20, "b", 100);
        List<ReaderDecision<String>> decisions =
                reader.received(ack(0, new Session(2, 1, 0), 5, new Window(4, 1_000)), now);
        assertEquals(List.of(new ReaderDecision.Release<>("b"), new ReaderDecision.Seek<>(Cursor.LIVE, 5, 1)),
                decisions);
        assertEquals(0, reader.lane(0).unacknowledged());
        assertEquals(Long.MAX_VALUE, reader.wantedFrom(5, 20)[1]);
    }

    @Test
    void shouldGreetAgainWithGrowingDelay() {
        ReaderLanes<String> reader = new ReaderLanes<>("s", 1, 1, SETTINGS);
        assertEquals(1, reader.start(now).size());
        List<Long> delays = new ArrayList<>();
        for (int greeting = 0; greeting < 10; greeting++) {
            delays.add(reader.wakeAt() - now);
            now = reader.wakeAt();
            assertEquals(1, reader.tick(now).size());
        }
        assertTrue(delays.getFirst() >= 125 && delays.getFirst() <= 250, delays::toString);
        assertTrue(delays.getLast() >= 5_000 && delays.getLast() <= 10_000, delays::toString);
    }

    @Test
    void shouldRefuseAReadElsewhere() {
        ReaderLanes<String> reader = reader(1, new Window(4, 1_000));
        assertThrows(IllegalArgumentException.class, () -> reader.read(1, 2, 0, false, List.of(), now));
        assertThrows(IllegalArgumentException.class, () -> reader.read(0, -1, 0, false, List.of(), now));
        List<Share<String>> twice = List.of(new Share<>(0, "a", 1), new Share<>(0, "b", 1));
        assertThrows(IllegalArgumentException.class, () -> reader.read(0, 1, 0, false, twice, now));
    }

    @Test
    void shouldNameHowFullALaneIs() {
        assertEquals(Occupancy.HEALTHY, Occupancy.of(0.699));
        assertEquals(Occupancy.WARNING, Occupancy.of(0.70));
        assertEquals(Occupancy.WARNING, Occupancy.of(0.849));
        assertEquals(Occupancy.CRITICAL, Occupancy.of(0.85));
        assertEquals(Occupancy.CRITICAL, Occupancy.of(0.949));
        assertEquals(Occupancy.SATURATED, Occupancy.of(0.95));
    }

    /** A reader at position 0 that all its partitions have answered. */
    private ReaderLanes<String> reader(int partitions, Window window) {
        ReaderLanes<String> reader = new ReaderLanes<>("s", 1, partitions, SETTINGS);
        reader.start(now);
        for (int partition = 0; partition < partitions; partition++) {
            reader.received(new Answer("s", partition, SESSION, Standing.atStart(0), Standing.atStart(0), window), now);
        }
        return reader;
    }

    /** A reader at position 5 whose only partition has a delivery to work on. */
    private ReaderLanes<String> busyReader(Window window) {
        ReaderLanes<String> reader = reader(1, window);
        assertEquals(1, deliveries(read(reader, 5, "first", 1)).size());
        return reader;
    }

    private static Answer ack(int partition, Session session, long to, Window window) {
        Standing standing = new Standing(to, 1, false);
        return new Answer("s", partition, session, standing, standing, window);
    }

    /** Reads from the cursor on, for partition 0. */
    private List<ReaderDecision<String>> read(ReaderLanes<String> reader, long to, String rows, long bytes) {
        return reader.read(reader.cursor(), to, 1, false, List.of(new Share<>(0, rows, bytes)), now);
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
}
