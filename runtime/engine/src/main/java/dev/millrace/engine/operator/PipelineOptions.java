// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import java.util.List;

/**
 * What a pipeline is told beside its steps.
 *
 * @param coalesce which changes leave updating aggregations
 * @param hashedColumns indexes of the input columns, in order, whose {@link dev.millrace.engine.hash.KeyHasher} hash
 *     the batches carry; empty when they carry none
 * @param partition index of the partition; partition 0 gives the row of a global aggregation over no rows
 * @param groupsMax most groups of one group table; more fail the partition
 */
public record PipelineOptions(Coalesce coalesce, List<Integer> hashedColumns, int partition, int groupsMax) {
    /** Groups of one table unless said otherwise. */
    public static final int GROUPS_MAX = 100_000_000;

    /** No coalescing, no hashes in the batches, the only partition. */
    public static final PipelineOptions DEFAULT = new PipelineOptions(Coalesce.NONE, List.of(), 0, GROUPS_MAX);

    public PipelineOptions {
        hashedColumns = List.copyOf(hashedColumns);
    }

    public PipelineOptions withCoalesce(Coalesce value) {
        return new PipelineOptions(value, hashedColumns, partition, groupsMax);
    }

    public PipelineOptions withHashedColumns(List<Integer> value) {
        return new PipelineOptions(coalesce, value, partition, groupsMax);
    }

    public PipelineOptions withPartition(int value) {
        return new PipelineOptions(coalesce, hashedColumns, value, groupsMax);
    }

    public PipelineOptions withGroupsMax(int value) {
        return new PipelineOptions(coalesce, hashedColumns, partition, value);
    }
}
