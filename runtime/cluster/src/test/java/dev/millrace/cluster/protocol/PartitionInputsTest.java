// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class PartitionInputsTest {
    private static final Window WINDOW = new Window(4, 1_000);
    private static final Session SESSION = new Session(3, 1, 0);

    private final PartitionInputs<String> inputs = greeted(InputVector.EMPTY);

    @Test
    void shouldMoveTheCheckpointOnlyWhenRowsAreApplied() {
        InputDecision.Take<String> first = take(delivery(0, 10, 5));
        InputDecision.Take<String> second = take(delivery(10, 20, 6));
        assertEquals(Standing.atStart(0), inputs.standing("s"));
        assertEquals(Long.MIN_VALUE, inputs.watermark());

        Answer ack = inputs.applied(first);
        assertEquals(new Standing(10, 5, false), ack.applied());
        assertEquals(new Standing(20, 6, false), ack.wants());
        assertEquals(new Standing(10, 5, false), inputs.vector().inputs().getFirst().standing());
        assertEquals(5, inputs.watermark());
        inputs.applied(second);
        assertThrows(IllegalStateException.class, () -> inputs.applied(first));
    }

    @Test
    void shouldAcknowledgeWhatItHasSeen() {
        inputs.applied(take(delivery(0, 10, 5)));
        InputDecision.Drop<String> drop = (InputDecision.Drop<String>) inputs.offered(delivery(0, 10, 5));
        assertEquals(InputDecision.Reason.SEEN, drop.reason());
        assertEquals(10, assertInstanceOf(Answer.class, drop.reply().orElseThrow()).applied().position());
    }

    @Test
    void shouldTakeNothingAfterTheEnd() {
        inputs.applied(take(new Delivery<>("s", SESSION, 0, 10, 5, true, false, 0, List.of())));
        InputDecision.Drop<String> drop = (InputDecision.Drop<String>) inputs.offered(delivery(10, 20, 6));
        assertEquals(InputDecision.Reason.SEEN, drop.reason());
        assertTrue(inputs.isFinished());
    }

    @Test
    void shouldRestoreWhatTheCheckpointHolds() {
        inputs.applied(take(delivery(0, 10, 5)));
        PartitionInputs<String> restored = new PartitionInputs<>(0, 4, inputs.vector(), WINDOW);
        assertEquals(inputs.vector(), restored.vector());
        Answer answer = assertInstanceOf(Answer.class, restored.greeted(new Greeting<>("s", 1)));
        assertEquals(new Session(4, 1, 0), answer.session());
        assertEquals(new Standing(10, 5, false), answer.wants());
    }

    @Test
    void shouldNeverTakeTheWatermarkBackWhenAnInputJoins() {
        inputs.applied(take(delivery(0, 10, 5)));
        SplitList longer = new SplitList(2, List.of(new SplitList.Split("s", 0), new SplitList.Split("t", 0)));
        assertTrue(inputs.splits(longer));
        inputs.applied(take(delivery(10, 20, 9)));
        assertEquals(5, inputs.watermark());
        assertEquals(5, new PartitionInputs<String>(0, 4, inputs.vector(), WINDOW).watermark());
        SplitList shorter = new SplitList(3, List.of(new SplitList.Split("t", 0)));
        assertThrows(IllegalArgumentException.class, () -> inputs.splits(shorter));
    }

    @Test
    void shouldAnnounceItselfUntilTheLaneSpeaks() {
        PartitionInputs<String> restored = greeted(inputs.vector());
        assertEquals(List.of(new Announcement("s", 0, 3)), restored.announcements());
        restored.probed(new Probe<>("s", new Session(2, 1, 0), Standing.atStart(0)));
        assertFalse(restored.announcements().isEmpty());
        restored.probed(new Probe<>("s", SESSION, Standing.atStart(0)));
        assertTrue(restored.announcements().isEmpty());
    }

    @Test
    void shouldRepeatTheAnswerToAnOldProbeWithoutAnotherRound() {
        Probe<String> probe = new Probe<>("s", SESSION, Standing.atStart(50));
        Answer first = assertInstanceOf(Answer.class, inputs.probed(probe));
        assertEquals(1, first.session().round());
        assertEquals(first, inputs.probed(probe));
    }

    @Test
    void shouldTellServedReadersOfANewWindow() {
        assertEquals(Window.CLOSED, inputs.resize(Window.CLOSED).getFirst().window());
        assertEquals(Window.CLOSED, inputs.applied(take(delivery(0, 10, 5))).window());
    }

    @Test
    void shouldBeFinishedAtOnceWhenNothingIsListed() {
        PartitionInputs<String> none = new PartitionInputs<>(0, 1, InputVector.EMPTY, WINDOW);
        assertFalse(none.isFinished());
        none.splits(new SplitList(1, List.of()));
        assertTrue(none.isFinished());
        assertEquals(Long.MAX_VALUE, none.watermark());
    }

    private static PartitionInputs<String> greeted(InputVector restored) {
        PartitionInputs<String> inputs = new PartitionInputs<>(0, 3, restored, WINDOW);
        inputs.splits(new SplitList(1, List.of(new SplitList.Split("s", 0))));
        inputs.greeted(new Greeting<>("s", 1));
        return inputs;
    }

    private static Delivery<String> delivery(long from, long to, long watermark) {
        return new Delivery<>("s", SESSION, from, to, watermark, false, false, 1, List.of("rows"));
    }

    private InputDecision.Take<String> take(Delivery<String> delivery) {
        return (InputDecision.Take<String>) inputs.offered(delivery);
    }
}
