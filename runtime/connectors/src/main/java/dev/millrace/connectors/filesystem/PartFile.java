// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A part file that is being written, under a name that starts with a dot. Belongs to one thread. */
final class PartFile {
    private final Path hidden;
    private final Path target;
    private final FileChannel channel;
    private long bytes;

    PartFile(Path hidden, Path target, FileChannel channel) {
        this.hidden = hidden;
        this.target = target;
        this.channel = channel;
    }

    /** Bytes written so far. */
    long bytes() {
        return bytes;
    }

    void write(byte[] data, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(data, 0, length);
        while (buffer.hasRemaining()) {
            bytes += channel.write(buffer);
        }
    }

    /**
     * Makes what was written durable, and then visible. The new name is durable once its directory is.
     *
     * <p>A rename, not a link: nobody else gives a file this name, since it holds a random id, and not every file system
     * that results are written to has links.
     */
    void publish() throws IOException {
        channel.force(true);
        channel.close();
        Files.move(hidden, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes the file, as far as that can be done. */
    void discard() {
        try (channel) {
            Files.deleteIfExists(hidden);
        } catch (IOException e) {
            // It is hidden, and whoever writes here next removes it.
        }
    }
}
