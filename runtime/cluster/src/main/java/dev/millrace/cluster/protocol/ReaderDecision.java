// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * What a reader does next. Decisions are carried out in the order in which they are given.
 *
 * @param <D> rows in whatever form the lane carries them
 */
public sealed interface ReaderDecision<D> {

    /** Send a greeting through the shard region. */
    record Greet<D>(int partition, Greeting<D> greeting) implements ReaderDecision<D> {}

    /** Send a delivery straight to the partition's actor, to the incarnation that its session names. */
    record Deliver<D>(int partition, Delivery<D> delivery) implements ReaderDecision<D> {}

    /** Send a probe straight to the partition's actor, to the incarnation that its session names. */
    record Ask<D>(int partition, Probe<D> probe) implements ReaderDecision<D> {}

    /**
     * Go on reading at this position, with this watermark for {@link SplitWatermark}. What was polled before is thrown
     * away unless it begins exactly there. Each cursor has a reader of its own, which throws nothing of the other's away.
     */
    record Seek<D>(Cursor cursor, long position, long watermark) implements ReaderDecision<D> {}

    /** The cursor isn't needed any more: its reader can be closed. */
    record Leave<D>(Cursor cursor) implements ReaderDecision<D> {}

    /** Nobody looks at these rows any more; their memory may be used again. */
    record Release<D>(D rows) implements ReaderDecision<D> {}

    /**
     * Another reader serves the split: stop, and leave the memory of unacknowledged rows to the garbage collector,
     * since a partition on the same node may still take them.
     *
     * @param by number of the newer reader
     */
    record Stop<D>(long by) implements ReaderDecision<D> {}
}
