// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import java.util.List;

/**
 * The rows of one read that go to one partition.
 *
 * @param batch the rows, by their selection; on the same node the columns are shared with other partitions
 * @param combined rows of the same read each of which stands for several that are not in the batch, or null
 * @param badRecords records of the same range that could not be decoded or processed, in order of their positions
 * @param decoded how many rows of the source this partition counts as read, whoever they went to or whether a filter
 *     took them: a function of their positions, so that they are counted once however often they are read
 * @param owner who takes the memory back when the partition has applied the rows; null after they crossed to another
 *     node, where they have memory of their own
 */
public record Rows(Batch batch, Batch combined, List<BadRecord> badRecords, int decoded, Object owner) {}
