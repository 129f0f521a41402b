// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * When an image begins, and how much of what has not changed goes into each portion until it is complete. So the log never
 * holds much more than a few times the state, and no portion much more than twice what has changed.
 */
public final class Images {
    /** A log with fewer bytes behind the beginning of its image is not worth another one. */
    private static final long BYTES_MIN = 4 << 20;

    /** Nor is one with fewer epochs. */
    private static final int EPOCHS_MAX = 256;
    private static final long SLICE_MIN = 1 << 20;
    private static final int IMAGE_TIMES = 2;

    /** How many epochs end in the time of one that nobody waits for: each takes that much less of what has not changed. */
    private final int often;

    private boolean none;
    private boolean open;
    private long imageBytes;
    private long bytes;
    private int epochs;
    private long lastBytes;

    /**
     * @param epochs how many the log held
     * @param bytes the bytes of their portions
     * @param often how many epochs end in the time of an ordinary one, 1 or more
     */
    public Images(int epochs, long bytes, int often) {
        this.often = often;
        none = epochs == 0;
        this.epochs = epochs;
        this.bytes = bytes;
        imageBytes = bytes / IMAGE_TIMES;
    }

    /** Whether an image begins with the next portion. */
    public boolean begins() {
        return none || !open && (bytes > imageBytes * IMAGE_TIMES + BYTES_MIN || epochs >= EPOCHS_MAX * often);
    }

    /** Bytes of what has not changed that the next portion may hold. */
    public long slice() {
        return open || begins() ? Math.max(SLICE_MIN / often, lastBytes) : 0;
    }

    /**
     * A portion was written.
     *
     * @param begins whether an image began with it
     * @param complete whether the image begun last is complete with it
     * @return whether it completes an image
     */
    public boolean wrote(boolean begins, boolean complete, long portionBytes) {
        if (begins) {
            none = false;
            open = true;
            bytes = 0;
            epochs = 0;
        }
        lastBytes = portionBytes;
        bytes += portionBytes;
        epochs++;
        boolean completes = open && complete;
        if (completes) {
            open = false;
            imageBytes = bytes;
        }
        return completes;
    }
}
