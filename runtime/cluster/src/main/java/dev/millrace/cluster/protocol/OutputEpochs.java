// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The output of a partition that later stages read, as the partition knows it: numbers the rows, and holds the epochs that
 * not all readers have made durable.
 *
 * <pre>
 *   released │ durable, travelling │ ended, not durable │ staged
 * </pre>
 *
 * @param <D> rows in whatever form they are kept
 */
public class OutputEpochs<D> {
    private final Deque<OutputEpoch<D>> pending = new ArrayDeque<>();
    /** Those of the pending ones that have not travelled. */
    private final Deque<OutputEpoch<D>> waiting = new ArrayDeque<>();
    private Standing to;
    private long durable;
    private long released;
    private long pendingBytes;

    /**
     * @param to where the output stood when the last durable epoch ended
     * @param released the last epoch that all readers are known to have made durable, 0 if there is none
     * @param durable the last epoch of the log
     */
    public OutputEpochs(Standing to, long released, long durable) {
        this.to = to;
        this.released = released;
        this.durable = durable;
    }

    /** An epoch of the log that is not known to be released, in order. */
    public final void restore(OutputEpoch<D> epoch) {
        add(epoch);
    }

    /**
     * An epoch ends.
     *
     * @param count how many rows it has
     * @param watermark of the rows given: none with a time at or below it will come
     * @param end whether nothing more will come
     * @return what it gives
     */
    public final OutputEpoch<D> end(long epoch, D rows, int count, long bytes, long watermark, boolean end) {
        Standing from = to;
        boolean marked = watermark > from.watermark() || end && !from.finished();
        to = new Standing(
                from.position() + count + (marked ? 1 : 0), Math.max(from.watermark(), watermark),
                from.finished() || end);
        OutputEpoch<D> ended = new OutputEpoch<>(epoch, from, to, rows, bytes);
        if (!to.equals(from)) {
            add(ended);
        }
        return ended;
    }

    private void add(OutputEpoch<D> epoch) {
        pending.add(epoch);
        waiting.add(epoch);
        pendingBytes += epoch.bytes();
    }

    /** An epoch is durable. */
    public final void durable(long epoch) {
        durable = Math.max(durable, epoch);
    }

    /** The epochs that may travel from now on, in order; each is given once. */
    public final List<OutputEpoch<D>> take() {
        List<OutputEpoch<D>> taken = new ArrayList<>();
        while (!waiting.isEmpty() && mayTravel(waiting.getFirst().epoch())) {
            taken.add(waiting.removeFirst());
        }
        return taken;
    }

    /** The rule that only what is durable travels: what is not could come out otherwise after a crash. */
    protected boolean mayTravel(long epoch) {
        return epoch <= durable;
    }

    /** All readers have made what came up to this epoch durable. */
    public final void released(long epoch) {
        released = Math.max(released, epoch);
        while (!pending.isEmpty() && pending.getFirst().epoch() <= released) {
            pendingBytes -= pending.removeFirst().bytes();
        }
    }

    /** The last epoch that all readers are known to have made durable, 0 if there is none. */
    public final long released() {
        return released;
    }

    /** The last epoch of which nothing waits for a reader any more, nor of those before it. */
    public final long settled() {
        return pending.isEmpty() ? durable : Math.min(durable, pending.getFirst().epoch() - 1);
    }

    /** Where the output stands behind the last epoch that has ended. */
    public final Standing to() {
        return to;
    }

    /**
     * Whether more rows may join the epoch that goes on. If not, it has to end, or readers have to come on.
     *
     * @param staged bytes of its rows so far
     * @param epochMax bytes of the rows of an epoch
     * @param outboxMax bytes of all rows that are held
     */
    public final boolean hasRoom(long staged, long epochMax, long outboxMax) {
        return staged < epochMax && staged + pendingBytes < outboxMax;
    }
}
