// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/** How full a lane is, by its unacknowledged deliveries or bytes, whichever is nearer to the window. */
public enum Occupancy {
    /** Below 70 %. */
    HEALTHY,
    /** Below 85 %. */
    WARNING,
    /** Below 95 %. */
    CRITICAL,
    /** 95 % and more, or no window at all. */
    SATURATED;

    /** The state at a share of the window, 1.0 being all of it. */
    public static Occupancy of(double share) {
        if (share < 0.70) {
            return HEALTHY;
        }
        if (share < 0.85) {
            return WARNING;
        }
        return share < 0.95 ? CRITICAL : SATURATED;
    }
}
