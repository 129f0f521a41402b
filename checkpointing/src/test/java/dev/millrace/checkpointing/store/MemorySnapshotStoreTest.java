// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.DeleteSnapshotsSuccess;
import org.apache.pekko.persistence.SaveSnapshotFailure;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MemorySnapshotStoreTest {
    private ActorSystem system;
    private TestKit probe;

    @BeforeEach
    void start() {
        system = Stores.inMemory();
        probe = new TestKit(system);
    }

    @AfterEach
    void stop() {
        Stores.stop(system);
    }

    @Test
    void shouldAnswerWithTheNewestSnapshotAsACopy() {
        ActorRef actor = start("p");
        EpochCommitted image = PluginsContract.epoch(2, 3 << 20);
        save(actor, 1, "older");
        save(actor, 2, image);
        system.actorOf(Recorder.props("p", probe.getRef()));
        List<Object> recovered = probe.expectMsgClass(Recorder.Recovered.class).all();
        assertNotSame(image, recovered.getFirst());
        assertEquals(image.bytes(), ((EpochCommitted) recovered.getFirst()).bytes());
        assertEquals(2L, recovered.getLast());
    }

    @Test
    void shouldRefuseANumberThatIsTakenAndKeepWhatIsThere() {
        ActorRef actor = start("p");
        save(actor, 1, "first");
        actor.tell(new Recorder.Save(1, "second"), ActorRef.noSender());
        SaveSnapshotFailure failure = probe.expectMsgClass(SaveSnapshotFailure.class);
        assertEquals(ErrorCode.STATE_FENCED, ((MillraceException) failure.cause()).code());
        system.actorOf(Recorder.props("p", probe.getRef()));
        assertEquals(List.of("first", 1L), probe.expectMsgClass(Recorder.Recovered.class).all());
    }

    @Test
    void shouldDeleteWhatIsSelected() {
        ActorRef actor = start("p");
        save(actor, 1, "s1");
        save(actor, 2, "s2");
        actor.tell(new Recorder.DeleteSnapshots(SnapshotSelectionCriteria.create(Long.MAX_VALUE, Long.MAX_VALUE, 2, 0)),
                ActorRef.noSender());
        probe.expectMsgClass(DeleteSnapshotsSuccess.class);
        system.actorOf(Recorder.props("p", probe.getRef()));
        assertEquals(List.of("s1", 1L), probe.expectMsgClass(Recorder.Recovered.class).all());
    }

    @Test
    void shouldRefuseWhatHasNoSerializer() {
        ActorRef actor = start("p");
        actor.tell(new Recorder.Save(1, new Object()), ActorRef.noSender());
        probe.expectMsgClass(SaveSnapshotFailure.class);
    }

    private ActorRef start(String id) {
        ActorRef actor = system.actorOf(Recorder.props(id, probe.getRef()));
        probe.expectMsgClass(Recorder.Recovered.class);
        return actor;
    }

    private void save(ActorRef actor, long number, Object snapshot) {
        actor.tell(new Recorder.Save(number, snapshot), ActorRef.noSender());
        probe.expectMsgClass(SaveSnapshotSuccess.class);
    }
}
