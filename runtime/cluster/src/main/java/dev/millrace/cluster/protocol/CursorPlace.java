// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/** Where one cursor of a reader stands. */
final class CursorPlace {
    private boolean open;
    private boolean ended;
    private long position;
    private long watermark = Long.MIN_VALUE;

    /** True from the first seek on until the cursor is left. */
    boolean isOpen() {
        return open;
    }

    /** True if the split's end was found here. */
    boolean isEnded() {
        return ended;
    }

    /** Where the next read begins. */
    long position() {
        return position;
    }

    /** The split's watermark there, in milliseconds. */
    long watermark() {
        return watermark;
    }

    void seek(Standing to) {
        open = true;
        ended = false;
        position = to.position();
        watermark = to.watermark();
    }

    void read(Standing to) {
        ended = to.finished();
        position = to.position();
        watermark = to.watermark();
    }

    void leave() {
        open = false;
        ended = false;
    }
}
