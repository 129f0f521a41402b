// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.deadletter;

import dev.millrace.connectors.text.JsonText;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.connector.DeadLetterWriter;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.Base64;

/**
 * A file of bad records, one JSON object a line:
 *
 * <pre>
 *   {"time":"2026-01-01T00:00:00Z","table":"orders","split":0,"position":4711,
 *    "code":"MR-3010","reason":"…","record":"…"}
 * </pre>
 *
 * <p>A record that is not valid UTF-8 stands in {@code "record_base64"} instead; one without bytes has neither. The
 * position of a record of a file is file number * 2^40 + byte offset.
 *
 * <p>Belongs to one thread. Several may append to the same path: lines are written whole, at the end of the file. At
 * most {@link #BUFFER_BYTES_MAX} and one record wait for {@link #flush}.
 */
public final class DeadLetterFile implements DeadLetterWriter {
    static final int BUFFER_BYTES_MAX = 64 * 1024;

    private final Path path;
    private final FileChannel channel;
    private final Clock clock;
    private final TextBuffer lines = new TextBuffer();

    private DeadLetterFile(Path path, FileChannel channel, Clock clock) {
        this.path = path;
        this.channel = channel;
        this.clock = clock;
    }

    /**
     * Opens the file to append to it; makes it, and the directories above it, if they don't exist.
     *
     * @throws MillraceException if it can't be written
     */
    public static DeadLetterFile open(Path path) {
        return open(path, Clock.systemUTC());
    }

    /** @param clock gives the time in the lines */
    public static DeadLetterFile open(Path path, Clock clock) {
        try {
            if (path.getParent() != null) {
                Files.createDirectories(path.getParent());
            }
            return new DeadLetterFile(
                    path, FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND), clock);
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /**
     * Adds a line, and writes if many wait.
     *
     * @param split number of the split, or -1 where it is not known
     * @throws MillraceException if the file can't be written
     */
    @Override
    public void append(String table, int split, BadRecord record) {
        lines.append("{\"time\":\"" + clock.instant() + "\",\"table\":");
        JsonText.appendString(table, lines);
        lines.append(",\"split\":" + split + ",\"position\":" + record.position());
        lines.append(",\"code\":\"" + record.code().id() + "\",\"reason\":");
        JsonText.appendString(record.reason(), lines);
        byte[] bytes = record.bytes();
        if (bytes.length > 0) {
            if (isUtf8(bytes)) {
                lines.append(",\"record\":");
                JsonText.appendString(bytes, 0, bytes.length, lines);
            } else {
                lines.append(",\"record_base64\":\"" + Base64.getEncoder().encodeToString(bytes) + '"');
            }
        }
        lines.append("}\n");
        if (lines.size() >= BUFFER_BYTES_MAX) {
            flush();
        }
    }

    /**
     * Writes what waits.
     *
     * @throws MillraceException if the file can't be written
     */
    @Override
    public void flush() {
        if (lines.size() == 0) {
            return;
        }
        try {
            ByteBuffer buffer = ByteBuffer.wrap(lines.data(), 0, lines.size());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            lines.clear();
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    /** Writes what waits and closes the file. */
    @Override
    public void close() {
        try (channel) {
            flush();
        } catch (IOException e) {
            throw failed(path, e);
        }
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static MillraceException failed(Path path, IOException cause) {
        return new MillraceException(
                ErrorCode.SINK_FAILED,
                "the dead-letter file " + path + " can't be written: " + cause,
                null,
                "choose another file with '" + OnError.PATH_OPTION + "', or leave bad records out with '"
                        + OnError.OPTION + "' = 'skip'",
                cause);
    }
}
