// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.engine.batch.BatchCodec;
import java.util.List;

/**
 * The rows of an epoch that leave when it is durable.
 *
 * @param batches encoded by {@link BatchCodec}, in order
 */
record EpochRows(long epoch, List<byte[]> batches) {
    long bytes() {
        return batches.stream().mapToLong(batch -> batch.length).sum();
    }
}
