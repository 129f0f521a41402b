// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Hands text on in whole lines, so that what comes from other threads does not tear the line being typed. */
final class NoticeStream extends OutputStream {
    private final Consumer<String> lines;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    /** @param lines takes one or more lines at a time, with the line break at the end */
    NoticeStream(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public synchronized void write(int value) {
        pending.write(value);
        if (value == '\n') {
            emit();
        }
    }

    @Override
    public synchronized void write(byte[] source, int start, int length) {
        int end = start + length;
        while (end > start && source[end - 1] != '\n') {
            end--;
        }
        pending.write(source, start, end - start);
        if (end > start) {
            emit();
        }
        pending.write(source, end, start + length - end);
    }

    private void emit() {
        lines.accept(pending.toString(StandardCharsets.UTF_8));
        pending.reset();
    }
}
