// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import java.util.List;

/**
 * How rows get from a source, or from a stage, to the partitions of a stage.
 *
 * @param strategy how the partition of a row is chosen
 * @param keys indexes of the key columns in the rows sent; empty unless the strategy hashes
 * @param preAggregation whether the rows of a group are combined before they travel; only if the first operator of the
 *     stage is an aggregation
 */
public record Exchange(Strategy strategy, List<Integer> keys, PreAggregation preAggregation) {
    public Exchange {
        keys = List.copyOf(keys);
    }

    /** An exchange in which all rows travel as they are. */
    public Exchange(Strategy strategy, List<Integer> keys) {
        this(strategy, keys, PreAggregation.NEVER);
    }

    Exchange with(PreAggregation other) {
        return new Exchange(strategy, keys, other);
    }
}
