// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;
import org.apache.pekko.actor.typed.ActorRef;

/** Rows on their way to a sink that may wait, through its writer. */
final class WriterOutput extends NumberedOutput {
    private final ActorRef<SinkWriter.Command> writer;
    private final Sink sink;

    /** @param sink what the writer writes to */
    WriterOutput(ActorRef<SinkWriter.Command> writer, Sink sink) {
        this.writer = writer;
        this.sink = sink;
    }

    @Override
    void send(long sequence, Batch rows) {
        writer.tell(new SinkWriter.Write(sequence, rows));
    }

    @Override
    public void flush() {
        if (sent() > 0) {
            writer.tell(new SinkWriter.Flush(next()));
        }
    }

    /** A partition ends only when its writer does, which may be waiting for a server. */
    @Override
    public String problem() {
        return sink.problem();
    }

    @Override
    public void giveUp() {
        sink.giveUp();
    }
}
