// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.testing.SlowPlugin;
import dev.millrace.testing.SmallDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, read-only or slow: what was stored stays, what can't be stored is told, and it goes on later. */
@Tag("integration")
@Timeout(30)
class FaultyDiskTest {
    private static final String ID = "job/0/3";

    @TempDir
    Path directory;

    @Test
    void shouldSayThatTheDiskIsFullAndGoOnWhenThereIsSpace() {
        try (SmallDisk disk = SmallDisk.mount(directory, 256)) {
            ActorSystem system = Stores.onDirectory(disk.directory());
            Life life = new Life(system, new TestKit(system));
            ActorRef actor = life.start(ID);
            life.recovered();
            life.persist(actor, "a");
            life.save(actor, 1, "image");
            disk.fill();
            actor.tell(new Recorder.Save(0, "another"), ActorRef.noSender());
            SaveSnapshotFailure failure = life.probe().expectMsgClass(SaveSnapshotFailure.class);
            assertEquals(ErrorCode.STATE_UNWRITABLE, assertInstanceOf(MillraceException.class, failure.cause()).code());
            actor.tell(new Recorder.Persist(List.of("b")), ActorRef.noSender());
            Recorder.Failed failed = life.probe().expectMsgClass(Recorder.Failed.class);
            MillraceException e = assertInstanceOf(MillraceException.class, failed.cause());
            assertEquals(ErrorCode.STATE_UNWRITABLE, e.code());
            assertTrue(e.getMessage().contains("No space left"), e.getMessage());

            ActorRef inVain = life.start(ID);
            assertEquals(List.of("image", 1L), life.recovered().all(), "what is stored can be read from a full disk");
            inVain.tell(new Recorder.Persist(List.of("c")), ActorRef.noSender());
            assertEquals(ErrorCode.STATE_UNWRITABLE, life.failure("persist"));

            disk.free();
            ActorRef next = life.start(ID);
            assertEquals(List.of("image", 1L), life.recovered().all());
            life.persist(next, "d");
            Stores.stop(system);
        }
    }

    @Test
    void shouldFailAnEpochThatIsLargerThanTheDiskAndLeaveNothingOfIt() {
        try (SmallDisk disk = SmallDisk.mount(directory, 256)) {
            ActorSystem system = Stores.onDirectory(disk.directory());
            Life life = new Life(system, new TestKit(system));
            ActorRef actor = life.start(ID);
            life.recovered();
            actor.tell(new Recorder.Persist(List.of(PluginsContract.epoch(1, 1 << 20))), ActorRef.noSender());
            assertEquals(ErrorCode.STATE_UNWRITABLE, life.failure("persist"));
            ActorRef next = life.start(ID);
            assertEquals(List.of(), life.recovered().all());
            life.persist(next, PluginsContract.epoch(1, 50_000));
            Stores.stop(system);
        }
    }

    @Test
    void shouldReadButNotWriteAReadOnlyDisk() {
        try (SmallDisk disk = SmallDisk.mount(directory, 256)) {
            ActorSystem system = Stores.onDirectory(disk.directory());
            Life life = new Life(system, new TestKit(system));
            ActorRef actor = life.start(ID);
            life.recovered();
            life.persist(actor, "a");
            disk.setReadOnly(true);
            actor.tell(new Recorder.Persist(List.of("b")), ActorRef.noSender());
            assertEquals(ErrorCode.STATE_UNWRITABLE, life.failure("persist"));
            life.start(ID);
            assertEquals(List.of("a"), life.recovered().all());
            disk.setReadOnly(false);
            ActorRef next = life.start(ID);
            assertEquals(List.of("a"), life.recovered().all());
            life.persist(next, "b");
            Stores.stop(system);
        }
    }

    @Test
    void shouldOnlyTakeLongerWhereTheStoreIsSlow() {
        ActorSystem system = Stores.onSlowDirectory(directory);
        Life life = new Life(system, new TestKit(system));
        SlowPlugin.setJournalDelay(system, Stores.SLOW_JOURNAL, Duration.ofMillis(100));
        ActorRef actor = life.start(ID);
        life.recovered();
        long begin = System.nanoTime();
        life.persist(actor, "a");
        life.persist(actor, "b");
        life.persist(actor, "c");
        assertTrue(System.nanoTime() - begin >= 300_000_000L, "three writes wait for 100 ms each");
        SlowPlugin.setJournalDelay(system, Stores.SLOW_JOURNAL, Duration.ZERO);
        life.start(ID);
        assertEquals(List.of("a", "b", "c"), life.recovered().all());
        Stores.stop(system);
    }
}
