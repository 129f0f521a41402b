// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.engine.batch.Batch;

/**
 * The way of a partition's rows out of it. Everything written has a running number; {@link #taken} of the same number
 * says that it has left.
 */
interface Output {
    /** Whether {@link #write} may be called: not too much is on its way. */
    boolean hasRoom();

    /** Sends rows; the batch is not kept after the call. */
    void write(Batch batch);

    /** Sees to it that everything written becomes visible. */
    void flush();

    /** Number of the newest thing written or flushed. */
    long sent();

    /** Everything up to this number has left. */
    void taken(long sequence);

    /** Number up to which everything has left. */
    long taken();

    void close();
}
