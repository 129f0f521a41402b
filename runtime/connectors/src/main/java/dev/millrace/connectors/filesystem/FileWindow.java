// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.connectors.format.RecordDecoder;
import dev.millrace.connectors.format.Words;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The part of a file that is in memory:
 *
 * <pre>
 *   data   | read before | from … to: not decoded yet | line feed, padding |
 *                        ^ offset in the file
 * </pre>
 */
final class FileWindow {
    private final byte[] data;
    private final int capacity;
    private final int chunkBytes;
    private FileIdentity file;
    private FileChannel channel;
    private int from;
    private int to;

    /** The offset in the file of {@code data[to]}. */
    private long readTo;

    FileWindow(ReadLimits limits) {
        capacity = limits.bufferBytes();
        chunkBytes = limits.chunkBytes();
        data = new byte[capacity + RecordDecoder.PADDING];
    }

    boolean isOpen() {
        return channel != null;
    }

    /** Opens a file and reads the first chunk from an offset on. */
    void open(FileIdentity identity, long offset) {
        file = identity;
        channel = identity.open();
        readTo = offset;
        from = 0;
        to = 0;
        fill();
    }

    byte[] data() {
        return data;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** The offset in the file of {@code data[from]}. */
    long offset() {
        return readTo - (to - from);
    }

    /** Whether the file ends where the window does. */
    boolean isLast() {
        return readTo >= file.size();
    }

    boolean isAtEnd() {
        return from == to && isLast();
    }

    /** Whether {@link #fill} would read nothing. */
    boolean isFull() {
        return isLast() || to - from == capacity;
    }

    void moveTo(int index) {
        from = index;
    }

    void skipByteOrderMark() {
        while (to - from < 3 && !isLast()) {
            fill();
        }
        if (to - from >= 3 && data[from] == (byte) 0xEF && data[from + 1] == (byte) 0xBB
                && data[from + 2] == (byte) 0xBF) {
            from += 3;
        }
    }

    /** Moves behind the next line feed, or to the end of the file. */
    void skipLine() {
        while (true) {
            int lineFeed = Words.indexOf(data, from, to, (byte) '\n');
            if (lineFeed >= 0) {
                from = lineFeed + 1;
                return;
            }
            from = to;
            if (isLast()) {
                return;
            }
            fill();
        }
    }

    /** Reads another chunk behind what is not decoded yet. */
    void fill() {
        if (from > 0) {
            System.arraycopy(data, from, data, 0, to - from);
            to -= from;
            from = 0;
        }
        int length = (int) Math.min(Math.min(chunkBytes, capacity - to), file.size() - readTo);
        ByteBuffer target = ByteBuffer.wrap(data, to, length);
        try {
            while (target.hasRemaining()) {
                int read = channel.read(target, readTo);
                if (read < 0) {
                    throw file.changed("it was cut while it was read");
                }
                readTo += read;
                to += read;
            }
        } catch (IOException e) {
            throw FileIdentity.unreadable(file.path(), e);
        }
        data[to] = '\n';
    }

    void close() {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw FileIdentity.unreadable(file.path(), e);
        } finally {
            channel = null;
        }
    }
}
