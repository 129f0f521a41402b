// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * The durable output of a partition, as its lanes read it: kept until every partition that reads it has made it durable,
 * so that each can go back to where its own log stands.
 *
 * @param <D> rows in whatever form they are kept
 */
public class OfferedEpochs<D> {
    private final Deque<OutputEpoch<D>> epochs = new ArrayDeque<>();
    private final long[] kept;
    /** Where the output ends as far as it was added. */
    private long end;
    /** Up to where readers may have come. */
    private long known;
    private long released;

    /**
     * @param lanes number of partitions that read the output
     * @param from where the first epoch begins that will be added
     * @param restored where the output ended in the log; readers may know of it before it is added here
     */
    public OfferedEpochs(int lanes, long from, long restored) {
        kept = new long[lanes];
        Arrays.fill(kept, Long.MIN_VALUE);
        end = from;
        known = restored;
    }

    /** A durable epoch, in order. */
    public final void add(OutputEpoch<D> epoch) {
        if (epoch.from().position() != end) {
            throw new IllegalStateException("an epoch from " + epoch.from().position() + " behind " + end);
        }
        epochs.add(epoch);
        end = epoch.to().position();
        known = Math.max(known, end);
    }

    /**
     * The epoch that holds what comes at a position; null if that is still to come.
     *
     * @throws IllegalStateException if a reader wants what it had made durable, or what there never was
     */
    public final OutputEpoch<D> at(long position) {
        for (OutputEpoch<D> epoch : epochs) {
            if (position < epoch.from().position()) {
                break;
            }
            if (position < epoch.to().position()) {
                return epoch;
            }
        }
        if (position < end || position > known) {
            throw new IllegalStateException("position " + position + " of an output that is held from "
                    + (epochs.isEmpty() ? end : epochs.getFirst().from().position()) + " to " + known);
        }
        return null;
    }

    /**
     * A partition has made durable what comes before a position; may be late, or repeated.
     *
     * @param lane number of its lane
     * @return whether this releases something
     */
    public final boolean kept(int lane, long position) {
        kept[lane] = Math.max(kept[lane], position);
        long before = released;
        while (!epochs.isEmpty() && mayForget(epochs.getFirst())) {
            released = epochs.removeFirst().epoch();
        }
        return released > before;
    }

    /** The rule that an epoch is kept until all have made it durable. */
    protected boolean mayForget(OutputEpoch<D> epoch) {
        for (long position : kept) {
            if (position < epoch.to().position()) {
                return false;
            }
        }
        return true;
    }

    /** Whether a partition has not made all of it durable, as far as is known. */
    public final boolean waitsFor(int lane) {
        return kept[lane] < end && !epochs.isEmpty();
    }

    /** The last epoch that all have made durable of those added here, 0 if there is none. */
    public final long released() {
        return released;
    }
}
