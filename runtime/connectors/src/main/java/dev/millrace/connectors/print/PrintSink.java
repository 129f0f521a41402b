// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.print;

import dev.millrace.connectors.text.PrintRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.type.Schema;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Prints the rows of one partition. A batch goes out in one write, which the stream does as a whole, so the lines of
 * partitions that print at the same time don't mix.
 */
final class PrintSink implements Sink {
    private final PrintRowFormat format;
    private final byte[] prefix;
    private final PrintStream stream;
    private final TextBuffer lines = new TextBuffer();

    PrintSink(Schema schema, String prefix, PrintStream stream) {
        format = new PrintRowFormat(schema);
        this.prefix = prefix.getBytes(StandardCharsets.UTF_8);
        this.stream = stream;
    }

    @Override
    public void write(Batch batch) {
        lines.clear();
        for (int i = 0; i < batch.size(); i++) {
            lines.append(prefix);
            format.append(batch, batch.row(i), lines);
        }
        stream.write(lines.data(), 0, lines.size());
    }

    @Override
    public void flush() {
        // Print streams keep their errors to themselves until they are asked.
        if (stream.checkError()) {
            throw new MillraceException(
                    ErrorCode.SINK_GONE, "the rows can't be printed: the output is closed", "keep the output open");
        }
    }

    @Override
    public boolean isBlocking() {
        return true;
    }

    @Override
    public void close() {
        stream.flush();
    }
}
