// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * Times and bounds of the lanes of one reader.
 *
 * @param probeMillis {@code lane.probe}: a lane that waits that long for an ack asks where the partition stands
 * @param silentMillis {@code lane.silent}: a lane that waits that long for any answer is detached and greeted again
 * @param lingerMillis {@code lane.linger}: rows wait at most that long for others to travel with, and only
 *     while something is in flight
 * @param gatherBytes {@code lane.gather}: rows travel as soon as a lane has gathered that many bytes
 * @param progressMillis {@code lane.progress}: how long a lane stays quiet before it is told how far the reader has come
 * @param greetWaitMillis {@code greet.wait}: the reader starts without those that haven't answered by then
 * @param greetAgainMillis first delay before a greeting is repeated
 * @param greetAgainMillisMax greatest delay before a greeting is repeated
 * @param inFlightBytesMax unacknowledged bytes of all lanes together; one delivery a lane is allowed anyway
 * @param partitionBytesMax unacknowledged bytes of all lanes of a partition together, shared equally
 * @param heldReadsMax reads of which one lane may hold rows, in flight or gathered
 * @param isolation when lanes are detached, and when they rejoin
 */
public record LaneSettings(long probeMillis, long silentMillis, long lingerMillis, long gatherBytes,
        long progressMillis, long greetWaitMillis, long greetAgainMillis, long greetAgainMillisMax,
        long inFlightBytesMax, long partitionBytesMax, int heldReadsMax, IsolationSettings isolation) {

    /** The defaults. */
    public static LaneSettings defaults() {
        return new LaneSettings(1_000, 2_000, 5, 64 << 10, 100, 2_000, 250, 10_000, 64 << 20, 32 << 20,
                12, IsolationSettings.defaults());
    }
}
