// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing;

import java.util.Objects;

/**
 * The event that makes an epoch of a partition durable. Its parts are raw bytes that only the partition understands; the
 * numbers are for its keeper.
 *
 * <p>State is stored in portions: what has changed since the epoch before, and a slice of what has not. An epoch whose
 * portion <em>begins</em> an image is followed by one that <em>completes</em> it, perhaps by itself; from the first of
 * these on, all portions in their order restore the whole state.
 *
 * <p>The arrays belong to the event from the moment it is made: another thread writes them after the caller has gone on,
 * so nobody may change them before the event is persisted. Nor then where the journal keeps the event itself.
 *
 * @param epoch       the number of the epoch, one more than that of the event before
 * @param incarnation the incarnation of the partition that wrote it
 * @param begins      whether an image of the state begins with this portion
 * @param completes   whether this portion is the last one that the newest begun image needs
 * @param header      small things that are read first, such as positions and watermarks
 * @param state       the portion of the state, in pieces of any size, in the order in which it is read back
 * @param outbox      the rows that the epoch has given out, encoded, in pieces of any size
 */
public record EpochCommitted(
        long epoch, long incarnation, boolean begins, boolean completes, byte[] header, byte[][] state,
        byte[][] outbox) {
    public EpochCommitted {
        Objects.requireNonNull(header);
        for (byte[] part : state) {
            Objects.requireNonNull(part);
        }
        for (byte[] part : outbox) {
            Objects.requireNonNull(part);
        }
    }

    /** The bytes of the portion of the state. */
    public long stateBytes() {
        return bytes(state);
    }

    /** The bytes of the encoded rows. */
    public long outboxBytes() {
        return bytes(outbox);
    }

    /** The bytes of header, state and outbox. */
    public long bytes() {
        return header.length + stateBytes() + outboxBytes();
    }

    private static long bytes(byte[][] parts) {
        long bytes = 0;
        for (byte[] part : parts) {
            bytes += part.length;
        }
        return bytes;
    }
}
