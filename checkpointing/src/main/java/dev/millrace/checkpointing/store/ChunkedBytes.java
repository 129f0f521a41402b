// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** Bytes in memory that grow by chunks: never copied to grow, and not bound by the size of one array. */
final class ChunkedBytes extends OutputStream {
    private static final int FIRST_CHUNK_BYTES = 256;
    private static final int CHUNK_BYTES_MAX = 1 << 20;

    private final List<byte[]> full = new ArrayList<>();
    private byte[] chunk = new byte[FIRST_CHUNK_BYTES];
    private int used;

    @Override
    public void write(int value) {
        makeRoom();
        chunk[used++] = (byte) value;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        int at = offset;
        int left = length;
        while (left > 0) {
            makeRoom();
            int part = Math.min(left, chunk.length - used);
            System.arraycopy(bytes, at, chunk, used, part);
            used += part;
            at += part;
            left -= part;
        }
    }

    /** All bytes written so far. The last chunk is a copy of its used part. */
    byte[][] chunks() {
        byte[][] chunks = full.toArray(new byte[full.size() + 1][]);
        chunks[full.size()] = Arrays.copyOf(chunk, used);
        return chunks;
    }

    static InputStream stream(byte[][] chunks) {
        List<ByteArrayInputStream> streams = new ArrayList<>(chunks.length);
        for (byte[] part : chunks) {
            streams.add(new ByteArrayInputStream(part));
        }
        return new SequenceInputStream(Collections.enumeration(streams));
    }

    private void makeRoom() {
        if (used == chunk.length) {
            full.add(chunk);
            chunk = new byte[Math.min(chunk.length * 2, CHUNK_BYTES_MAX)];
            used = 0;
        }
    }
}
