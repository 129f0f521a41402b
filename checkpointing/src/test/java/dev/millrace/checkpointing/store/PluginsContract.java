// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.checkpointing.ImageComplete;
import dev.millrace.engine.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.DeleteSnapshotSuccess;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.Recovery;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every store of state must do, whatever it keeps the state in. */
abstract class PluginsContract {
    static final String ID = "job/0/3";

    private final List<Life> lives = new ArrayList<>();

    /** A new actor system on the store under test. */
    abstract ActorSystem system();

    final Life life() {
        ActorSystem system = system();
        Life life = new Life(system, new TestKit(system));
        lives.add(life);
        return life;
    }

    final void stop(Life life) {
        lives.remove(life);
        Stores.stop(life.system());
    }

    @AfterEach
    final void stopAll() {
        lives.forEach(life -> Stores.stop(life.system()));
    }

    /** An epoch with two parts of state and one of rows, of bytes that can't be compressed. */
    static EpochCommitted epoch(long number, int partBytes) {
        Random random = new Random(number);
        byte[][] parts = new byte[3][partBytes];
        for (byte[] part : parts) {
            random.nextBytes(part);
        }
        return new EpochCommitted(number, 7, true, false, new byte[] {1, 2}, new byte[][] {parts[0], {}, parts[1]},
                new byte[][] {{(byte) number}});
    }

    @Test
    void shouldRecoverEventsInTheNextLife() {
        Life first = life();
        ActorRef actor = first.start(ID);
        assertEquals(new Recorder.Recovered(List.of(), 0), first.recovered());
        first.persist(actor, "a");
        first.persist(actor, "b", 17L, "c");
        stop(first);
        Life second = life();
        second.start(ID);
        assertEquals(new Recorder.Recovered(List.of("a", "b", 17L, "c"), 4), second.recovered());
    }

    @Test
    void shouldRecoverTheSnapshotAndTheEventsAfterIt() {
        Life first = life();
        ActorRef actor = first.start(ID);
        first.recovered();
        first.persist(actor, "a", "b");
        first.save(actor, 0, "ab");
        first.persist(actor, "c");
        stop(first);
        Life second = life();
        second.start(ID);
        assertEquals(new Recorder.Recovered(List.of("ab", 2L, "c"), 3), second.recovered());
    }

    @Test
    void shouldRecoverFromASnapshotThatIsNumberedBeforeLaterEvents() {
        Life first = life();
        ActorRef actor = first.start(ID);
        first.recovered();
        for (int i = 1; i <= 9; i++) {
            first.persist(actor, "e" + i);
        }
        // As a keeper does: images of the epochs 3 to 5 and 6 to 8, each when it is complete; what the older one doesn't
        // need is deleted.
        first.save(actor, 2, new ImageComplete(3, 5, 1));
        first.save(actor, 5, new ImageComplete(6, 8, 1));
        first.deleteEvents(actor, 2);
        first.persist(actor, "e10");
        stop(first);
        Life second = life();
        ActorRef next = second.start(ID);
        assertEquals(
                new Recorder.Recovered(List.of(new ImageComplete(6, 8, 1), 5L, "e6", "e7", "e8", "e9", "e10"), 10),
                second.recovered());
        second.persist(next, "e11");
        Recovery older = Recovery.create(SnapshotSelectionCriteria.create(2, Long.MAX_VALUE, 2, 0));
        second.system().actorOf(Recorder.props(ID, older, second.probe().getRef()));
        assertEquals(List.of(new ImageComplete(3, 5, 1), 2L, "e3", "e4"), second.recovered().all().subList(0, 4));
    }

    @Test
    void shouldRestoreExactlyTheSnapshotThatIsAskedFor() {
        Life first = life();
        ActorRef actor = first.start(ID);
        first.recovered();
        for (long epoch = 10; epoch <= 30; epoch += 10) {
            first.save(actor, epoch, "epoch " + epoch);
        }
        SnapshotSelectionCriteria twenty = SnapshotSelectionCriteria.create(20, Long.MAX_VALUE, 20, 0);
        first.system().actorOf(Recorder.props(ID, Recovery.create(twenty, 20), first.probe().getRef()));
        assertEquals(new Recorder.Recovered(List.of("epoch 20", 20L), 20), first.recovered());
        SnapshotSelectionCriteria fifteen = SnapshotSelectionCriteria.create(15, Long.MAX_VALUE, 15, 0);
        first.system().actorOf(Recorder.props(ID, Recovery.create(fifteen, 15), first.probe().getRef()));
        assertEquals(List.of(), first.recovered().all(), "there is no snapshot 15, and an older one won't do");
    }

    @Test
    void shouldCarryLargeEpochsUnchanged() {
        Life first = life();
        ActorRef actor = first.start(ID);
        first.recovered();
        first.persist(actor, epoch(1, 100), epoch(2, 3 << 20));
        stop(first);
        Life second = life();
        second.start(ID);
        List<Object> recovered = second.recovered().all();
        assertSame(epoch(1, 100), recovered.getFirst());
        assertSame(epoch(2, 3 << 20), recovered.getLast());
    }

    @Test
    void shouldStopTheActorThatLosesItsSlot() {
        Life zombieLife = life();
        Life ownerLife = life();
        ActorRef zombie = zombieLife.start(ID);
        zombieLife.recovered();
        zombieLife.persist(zombie, "a");
        ActorRef owner = ownerLife.start(ID);
        assertEquals(1, ownerLife.recovered().lastSequenceNr());
        ownerLife.persist(owner, "claim");
        zombieLife.probe().watch(zombie);
        zombie.tell(new Recorder.Persist(List.of("b")), ActorRef.noSender());
        assertEquals(ErrorCode.STATE_FENCED, zombieLife.failure("persist"));
        zombieLife.probe().expectTerminated(zombie);
        ownerLife.persist(owner, "c");
        zombieLife.start(ID);
        assertEquals(List.of("a", "claim", "c"), zombieLife.recovered().all());
    }

    @Test
    void shouldStopTheActorWhoseSlotsWereWrittenAndDeletedByAnother() {
        Life zombieLife = life();
        Life ownerLife = life();
        ActorRef zombie = zombieLife.start(ID);
        zombieLife.recovered();
        zombieLife.persist(zombie, "a");
        ActorRef owner = ownerLife.start(ID);
        ownerLife.recovered();
        for (int i = 2; i <= 10; i++) {
            ownerLife.persist(owner, "e" + i);
        }
        ownerLife.save(owner, 8, "image");
        ownerLife.deleteEvents(owner, 8);
        zombie.tell(new Recorder.Persist(List.of("late")), ActorRef.noSender());
        assertEquals(ErrorCode.STATE_FENCED, zombieLife.failure("persist"));
        zombieLife.start(ID);
        assertEquals(List.of("image", 8L, "e9", "e10"), zombieLife.recovered().all());
    }

    @Test
    void shouldRecoverAgainInTheProcessThatWasFenced() {
        Life first = life();
        Life second = life();
        ActorRef zombie = first.start(ID);
        first.recovered();
        ActorRef owner = second.start(ID);
        second.recovered();
        second.persist(owner, "mine");
        zombie.tell(new Recorder.Persist(List.of("x")), ActorRef.noSender());
        first.failure("persist");
        ActorRef successor = first.start(ID);
        assertEquals(List.of("mine"), first.recovered().all());
        first.persist(successor, "next");
    }

    @Test
    void shouldFenceOneWriterAndLetAllOthersGoOn() {
        Life zombieLife = life();
        Life ownerLife = life();
        List<ActorRef> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            others.add(zombieLife.start("other/" + i));
            zombieLife.recovered();
        }
        ActorRef zombie = zombieLife.start(ID);
        zombieLife.recovered();
        ActorRef owner = ownerLife.start(ID);
        ownerLife.recovered();
        ownerLife.persist(owner, "mine");
        others.forEach(other -> other.tell(new Recorder.Persist(List.of("x")), ActorRef.noSender()));
        zombie.tell(new Recorder.Persist(List.of("late")), ActorRef.noSender());
        others.forEach(other -> other.tell(new Recorder.Persist(List.of("y")), ActorRef.noSender()));
        int persisted = 0;
        int fenced = 0;
        for (Object message : zombieLife.probe().receiveN(17)) {
            persisted += message instanceof Recorder.Persisted ? 1 : 0;
            fenced += message instanceof Recorder.Failed ? 1 : 0;
        }
        assertEquals(16, persisted);
        assertEquals(1, fenced);
    }

    @Test
    void shouldDeleteEventsAndGoOnNumbering() {
        Life first = life();
        ActorRef actor = first.start(ID);
        first.recovered();
        first.persist(actor, "a", "b");
        first.persist(actor, "c");
        first.deleteEvents(actor, Long.MAX_VALUE);
        stop(first);
        Life second = life();
        ActorRef next = second.start(ID);
        assertEquals(new Recorder.Recovered(List.of(), 3), second.recovered());
        second.persist(next, "d");
        second.save(next, 3, "abc");
        second.start(ID);
        assertEquals(List.of("abc", 3L, "d"), second.recovered().all());
    }

    @Test
    void shouldRefuseALogWhoseSnapshotIsMissing() {
        Life first = life();
        ActorRef actor = first.start(ID);
        first.recovered();
        first.persist(actor, "a");
        first.persist(actor, "b");
        first.persist(actor, "c");
        first.deleteEvents(actor, 2);
        first.start(ID);
        assertEquals(ErrorCode.STATE_DAMAGED, first.failure("recovery"));
    }

    @Test
    void shouldDeleteTheSnapshotsThatAreSelectedAndNoOthers() {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        for (long number = 1; number <= 5; number++) {
            life.save(actor, number, "s" + number);
        }
        actor.tell(new Recorder.DeleteSnapshots(SnapshotSelectionCriteria.create(2, Long.MAX_VALUE)),
                ActorRef.noSender());
        life.probe().expectMsgClass(DeleteSnapshotsSuccess.class);
        actor.tell(new Recorder.DeleteSnapshot(5), ActorRef.noSender());
        life.probe().expectMsgClass(DeleteSnapshotSuccess.class);
        assertEquals(List.of("s4", 4L), snapshotUpTo(life, Long.MAX_VALUE, Long.MAX_VALUE));
        assertEquals(List.of("s3", 3L), snapshotUpTo(life, 3, Long.MAX_VALUE));
        assertEquals(List.of(), snapshotUpTo(life, 2, Long.MAX_VALUE));
    }

    @Test
    void shouldSelectSnapshotsByTheirTime() {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        life.save(actor, 1, "s1");
        actor.tell(new Recorder.DeleteSnapshots(SnapshotSelectionCriteria.create(Long.MAX_VALUE, 1000)),
                ActorRef.noSender());
        life.probe().expectMsgClass(DeleteSnapshotsSuccess.class);
        assertEquals(List.of(), snapshotUpTo(life, Long.MAX_VALUE, 1000));
        assertEquals(List.of("s1", 1L), snapshotUpTo(life, Long.MAX_VALUE, Long.MAX_VALUE));
        long inAnHour = System.currentTimeMillis() + 3_600_000;
        actor.tell(new Recorder.DeleteSnapshots(SnapshotSelectionCriteria.create(Long.MAX_VALUE, inAnHour)),
                ActorRef.noSender());
        life.probe().expectMsgClass(DeleteSnapshotsSuccess.class);
        assertEquals(List.of(), snapshotUpTo(life, Long.MAX_VALUE, Long.MAX_VALUE));
    }

    @Test
    void shouldFailAndNotRejectWhatHasNoSerializer() {
        Life life = life();
        ActorRef actor = life.start(ID);
        life.recovered();
        actor.tell(new Recorder.Persist(List.of("good", new Object())), ActorRef.noSender());
        assertEquals("persist", life.probe().expectMsgClass(Recorder.Failed.class).what());
        life.start(ID);
        assertEquals(new Recorder.Recovered(List.of(), 0), life.recovered());
    }

    private static List<Object> snapshotUpTo(Life life, long number, long timeMillis) {
        Recovery recovery = Recovery.create(SnapshotSelectionCriteria.create(number, timeMillis));
        life.system().actorOf(Recorder.props(ID, recovery, life.probe().getRef()));
        return life.recovered().all();
    }

    private static void assertSame(EpochCommitted expected, Object actual) {
        EpochCommitted epoch = (EpochCommitted) actual;
        assertEquals(expected.epoch(), epoch.epoch());
        assertEquals(expected.incarnation(), epoch.incarnation());
        assertEquals(expected.begins(), epoch.begins());
        assertEquals(expected.completes(), epoch.completes());
        assertArrayEquals(expected.header(), epoch.header());
        assertArrayEquals(expected.state(), epoch.state());
        assertArrayEquals(expected.outbox(), epoch.outbox());
    }
}
