// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.checkpointing.jdbc.StateDatabase;
import dev.millrace.engine.error.MillraceException;
import java.util.Map;

/** A place for state that is ready: a directory that is locked, a database with its tables. */
public final class StateStore implements AutoCloseable {
    private final StatePlace place;
    private final Config config;
    private final DirectoryLock lock;

    private StateStore(StatePlace place, Config config, DirectoryLock lock) {
        this.place = place;
        this.config = config;
        this.lock = lock;
    }

    /**
     * Makes a place ready.
     *
     * @throws MillraceException if it is in use, or can't be written
     */
    public static StateStore open(StatePlace place) {
        return switch (place) {
            case StatePlace.Memory _ -> new StateStore(
                    place, plugins("pekko.persistence.journal.inmem", "millrace.checkpointing.memory.snapshots"), null);
            case StatePlace.Directory directory -> {
                DirectoryLock lock = DirectoryLock.acquire(directory.path());
                Config plugins =
                        plugins("millrace.checkpointing.directory.journal",
                                "millrace.checkpointing.directory.snapshots");
                yield new StateStore(place, plugins.withFallback(ConfigFactory.parseMap(
                        Map.of("millrace.checkpointing.directory.path", lock.directory().toString()))), lock);
            }
            case StatePlace.Database database -> {
                StateDatabase.prepare(database);
                yield new StateStore(
                        place,
                        plugins("millrace.checkpointing.jdbc.journal", "millrace.checkpointing.jdbc.snapshots")
                                .withFallback(StateDatabase.config(database)),
                        null);
            }
        };
    }

    /** What an actor system must be told so that its actors keep their state here. It may hold a password. */
    public Config config() {
        return config;
    }

    /** Whether what is kept outlives the process. */
    public boolean durable() {
        return !(place instanceof StatePlace.Memory);
    }

    /** Lets another process use it. */
    @Override
    public void close() {
        if (lock != null) {
            lock.close();
        }
    }

    private static Config plugins(String journal, String snapshots) {
        return ConfigFactory.parseMap(Map.of(
                "pekko.persistence.journal.plugin", journal, "pekko.persistence.snapshot-store.plugin", snapshots));
    }
}
