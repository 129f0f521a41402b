// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.Optional;

/**
 * What a partition does with a delivery.
 *
 * @param <D> rows in whatever form the lane carries them
 */
public sealed interface InputDecision<D> {

    /**
     * Apply the rows, in the order in which deliveries of this input were taken, then call
     * {@link PartitionInputs#applied}. Until then the position of the checkpoint, the watermark and the credit stay.
     */
    record Take<D>(Delivery<D> delivery) implements InputDecision<D> {}

    /**
     * Leave the delivery alone: its rows may belong to somebody else by now.
     *
     * @param reason why
     * @param reply what to send to the reader that it came from, if anything
     */
    record Drop<D>(Reason reason, Optional<ToReader> reply) implements InputDecision<D> {}

    /** Why a delivery is dropped; one counter each. */
    enum Reason {
        /** The partition has had it. */
        SEEN,
        /** It doesn't begin where the partition stands; the reply asks for what is missing. */
        GAP,
        /** It belongs to an older session. */
        STALE,
        /** It comes from a reader that has been replaced. */
        REPLACED,
        /** The input isn't in the split list, or there is no list yet. */
        NOT_READY
    }
}
