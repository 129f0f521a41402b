// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

import dev.millrace.cluster.protocol.Occupancy;

/**
 * How full the lanes of a partition are, over all its inputs or of one of them. Counts begin with the reader.
 *
 * @param state the fullest lane's state
 * @param detached how many lanes are detached: the readers go on without the partition, and read for it apart if it answers
 * @param lagMillis how far the readers are ahead of it in milliseconds, by event time if there is any; 0 if not detached
 * @param inFlightBytes bytes that it was sent and has not applied
 * @param healthy how often a lane became Healthy again
 * @param warning how often one came to Warning
 * @param critical how often one came to Critical
 * @param saturated how often one came to Saturated
 * @param detachments how often one was detached
 */
public record Backpressure(Occupancy state, int detached, long lagMillis, long inFlightBytes, long healthy,
        long warning,
        long critical, long saturated, long detachments) {
    public static final Backpressure NONE = new Backpressure(Occupancy.HEALTHY, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Both together. */
    public Backpressure plus(Backpressure other) {
        return new Backpressure(
                state.compareTo(other.state) >= 0 ? state : other.state,
                detached + other.detached,
                Math.max(lagMillis, other.lagMillis),
                inFlightBytes + other.inFlightBytes,
                healthy + other.healthy,
                warning + other.warning,
                critical + other.critical,
                saturated + other.saturated,
                detachments + other.detachments);
    }

    /** How often a lane came to a state. */
    public long changes(Occupancy to) {
        return switch (to) {
            case HEALTHY -> healthy;
            case WARNING -> warning;
            case CRITICAL -> critical;
            case SATURATED -> saturated;
        };
    }
}
