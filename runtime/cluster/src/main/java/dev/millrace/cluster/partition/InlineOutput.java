// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;

/** A sink that never waits, and so runs on the partition's own thread. */
final class InlineOutput implements Output {
    private final Sink sink;

    InlineOutput(Sink sink) {
        this.sink = sink;
    }

    @Override
    public boolean hasRoom() {
        return true;
    }

    @Override
    public void write(Batch batch) {
        sink.write(batch);
    }

    @Override
    public void flush() {
        sink.flush();
    }

    @Override
    public void close() {
        sink.close();
    }
}
