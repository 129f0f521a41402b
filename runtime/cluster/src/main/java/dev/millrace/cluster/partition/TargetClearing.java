// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.MillraceException;
import java.util.function.Supplier;

/**
 * Removes from a target what a partition needed there for further epochs. It opens the target first, as a start would:
 * that shuts out what is still at work somewhere, and shows what was released.
 */
final class TargetClearing {
    private final Supplier<EpochSink> target;
    private volatile EpochSink sink;
    private volatile boolean givenUp;

    TargetClearing(Supplier<EpochSink> target) {
        this.target = target;
    }

    /**
     * Does it, on a thread for waiting; waits for a target that is away until it is given up.
     *
     * @return what went wrong, or null
     */
    String run() {
        try {
            sink = target.get();
            if (givenUp) {
                sink.giveUp();
            }
            try (EpochSink opened = sink) {
                opened.open();
            }
            sink.retire();
            return null;
        } catch (MillraceException e) {
            return e.getMessage();
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    /** The target is not waited for any longer; from any thread. */
    void giveUp() {
        givenUp = true;
        EpochSink waiting = sink;
        if (waiting != null) {
            waiting.giveUp();
        }
    }
}
