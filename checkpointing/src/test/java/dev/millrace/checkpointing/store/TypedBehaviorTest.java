// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.RetentionCriteria;
import org.apache.pekko.testkit.javadsl.TestKit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugins under the typed API, with snapshots taken and old events deleted by its own rules. */
class TypedBehaviorTest {
    @TempDir
    Path directory;

    private record Add(String text, ActorRef<String> replyTo) {}

    private static final class Text extends EventSourcedBehavior<Add, String, String> {
        Text() {
            super(PersistenceId.ofUniqueId("text"));
        }

        @Override
        public String emptyState() {
            return "";
        }

        @Override
        public CommandHandler<Add, String, String> commandHandler() {
            return newCommandHandlerBuilder().forAnyState().onCommand(Add.class,
                    add -> Effect().persist(add.text()).thenRun(state -> add.replyTo().tell(state))).build();
        }

        @Override
        public EventHandler<String, String> eventHandler() {
            return (state, event) -> state + event;
        }

        @Override
        public RetentionCriteria retentionCriteria() {
            return RetentionCriteria.snapshotEvery(3, 2).withDeleteEventsOnSnapshot();
        }
    }

    @Test
    void shouldRecoverThroughManyLivesWithSnapshotsAndDeletions() {
        StringBuilder expected = new StringBuilder();
        for (int life = 0; life < 4; life++) {
            ActorSystem system = Stores.onDirectory(directory);
            TestKit probe = new TestKit(system);
            ActorRef<Add> text = Adapter.spawn(system, new Text(), "text");
            for (int i = 0; i < 5; i++) {
                String letter = String.valueOf((char) ('a' + life * 5 + i));
                expected.append(letter);
                text.tell(new Add(letter, Adapter.toTyped(probe.getRef())));
                assertEquals(expected.toString(), probe.expectMsgClass(String.class));
            }
            Stores.stop(system);
        }
    }
}
