// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import java.util.ArrayDeque;

/** The frames of one reader: a bound on the rows that it has in flight. */
final class Frames {
    /** Reads in flight at most; then the reader waits until partitions have applied some. */
    static final int FRAMES_MAX = 16;

    private final ArrayDeque<Frame> free = new ArrayDeque<>();
    private int made;

    boolean hasFree() {
        return !free.isEmpty() || made < FRAMES_MAX;
    }

    /** A frame for a read. The one used last comes first, since its memory is the likeliest to be in a cache. */
    Frame take() {
        if (!free.isEmpty()) {
            return free.pop();
        }
        if (made == FRAMES_MAX) {
            throw new IllegalStateException("all frames are in flight");
        }
        made++;
        return new Frame();
    }

    /** The frame's memory may be used again. */
    void giveBack(Frame frame) {
        frame.arena().reset();
        free.push(frame);
    }
}
