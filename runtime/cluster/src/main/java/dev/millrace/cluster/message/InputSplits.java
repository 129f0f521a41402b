// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.engine.connector.Split;
import java.util.List;

/**
 * The splits of one input, and of those of other stages that share its readers.
 *
 * @param stage number of the stage
 * @param input number of the input in the stage
 * @param splits its splits
 */
public record InputSplits(int stage, int input, List<Split> splits) {
    public InputSplits {
        splits = List.copyOf(splits);
    }
}
