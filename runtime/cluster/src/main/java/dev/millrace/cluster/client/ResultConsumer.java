// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.client;

import dev.millrace.engine.batch.Batch;

/**
 * The client of a SELECT. Called by one thread at a time; while a call lasts, no further rows come,  so a slow
 * client slows the query.
 */
public interface ResultConsumer {
    /** Takes rows. The batch is not kept after the call. */
    void accept(Batch batch);
}
