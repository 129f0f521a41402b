// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.checkpointing.StateStore;
import java.nio.file.Path;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.testkit.javadsl.TestKit;

/** Actor systems with the plugins under test; each is one life of a process. */
final class Stores {
    static final String SLOW_JOURNAL = "slow-journal";

    private static final Config COMMON = ConfigFactory.parseString("""
            pekko.loglevel = OFF
            pekko.stdout-loglevel = OFF
            pekko.log-dead-letters = off
            pekko.test.single-expect-default = 20s
            pekko.actor.allow-java-serialization = off
            pekko.actor.default-dispatcher.fork-join-executor.parallelism-max = 2
            pekko.persistence.journal.plugin = millrace.checkpointing.directory.journal
            pekko.persistence.snapshot-store.plugin = millrace.checkpointing.directory.snapshots
            """);

    private Stores() {}

    static ActorSystem onDirectory(Path directory) {
        Config path = ConfigFactory.parseString("millrace.checkpointing.directory.path = \"" + directory + "\"");
        return ActorSystem.create("test", path.withFallback(COMMON).withFallback(ConfigFactory.load()));
    }

    static ActorSystem onSlowDirectory(Path directory) {
        Config slow = ConfigFactory.parseString("""
                pekko.persistence.journal.plugin = %s
                %1$s {
                  class = "dev.millrace.testing.SlowPlugin"
                  kind = journal
                  plugin = "millrace.checkpointing.directory.journal"
                  delay = 0ms
                }
                millrace.checkpointing.directory.path = "%s"
                """.formatted(SLOW_JOURNAL, directory));
        return ActorSystem.create("test", slow.withFallback(COMMON).withFallback(ConfigFactory.load()));
    }

    static ActorSystem on(StateStore store) {
        return ActorSystem.create("test", store.config().withFallback(COMMON).withFallback(ConfigFactory.load()));
    }

    static ActorSystem inMemory() {
        Config memory = ConfigFactory.parseString("""
                pekko.persistence.journal.plugin = pekko.persistence.journal.inmem
                pekko.persistence.snapshot-store.plugin = millrace.checkpointing.memory.snapshots
                """);
        return ActorSystem.create("test", memory.withFallback(COMMON).withFallback(ConfigFactory.load()));
    }

    static void stop(ActorSystem system) {
        TestKit.shutdownActorSystem(system);
    }
}
