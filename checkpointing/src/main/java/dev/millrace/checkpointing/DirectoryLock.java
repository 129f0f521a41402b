// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps a state directory to one process, or to the nodes of one cluster, until closed or until the process ends in
 * whatever way. The lock file stays behind: deleting it would let two processes hold locks on two files of the same name.
 *
 * <pre>
 *   byte      a process alone   a node that has not joined yet   a node of a cluster   who begins a cluster
 *   in use    exclusive         shared                           shared                shared
 *   cluster   –                 –                                shared                exclusive, then shared
 * </pre>
 */
public final class DirectoryLock implements AutoCloseable {
    private static final String FILE_NAME = "lock";
    /** Far behind the text, as some systems lock bytes against reading too. */
    private static final long IN_USE_BYTE = Long.MAX_VALUE - 1;
    private static final long CLUSTER_BYTE = Long.MAX_VALUE - 2;
    private static final int HOLDER_BYTES_MAX = 64;

    /**
     * The directories that this process holds. Looked up before the file is opened: closing a second channel to a file
     * would release the process's lock on it.
     */
    private static final Map<Path, Held> HELD = new HashMap<>();

    /** What this process holds of a directory, for all its nodes. */
    private static final class Held {
        private final FileChannel channel;
        private final boolean alone;
        private int nodes;
        private int members;
        private FileLock cluster;

        private Held(FileChannel channel, boolean alone) {
            this.channel = channel;
            this.alone = alone;
        }
    }

    private final Path directory;
    private final Held held;
    private boolean member;
    private boolean closed;

    private DirectoryLock(Path directory, Held held) {
        this.directory = directory;
        this.held = held;
    }

    /**
     * Locks a directory against everybody else. It is created where it doesn't exist.
     *
     * @throws MillraceException if it is in use, naming the process that uses it, or if it can't be written
     */
    public static DirectoryLock acquire(Path path) {
        return acquire(path, StateUse.ALONE);
    }

    /**
     * Locks a directory, which is created where it doesn't exist. Who is {@link StateUse#JOINING} says by {@link #join}
     * when it has joined.
     *
     * @throws MillraceException if it is in use by others, naming a process that uses it, or if it can't be written
     */
    public static DirectoryLock acquire(Path path, StateUse use) {
        try {
            Path directory = Files.createDirectories(path).toRealPath();
            synchronized (HELD) {
                Held held = HELD.get(directory);
                if (held == null) {
                    held = open(directory, use == StateUse.ALONE);
                    HELD.put(directory, held);
                } else if (held.alone || use == StateUse.ALONE) {
                    throw locked(path, ownPid());
                }
                held.nodes++;
                DirectoryLock lock = new DirectoryLock(directory, held);
                boolean done = false;
                try {
                    if (use == StateUse.FOUNDING) {
                        lock.join(true);
                    }
                    tellHolder(held.channel);
                    done = true;
                    return lock;
                } finally {
                    if (!done) {
                        lock.close();
                    }
                }
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /** The locked directory, with symbolic links resolved. */
    public Path directory() {
        return directory;
    }

    /**
     * The node belongs to a cluster from now on.
     *
     * @param founded whether it has begun the cluster, and is not one of several
     * @throws MillraceException if it has begun a cluster while the nodes of another one use the directory
     */
    public void join(boolean founded) {
        synchronized (HELD) {
            if (member || held.alone) {
                return;
            }
            try {
                if (founded && held.members > 0) {
                    throw inCluster(directory, ownPid());
                }
                if (held.cluster == null) {
                    held.cluster = founded ? found() : held.channel.lock(CLUSTER_BYTE, 1, true);
                }
            } catch (IOException e) {
                throw unwritable(directory, e);
            }
            member = true;
            held.members++;
        }
    }

    /** Nobody else may be a node of a cluster here now; from now on others may. */
    private FileLock found() throws IOException {
        FileLock exclusive = held.channel.tryLock(CLUSTER_BYTE, 1, false);
        if (exclusive != null) {
            exclusive.release();
            FileLock shared = held.channel.tryLock(CLUSTER_BYTE, 1, true);
            if (shared != null) {
                return shared;
            }
        }
        throw inCluster(directory, holder(held.channel));
    }

    @Override
    public void close() {
        synchronized (HELD) {
            if (closed) {
                return;
            }
            closed = true;
            try {
                if (member && --held.members == 0) {
                    held.cluster.release();
                    held.cluster = null;
                }
                if (--held.nodes == 0) {
                    HELD.remove(directory);
                    held.channel.close();
                }
            } catch (IOException e) {
                throw unwritable(directory, e);
            }
        }
    }

    private static Held open(Path directory, boolean alone) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(FILE_NAME), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean opened = false;
        try {
            if (channel.tryLock(IN_USE_BYTE, 1, !alone) == null) {
                throw locked(directory, holder(channel));
            }
            opened = true;
            return new Held(channel, alone);
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    /** Only who has the lock: who is refused names the one who has it. */
    private static void tellHolder(FileChannel channel) throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(ownPid().getBytes(StandardCharsets.US_ASCII)), 0);
    }

    private static String ownPid() {
        return Long.toString(ProcessHandle.current().pid());
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(HOLDER_BYTES_MAX);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    }

    private static MillraceException locked(Path path, String pid) {
        return new MillraceException(ErrorCode.STATE_LOCKED,
                "the state directory " + path + " is in use by process " + (pid.isEmpty() ? "(unknown)" : pid),
                "end that process, or name another directory");
    }

    private static MillraceException inCluster(Path path, String pid) {
        return new MillraceException(ErrorCode.STATE_LOCKED,
                "the state directory " + path + " is in use by the nodes of a cluster that this one does not belong to"
                        + (pid.equals(ownPid()) ? "" : ", process " + pid + " for one"),
                "name one of them with --seed to join it, and see that it can be reached; "
                        + "or name another directory");
    }

    private static MillraceException unwritable(Path path, IOException cause) {
        return new MillraceException(ErrorCode.STATE_UNWRITABLE, "the state directory " + path + " can't be used: "
                + cause, null, "check that it is a directory that this user may write", cause);
    }
}
