// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.millrace.checkpointing.jdbc.StateDatabase;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.state.ChunkPool;
import java.util.Map;
import java.util.UUID;

/**
 * A place for state that is ready: a directory that is locked, a database with its tables. The nodes of a cluster share
 * one: see {@link StateUse}.
 */
public final class StateStore implements AutoCloseable {
    /** Of the heap, so much may wait for the next epochs. */
    private static final int CHUNKS_SHARE = 64;

    private final StatePlace place;
    private final Config config;
    private final DirectoryLock lock;
    private final String identity;
    private final ChunkPool chunks;

    private StateStore(StatePlace place, Config config, DirectoryLock lock, String identity) {
        this.place = place;
        this.config = config;
        this.lock = lock;
        this.identity = identity;
        chunks = durable() ? new ChunkPool(Runtime.getRuntime().maxMemory() / CHUNKS_SHARE) : ChunkPool.NONE;
    }

    /**
     * Makes a place ready for a process alone.
     *
     * @throws MillraceException if it is in use, or can't be written
     */
    public static StateStore open(StatePlace place) {
        return open(place, StateUse.ALONE);
    }

    /**
     * Makes a place ready.
     *
     * @throws MillraceException if it is in use by others than {@code use} allows, or can't be written
     */
    public static StateStore open(StatePlace place, StateUse use) {
        return switch (place) {
            case StatePlace.Memory _ -> new StateStore(
                    place, plugins("pekko.persistence.journal.inmem", "millrace.checkpointing.memory.snapshots"), null,
                    UUID.randomUUID().toString());
            case StatePlace.Directory directory -> {
                DirectoryLock lock = DirectoryLock.acquire(directory.path(), use);
                Config plugins =
                        plugins("millrace.checkpointing.directory.journal",
                                "millrace.checkpointing.directory.snapshots");
                yield new StateStore(place, plugins.withFallback(ConfigFactory.parseMap(
                        Map.of("millrace.checkpointing.directory.path", lock.directory().toString()))), lock,
                        DirectoryIdentity.of(lock));
            }
            case StatePlace.Database database -> {
                StateDatabase.prepare(database);
                yield new StateStore(
                        place,
                        plugins("millrace.checkpointing.jdbc.journal", "millrace.checkpointing.jdbc.snapshots")
                                .withFallback(StateDatabase.config(database)),
                        null,
                        StateDatabase.identity(database));
            }
        };
    }

    /** What an actor system must be told so that its actors keep their state here. It may hold a password. */
    public Config config() {
        return config;
    }

    /** The same for all processes that use the same place, however they name it, and for no others. */
    public String identity() {
        return identity;
    }

    /**
     * The node belongs to a cluster from now on.
     *
     * @param founded whether it has begun the cluster, and is not one of several
     * @throws MillraceException if it has begun a cluster while the nodes of another one use the place, as far as that can
     *     be told
     */
    public void join(boolean founded) {
        if (lock != null) {
            lock.join(founded);
        }
    }

    /**
     * For the arrays of epochs. They may be used again when their epoch is durable; in memory they never are, since the
     * epochs themselves are kept there, not their bytes.
     */
    public ChunkPool chunks() {
        return chunks;
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
