// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import java.util.List;

/**
 * How rows get from a source, or from a stage, to the partitions of a stage.
 *
 * @param strategy how the partition of a row is chosen
 * @param keys indexes of the key columns in the rows sent; empty unless the strategy hashes
 */
public record Exchange(Strategy strategy, List<Integer> keys) {
    public Exchange {
        keys = List.copyOf(keys);
    }
}
