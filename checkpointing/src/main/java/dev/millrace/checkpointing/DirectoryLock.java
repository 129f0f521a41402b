// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps a state directory to one process, until closed or until the process ends in whatever way. The lock file stays
 * behind: deleting it would let two processes hold locks on two files of the same name.
 */
public final class DirectoryLock implements AutoCloseable {
    private static final String FILE_NAME = "lock";
    /** Far behind the text, as some systems lock bytes against reading too. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;
    private static final int HOLDER_BYTES_MAX = 64;

    /**
     * The directories that this process holds. Looked up before the file is opened: closing a second channel to a file
     * would release the process's lock on it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /**
     * Locks a directory, which is created where it doesn't exist.
     *
     * @throws MillraceException if it is in use, naming the process that uses it, or if it can't be written
     */
    public static DirectoryLock acquire(Path path) {
        Path directory;
        try {
            directory = Files.createDirectories(path).toRealPath();
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        if (!HELD.add(directory)) {
            throw locked(path, Long.toString(ProcessHandle.current().pid()));
        }
        boolean acquired = false;
        try {
            DirectoryLock lock = open(directory);
            acquired = true;
            return lock;
        } catch (IOException e) {
            throw unwritable(path, e);
        } finally {
            if (!acquired) {
                HELD.remove(directory);
            }
        }
    }

    /** The locked directory, with symbolic links resolved. */
    public Path directory() {
        return directory;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw unwritable(directory, e);
        } finally {
            HELD.remove(directory);
        }
    }

    private static DirectoryLock open(Path directory) throws IOException {
        FileChannel channel = FileChannel.open(directory.resolve(FILE_NAME), StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        boolean opened = false;
        try {
            if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
                throw locked(directory, holder(channel));
            }
            byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(pid), 0);
            opened = true;
            return new DirectoryLock(directory, channel);
        } finally {
            if (!opened) {
                channel.close();
            }
        }
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

    private static MillraceException unwritable(Path path, IOException cause) {
        return new MillraceException(ErrorCode.STATE_UNWRITABLE, "the state directory " + path + " can't be used: "
                + cause, null, "check that it is a directory that this user may write", cause);
    }
}
