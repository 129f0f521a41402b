// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.MillraceException;
import java.util.function.Supplier;

/**
 * Opens the target of a partition as a start would, and closes it again: that shuts out what is still at work somewhere,
 * and shows what was released.
 */
public final class TargetFence {
    private final Supplier<EpochSink> target;
    private volatile EpochSink sink;
    private volatile boolean givenUp;

    /** @param target makes a sink of an owner that is newer than all others */
    public TargetFence(Supplier<EpochSink> target) {
        this.target = target;
    }

    /**
     * Does it, on a thread for waiting; waits for a target that is away until it is given up.
     *
     * @throws MillraceException if the target refuses, is given up, or a newer owner has opened it
     */
    public void shut() {
        sink = target.get();
        if (givenUp) {
            sink.giveUp();
        }
        try (EpochSink opened = sink) {
            opened.open();
        }
    }

    /**
     * Does it, and removes from the target what the partition needed there for further epochs.
     *
     * @return what went wrong, or null
     */
    String clear() {
        try {
            shut();
            sink.retire();
            return null;
        } catch (MillraceException e) {
            return e.getMessage();
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    /** The target is not waited for any longer; from any thread. */
    public void giveUp() {
        givenUp = true;
        EpochSink waiting = sink;
        if (waiting != null) {
            waiting.giveUp();
        }
    }

    /** Whether it was not waited for any longer. */
    public boolean isGivenUp() {
        return givenUp;
    }
}
