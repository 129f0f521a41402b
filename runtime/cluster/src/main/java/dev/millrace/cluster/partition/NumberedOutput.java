// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchCodec;

/** Rows that leave through another actor, which answers with the numbers of what it has taken, in order. */
abstract class NumberedOutput implements Output {
    /** Things on their way at most; then the partition takes no more input. */
    private static final int IN_FLIGHT_MAX = 8;

    private long sent;
    private long taken;

    /** Sends rows, in memory of their own, under a number. */
    abstract void send(long sequence, Batch rows);

    /** The number of the next thing sent. */
    final long next() {
        return ++sent;
    }

    @Override
    public final boolean hasRoom() {
        return sent - taken < IN_FLIGHT_MAX;
    }

    @Override
    public void write(Batch batch) {
        // The operators reuse the batch's memory before the other actor has read it.
        send(next(), BatchCodec.copy(batch));
    }

    @Override
    public final long sent() {
        return sent;
    }

    @Override
    public void taken(long sequence) {
        taken = Math.max(taken, sequence);
    }

    @Override
    public final long taken() {
        return taken;
    }

    @Override
    public void close() {}
}
