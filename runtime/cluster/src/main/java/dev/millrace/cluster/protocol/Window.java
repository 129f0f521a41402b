// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * How much of one lane may be unacknowledged at a time. It is a size and never an increment, so that a lost or repeated
 * message can neither leak nor inflate credit.
 *
 * @param deliveries unacknowledged deliveries at most; 0 takes the credit away
 * @param bytes unacknowledged bytes at most; one delivery is allowed whatever its size
 */
public record Window(int deliveries, long bytes) {

    public static final Window CLOSED = new Window(0, 0);

    private static final int DELIVERIES = 8;
    private static final long BYTES_MAX = 8 << 20;
    private static final long BYTES_MIN = 64 << 10;

    /**
     * The window of each lane of a partition.
     *
     * @param bytes what all of them together may have unacknowledged
     * @param lanes how many they are
     */
    public static Window share(long bytes, int lanes) {
        return new Window(DELIVERIES, Math.clamp(bytes / Math.max(1, lanes), BYTES_MIN, BYTES_MAX));
    }

    public Window {
        if (deliveries < 0 || bytes < 0) {
            throw new IllegalArgumentException("negative window: " + deliveries + " deliveries, " + bytes + " bytes");
        }
    }
}
