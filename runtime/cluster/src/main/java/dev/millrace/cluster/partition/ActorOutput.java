// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchCodec;

/** Rows that leave through another actor: a client, or the writer of a sink that may wait. */
final class ActorOutput implements Output {
    /** Batches on their way at most; then the partition takes no more input. */
    private static final int IN_FLIGHT_MAX = 8;

    /** Where the numbered things go. */
    interface Path {
        void write(long sequence, Batch batch);

        void flush(long sequence);
    }

    private final Path path;
    private long sent;
    private long taken;

    ActorOutput(Path path) {
        this.path = path;
    }

    @Override
    public boolean hasRoom() {
        return sent - taken < IN_FLIGHT_MAX;
    }

    @Override
    public void write(Batch batch) {
        // The operators reuse the batch's memory before the other actor has read it.
        path.write(++sent, BatchCodec.copy(batch));
    }

    @Override
    public void flush() {
        if (sent > 0) {
            path.flush(++sent);
        }
    }

    @Override
    public long sent() {
        return sent;
    }

    @Override
    public void taken(long sequence) {
        taken = Math.max(taken, sequence);
    }

    @Override
    public long taken() {
        return taken;
    }

    @Override
    public void close() {}
}
