// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import java.util.Objects;

/**
 * What a checkpoint keeps of a partition: raw bytes that only the partition understands, with the numbers by which its
 * keeper tells images apart. It is the snapshot of a keeper, and fits as the delta in an event too.
 *
 * <p>The arrays belong to the image from the moment it is made: they are written after the caller has gone on, by
 * another thread, so nobody may change them.
 *
 * @param epoch       the epoch whose end this is
 * @param incarnation the incarnation of the partition that wrote it
 * @param header      small things that are read first, such as positions and watermarks
 * @param chunks      the state, in pieces of any size, in the order in which it is read back
 */
public record PartitionImage(long epoch, long incarnation, byte[] header, byte[][] chunks) {
    public PartitionImage {
        Objects.requireNonNull(header);
        for (byte[] chunk : chunks) {
            Objects.requireNonNull(chunk);
        }
    }

    /** The bytes of the header and the chunks. */
    public long bytes() {
        long bytes = header.length;
        for (byte[] chunk : chunks) {
            bytes += chunk.length;
        }
        return bytes;
    }
}
