// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.engine.batch.Batch;
import org.apache.pekko.actor.typed.ActorRef;

/** Rows on their way to a sink that may wait, through its writer. */
final class WriterOutput extends NumberedOutput {
    private final ActorRef<SinkWriter.Command> writer;

    WriterOutput(ActorRef<SinkWriter.Command> writer) {
        this.writer = writer;
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
}
