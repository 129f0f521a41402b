// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Cases of slow partitions: who is detached when, who waits for whom, and how the two cursors meet. */
class IsolationTest {
    private static final IsolationSettings TIMES = IsolationSettings.defaults();
    private static final LaneSettings SETTINGS = LaneSettings.defaults();
    private static final Window WINDOW = new Window(2, 1 << 20);
    private static final Session SESSION = new Session(1, 1, 0);

    private long now = -5_000;
    private ReaderLanes<String> reader;

    /** Case 1.8: a partition that is far behind the others takes nobody back with it for long. */
    @Test
    void shouldGoOnWithTheFurthestWhenTheOthersDoNotReachItInTime() {
        start(0, 1_000_000, 1_000_000);
        assertEquals(0, reader.cursor());
        assertFalse(reader.mayRead(Cursor.CATCH_UP));
        read(Cursor.LIVE, 500);
        assertTrue(pass(TIMES.windowMillis() - 1).stream().noneMatch(ReaderDecision.Seek.class::isInstance));
        assertEquals(
                List.of(new ReaderDecision.Seek<String>(Cursor.LIVE, 1_000_000, 1_000_000),
                        new ReaderDecision.Seek<String>(Cursor.CATCH_UP, 500, 500)),
                seeks(pass(1)));
        assertTrue(reader.lane(0).isBehind());
        read(Cursor.LIVE, 1_000_100);
        read(Cursor.CATCH_UP, 900);
        assertEquals(1_000_100, reader.lane(1).coveredTo());
        assertEquals(900, reader.lane(0).coveredTo());
    }

    /** Case 1.8: where all stand near each other one cursor reads for them. */
    @Test
    void shouldReadForAllAtOnceWhenTheyMeetInTime() {
        start(0, 1_000);
        read(Cursor.LIVE, 900);
        pass(TIMES.windowMillis() - 1);
        assertEquals(1_000, reader.wantedFrom(900, 1_100)[1]);
        read(Cursor.LIVE, 1_100);
        ack(0, 1_100);
        ack(1, 1_100);
        pass(10 * TIMES.windowMillis());
        assertTrue(reader.lane(0).isAttached());
        assertTrue(reader.lane(1).isAttached());
    }

    /** Case 8.1: detached after a while of saturation, caught up with, back after a while of health. */
    @Test
    void shouldDetachAFullLaneAndTakeItBackWhenItHasMetTheOthers() {
        start(0, 0, 0);
        long blocked = fillLane(0);
        assertFalse(reader.mayRead());
        assertTrue(reader.isHeldUp());
        pass(TIMES.detachAfterMillis() - 1);
        assertTrue(reader.lane(0).isAttached());
        pass(1);
        assertTrue(reader.lane(0).isBehind());
        assertTrue(reader.mayRead());
        assertFalse(reader.isHeldUp());
        assertFalse(reader.mayRead(Cursor.CATCH_UP), "it has no room");
        read(Cursor.LIVE, 10_000);

        // Its partition goes on: what it had only gathered is read again.
        long sent = reader.lane(0).sentTo();
        assertTrue(sent < blocked);
        List<ReaderDecision<String>> acked = ack(0, sent);
        assertEquals(List.of(new ReaderDecision.Seek<String>(Cursor.CATCH_UP, sent, sent)), seeks(acked));
        read(Cursor.CATCH_UP, 9_000);
        ack(0, 9_000);
        read(Cursor.CATCH_UP, 10_050);
        assertEquals(10_050, reader.lane(0).coveredTo());
        assertTrue(reader.lane(0).isBehind(), "it has met the others, and has to show that it keeps up");
        assertFalse(reader.mayRead(Cursor.CATCH_UP));
        ack(0, 10_050);
        List<ReaderDecision<String>> back = pass(TIMES.rejoinAfterMillis());
        assertTrue(reader.lane(0).isAttached());
        assertTrue(back.contains(new ReaderDecision.Leave<String>(Cursor.CATCH_UP)));
        assertEquals(10_050, reader.wantedFrom(10_000, 10_100)[0]);
        assertEquals(1, reader.lane(0).detachments());
    }

    /** Case 8.1: an ack now and then doesn't make a lane healthy. */
    @Test
    void shouldDetachALaneThatIsAlwaysNearlyFull() {
        start(0, 0, 0);
        fillLane(0);
        for (int i = 0; i < 4; i++) {
            pass(TIMES.detachAfterMillis() / 4);
            if (i < 3) {
                ack(0, reader.lane(0).ackedTo() + 1);
                assertTrue(reader.lane(0).isAttached());
                while (reader.mayRead()) {
                    read(Cursor.LIVE, reader.cursor() + 10);
                }
            }
        }
        assertTrue(reader.lane(0).isBehind());
    }

    /** Case 8.1: nobody is detached where most are full; the reader goes at everybody's pace. */
    @Test
    void shouldDetachNobodyWhenMostAreFull() {
        start(0, 0, 0);
        fillLane(0, 1);
        pass(10 * TIMES.detachAfterMillis());
        assertTrue(reader.lane(0).isAttached());
        assertTrue(reader.lane(1).isAttached());
        assertTrue(reader.isHeldUp());
    }

    /** Case 8.1: when most are full, those that were detached before are read for with the others again. */
    @Test
    void shouldGoBackToOneCursorWhenMostAreFull() {
        start(0, 0, 0);
        fillLane(0);
        pass(TIMES.detachAfterMillis());
        long left = reader.lane(0).coveredTo();
        fillLane(1);
        pass(TIMES.detachAfterMillis());
        assertTrue(reader.lane(0).isAttached());
        assertTrue(reader.lane(1).isAttached());
        assertEquals(left, reader.cursor());
        // The third lane, which is ahead, waits; and nobody is detached before some time has passed.
        pass(TIMES.togetherMillis() - 1);
        assertTrue(reader.lane(0).isAttached());
    }

    /** Case 7.4: half of the partitions are away and come back at different times; one cursor collects them. */
    @Test
    void shouldCollectAllThatComeBackWithOneCursor() {
        start(0, 0, 0, 0);
        reader.partitionStopped(0, 1, now);
        reader.partitionStopped(1, 1, now);
        assertTrue(reader.mayRead(), "nobody waits for them");
        read(Cursor.LIVE, 50_000);
        greetAgain(1, 400);
        greetAgain(0, 100);
        assertEquals(50_000, reader.cursor());
        // It was on its way to the one that came first.
        assertEquals(400, reader.cursor(Cursor.CATCH_UP));
        read(Cursor.CATCH_UP, 50_000);
        assertTrue(reader.lane(1).isAttached());
        assertEquals(100, reader.cursor(Cursor.CATCH_UP));
        read(Cursor.CATCH_UP, 50_000);
        assertTrue(reader.lane(0).isAttached());
    }

    /** Case 7.4: as it passes them, the catch-up cursor takes up those that stand further on. */
    @Test
    void shouldCollectLanesAsItPassesThem() {
        start(0, 0, 0, 0);
        reader.partitionStopped(0, 1, now);
        reader.partitionStopped(1, 1, now);
        read(Cursor.LIVE, 50_000);
        greetAgain(0, 100);
        greetAgain(1, 400);
        read(Cursor.CATCH_UP, 300);
        long[] wanted = reader.wantedFrom(Cursor.CATCH_UP, 300, 500);
        assertEquals(300, wanted[0]);
        assertEquals(400, wanted[1]);
        assertEquals(Long.MAX_VALUE, wanted[2]);
        read(Cursor.CATCH_UP, 500);
        assertEquals(500, reader.lane(1).coveredTo());
    }

    /** Case 1.9: one that is slow doesn't keep the catch-up cursor from another one. */
    @Test
    void shouldNotWaitForeverForALaneWithoutRoomWhileAnotherHasSome() {
        start(0, 0, 0, 0);
        fillLane(0);
        pass(TIMES.detachAfterMillis());
        long slow = reader.lane(0).coveredTo();
        ack(0, slow);
        assertEquals(slow, reader.cursor(Cursor.CATCH_UP));
        reader.partitionStopped(1, 1, now);
        read(Cursor.LIVE, 80_000);
        greetAgain(1, 20_000);
        while (reader.mayRead(Cursor.CATCH_UP) && reader.cursor(Cursor.CATCH_UP) < 10_000) {
            read(Cursor.CATCH_UP, reader.cursor(Cursor.CATCH_UP) + 10);
        }
        assertFalse(reader.mayRead(Cursor.CATCH_UP), "the slow one is full again");
        assertTrue(seeks(pass(TIMES.stayMillis() - 1)).isEmpty());
        assertEquals(List.of(new ReaderDecision.Seek<String>(Cursor.CATCH_UP, 20_000, 20_000)), seeks(pass(1)));
        assertTrue(reader.mayRead(Cursor.CATCH_UP));
    }

    /** Case 2.9: beyond so much event time the live cursor waits for those that were detached. */
    @Test
    void shouldWaitWhenADetachedLaneIsTooFarBehindInEventTime() {
        start(0, 0, 0);
        fillLane(0);
        pass(TIMES.detachAfterMillis());
        long left = reader.lane(0).coveredTo();
        read(Cursor.LIVE, left + TIMES.driftMillisMax());
        assertTrue(reader.mayRead());
        assertEquals(TIMES.driftMillisMax(), reader.driftMillis(0, now));
        read(Cursor.LIVE, left + TIMES.driftMillisMax() + 1);
        assertFalse(reader.mayRead());
        assertTrue(reader.isHeldUp());
        ack(0, left);
        read(Cursor.CATCH_UP, left + 1);
        assertTrue(reader.mayRead());
    }

    /** Case 2.9: where rows have no time, what counts is how long ago the live cursor was there. */
    @Test
    void shouldWaitWhenADetachedLaneIsTooFarBehindByTheClock() {
        startWithoutTime(0, 0, 0);
        fillLane(0);
        pass(TIMES.detachAfterMillis());
        while (now < 300_000 && reader.mayRead()) {
            readWithoutTime(reader.cursor() + 1_000);
            ack(1, reader.lane(1).sentTo());
            ack(2, reader.lane(2).sentTo());
            pass(1_000);
        }
        assertEquals(TIMES.driftMillisMax(), reader.driftMillis(0, now), 5_000);
        assertTrue(reader.isHeldUp());
    }

    /** Case 2.9: a partition that was away for longer than that doesn't stop the others when it is back. */
    @Test
    void shouldNotWaitForALaneThatCameBackFromFarBehind() {
        start(0, 0, 0);
        reader.partitionStopped(0, 1, now);
        read(Cursor.LIVE, 10 * TIMES.driftMillisMax());
        greetAgain(0, 10);
        assertTrue(reader.driftMillis(0, now) > TIMES.driftMillisMax());
        assertTrue(reader.mayRead());
        read(Cursor.CATCH_UP, 10 * TIMES.driftMillisMax() - 1);
        fillLane(1);
        assertTrue(reader.lane(0).isBehind());
    }

    /** Case 1.9: where the reader's time is short the two would never meet, so the live cursor waits for who keeps up. */
    @Test
    void shouldLetThoseThatKeepUpMeetTheLiveCursor() {
        start(0, 0, 0);
        reader.partitionStopped(0, 1, now);
        read(Cursor.LIVE, 10_000);
        greetAgain(0, 0);
        int turns = 0;
        while (reader.lane(0).isBehind() && turns < 100) {
            turns++;
            for (Cursor cursor : Cursor.values()) {
                if (reader.mayRead(cursor)) {
                    read(cursor, reader.cursor(cursor) + 1_000);
                    ack(0, reader.lane(0).sentTo());
                    ack(1, reader.lane(1).sentTo());
                    ack(2, reader.lane(2).sentTo());
                }
            }
            pass(200);
        }
        assertTrue(reader.lane(0).isAttached(), "after " + turns + " turns");
    }

    /** Case 7.4: a lane without any answer doesn't count as full, and is detached though most lanes are. */
    @Test
    void shouldNotCountSilentLanesAsFull() {
        start(0, 0, 0, 0);
        fillLane(0, 1, 2);
        now += SETTINGS.silentMillis();
        for (int partition : new int[] {1, 2}) {
            ack(partition, reader.lane(partition).sentTo());
        }
        assertFalse(reader.lane(0).isAnswering());
        assertTrue(reader.mayRead());
    }

    /** Case 1.13: a lane holds the memory of so many reads, however small its rows are. */
    @Test
    void shouldHoldTheMemoryOfAFewReadsOnly() {
        start(0, 0, 0);
        int reads = 0;
        while (reader.mayRead()) {
            long to = reader.cursor() + 10;
            reader.read(reader.cursor(), to, to, false, List.of(new Share<>(0, "row", 1)), now);
            pass(SETTINGS.lingerMillis());
            reads++;
        }
        assertEquals(SETTINGS.heldReadsMax(), reads);
        assertEquals(SETTINGS.heldReadsMax(), reader.lane(0).heldReads());
    }

    @Test
    void shouldCountHowOftenALaneComesToAState() {
        start(0, 0, 0);
        assertEquals(0, reader.lane(0).changes(Occupancy.SATURATED));
        fillLane(0);
        assertEquals(1, reader.lane(0).changes(Occupancy.SATURATED));
        ack(0, reader.lane(0).sentTo());
        assertEquals(1, reader.lane(0).changes(Occupancy.HEALTHY));
        assertEquals(0, reader.lane(1).changes(Occupancy.HEALTHY));
    }

    /** A reader whose partitions stand there, with the position as the watermark. */
    private void start(long... positions) {
        startAt(Arrays.stream(positions).mapToObj(at -> new Standing(at, at, false)).toList());
    }

    private void startWithoutTime(long... positions) {
        startAt(Arrays.stream(positions).mapToObj(Standing::atStart).toList());
    }

    private void startAt(List<Standing> standings) {
        reader = new ReaderLanes<>("s", 1, standings.size(), SETTINGS, true);
        reader.start(now);
        for (int partition = 0; partition < standings.size(); partition++) {
            Standing at = standings.get(partition);
            reader.received(new Answer("s", partition, SESSION, at, at, WINDOW), now);
        }
    }

    /** Reads large rows for these lanes, and lets only others acknowledge, until the reader waits; gives the cursor. */
    private long fillLane(int... partitions) {
        for (int i = 0; i < 100 && reader.mayRead(); i++) {
            long to = reader.cursor() + 10;
            long watermark = reader.lane(0).covered().watermark() == Long.MIN_VALUE ? Long.MIN_VALUE : to;
            List<Share<String>> shares = new ArrayList<>();
            for (int partition : partitions) {
                if (reader.wantedFrom(reader.cursor(), to)[partition] != Long.MAX_VALUE) {
                    shares.add(new Share<>(partition, "row", SETTINGS.gatherBytes()));
                }
            }
            reader.read(reader.cursor(), to, watermark, false, shares, now);
        }
        assertFalse(reader.mayRead());
        return reader.cursor();
    }

    private void readWithoutTime(long to) {
        reader.read(reader.cursor(), to, Long.MIN_VALUE, false, List.of(), now);
    }

    /** A read that has a row for each lane that wants some. */
    private List<ReaderDecision<String>> read(Cursor cursor, long to) {
        assertTrue(reader.mayRead(cursor), cursor + " cursor");
        long[] wanted = reader.wantedFrom(cursor, reader.cursor(cursor), to);
        List<Share<String>> shares = new ArrayList<>();
        for (int partition = 0; partition < wanted.length; partition++) {
            if (wanted[partition] != Long.MAX_VALUE) {
                shares.add(new Share<>(partition, "row", cursor == Cursor.LIVE ? 1 : SETTINGS.gatherBytes()));
            }
        }
        return reader.read(cursor, reader.cursor(cursor), to, to, false, shares, now);
    }

    /** Time passes, a little at a time; silent lanes would be lost, so partitions answer that they stand where they do. */
    private List<ReaderDecision<String>> pass(long millis) {
        List<ReaderDecision<String>> out = new ArrayList<>();
        for (long left = millis; left > 0;) {
            long step = Math.min(left, 100);
            now += step;
            left -= step;
            for (ReaderDecision<String> decision : reader.tick(now)) {
                out.add(decision);
                if (decision instanceof ReaderDecision.Ask<String> ask) {
                    Lane<String> lane = reader.lane(ask.partition());
                    Standing applied = new Standing(lane.ackedTo(), lane.ackedTo(), false);
                    Standing wants = new Standing(lane.sentTo(), lane.sentTo(), false);
                    out.addAll(reader.received(
                            new Answer("s", ask.partition(), lane.session(), wants, applied, WINDOW), now));
                }
            }
        }
        return out;
    }

    private List<ReaderDecision<String>> ack(int partition, long to) {
        Standing at = new Standing(to, to, false);
        return reader.received(new Answer("s", partition, reader.lane(partition).session(), at, at, WINDOW), now);
    }

    /** The partition's next incarnation answers. */
    private void greetAgain(int partition, long position) {
        Standing at = new Standing(position, position, false);
        reader.received(new Answer("s", partition, new Session(2, 1, 0), at, at, WINDOW), now);
    }

    private static List<ReaderDecision<String>> seeks(List<ReaderDecision<String>> decisions) {
        return decisions.stream().filter(ReaderDecision.Seek.class::isInstance).toList();
    }
}
