// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Appends to a file that is created at the first event, so that a quiet run leaves nothing behind. */
final class FirstUseFileAppender extends OutputStreamAppender<ILoggingEvent> {
    private final Path file;

    FirstUseFileAppender(Path file) {
        this.file = file;
    }

    @Override
    public void start() {
        setOutputStream(new FirstUseStream(file));
        super.start();
    }

    /** Opens the file when the first byte is written. Used under the appender's lock. */
    private static final class FirstUseStream extends OutputStream {
        private final Path file;
        private OutputStream open;

        FirstUseStream(Path file) {
            this.file = file;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int start, int length) throws IOException {
            if (open == null) {
                Files.createDirectories(file.toAbsolutePath().getParent());
                open = new BufferedOutputStream(
                        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
            }
            open.write(bytes, start, length);
        }

        @Override
        public void flush() throws IOException {
            if (open != null) {
                open.flush();
            }
        }

        @Override
        public void close() throws IOException {
            if (open != null) {
                open.close();
            }
        }
    }
}
