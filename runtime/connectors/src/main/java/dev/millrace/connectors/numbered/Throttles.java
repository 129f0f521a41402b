// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.numbered;

import dev.millrace.engine.connector.Split;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The paces of a source's splits. All readers of a split share one, so that a generated split is like a log: what one of
 * them has waited for is there for another one that reads it again.
 */
public final class Throttles {
    private final double rowsPerSecond;
    private final LongSupplier nanoClock;
    private final LongSupplier startNanos;
    private final Map<Integer, Throttle> bySplit = new ConcurrentHashMap<>();

    /**
     * @param rowsPerSecond of all splits together
     * @param nanoClock as {@link System#nanoTime}
     * @param startNanos from when the rows of a split are due, by that clock; asked when it is opened first
     */
    public Throttles(double rowsPerSecond, LongSupplier nanoClock, LongSupplier startNanos) {
        this.rowsPerSecond = rowsPerSecond;
        this.nanoClock = nanoClock;
        this.startNanos = startNanos;
    }

    /** The pace of one of the splits that {@link NumberedSplits} made. */
    public Throttle of(Split split) {
        return bySplit.computeIfAbsent(split.index(), _ -> new Throttle(
                rowsPerSecond / NumberedSplits.count(split), nanoClock, startNanos.getAsLong()));
    }
}
