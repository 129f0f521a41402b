// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.cluster.message.Rows;
import java.util.ArrayDeque;

/**
 * The frames of one reader: a bound on the rows that it has in flight. Those that only lanes hold which lag are bounded by
 * themselves, so that the others don't wait for them.
 */
final class Frames {
    /** Reads in flight at most for the lanes that keep up; then the reader waits until partitions have applied some. */
    static final int LIVE_FRAMES_MAX = 16;

    /** Reads in flight at most for those that lag. */
    static final int DETACHED_FRAMES_MAX = 48;

    private final ArrayDeque<Frame> free = new ArrayDeque<>();
    private int made;

    /**
     * Whether there is one for the lanes that keep up.
     *
     * @param detached how many the other lanes hold, at most
     */
    boolean hasFree(int detached) {
        return inFlight() - Math.min(detached, DETACHED_FRAMES_MAX) < LIVE_FRAMES_MAX;
    }

    /** Whether there is one for the lanes that lag. */
    boolean hasFreeForDetached(int detached) {
        return detached < DETACHED_FRAMES_MAX && inFlight() < LIVE_FRAMES_MAX + DETACHED_FRAMES_MAX;
    }

    private int inFlight() {
        return made - free.size();
    }

    /** A frame for a read. The one used last comes first, since its memory is the likeliest to be in a cache. */
    Frame take() {
        if (!free.isEmpty()) {
            return free.pop();
        }
        if (made == LIVE_FRAMES_MAX + DETACHED_FRAMES_MAX) {
            throw new IllegalStateException("all frames are in flight");
        }
        made++;
        return new Frame();
    }

    /** So many partitions got a share of a read; if none did, its frame is free. */
    void lend(Frame frame, int partitions) {
        frame.lend(partitions);
        if (partitions == 0) {
            free(frame);
        }
    }

    /** A share has come back. */
    void giveBack(Rows share) {
        Frame frame = (Frame) share.owner();
        if (frame.giveBack()) {
            free(frame);
        }
    }

    private void free(Frame frame) {
        frame.arena().reset();
        free.push(frame);
    }
}
