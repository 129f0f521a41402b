// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * What a lane and its partition agree to talk in. Whatever belongs to an older session is dropped on both sides.
 *
 * @param incarnation incarnation of the partition, raised each time the partition starts
 * @param reader number of the reader, given by the job and raised each time the reader starts
 * @param round raised by the partition each time it missed something and asks for it again
 */
public record Session(long incarnation, long reader, int round) {

    /** The session that follows this one after a gap. */
    public Session nextRound() {
        return new Session(incarnation, reader, round + 1);
    }

    /**
     * True if a lane of one reader must prefer this session to the other one. Only sessions of the same reader are
     * compared; those of other readers are none of the lane's business.
     */
    public boolean isNewerThan(Session other) {
        return incarnation != other.incarnation ? incarnation > other.incarnation : round > other.round;
    }
}
