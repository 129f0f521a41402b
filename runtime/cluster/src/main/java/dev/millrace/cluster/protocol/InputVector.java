// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.List;

/**
 * All that a checkpoint keeps of a partition's inputs.
 *
 * @param listVersion version of the split list that the partition goes by; 0 if it had none
 * @param watermark the partition's own watermark, which never goes back, not even when an input joins late
 * @param inputs one entry for each listed input
 */
public record InputVector(long listVersion, long watermark, List<Entry> inputs) {

    /** Where the partition stood in one input. */
    public record Entry(String input, Standing standing) {}

    /** The vector of a partition that starts for the first time. */
    public static final InputVector EMPTY = new InputVector(0, Long.MIN_VALUE, List.of());

    public InputVector {
        inputs = List.copyOf(inputs);
    }
}
