// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.List;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.persistence.DeleteMessagesSuccess;
import org.apache.pekko.persistence.SaveSnapshotSuccess;
import org.apache.pekko.testkit.javadsl.TestKit;

/** One actor system on a store: one life of a process. */
record Life(ActorSystem system, TestKit probe) {
    ActorRef start(String id) {
        return system.actorOf(Recorder.props(id, probe.getRef()));
    }

    Recorder.Recovered recovered() {
        return probe.expectMsgClass(Recorder.Recovered.class);
    }

    void persist(ActorRef actor, Object... events) {
        actor.tell(new Recorder.Persist(List.of(events)), ActorRef.noSender());
        for (Object event : events) {
            assertEquals(event, probe.expectMsgClass(Recorder.Persisted.class).event());
        }
    }

    void save(ActorRef actor, long number, Object snapshot) {
        actor.tell(new Recorder.Save(number, snapshot), ActorRef.noSender());
        probe.expectMsgClass(SaveSnapshotSuccess.class);
    }

    void deleteEvents(ActorRef actor, long to) {
        actor.tell(new Recorder.DeleteEvents(to), ActorRef.noSender());
        probe.expectMsgClass(DeleteMessagesSuccess.class);
    }

    ErrorCode failure(String what) {
        Recorder.Failed failed = probe.expectMsgClass(Recorder.Failed.class);
        assertEquals(what, failed.what());
        return assertInstanceOf(MillraceException.class, failed.cause()).code();
    }
}
