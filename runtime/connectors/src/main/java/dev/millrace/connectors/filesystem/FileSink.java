// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.connectors.text.RowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/**
 * Writes the rows of one partition into part files. A file is published when the policy says so, and at the end of every
 * epoch: a checkpoint that is stored behind it stands for rows that nothing can take back. A crash between the two brings
 * the rows of the epoch a second time (at least once). Updates are written as plain rows.
 *
 * <p>Once it has failed, it takes nothing more, and its hidden file is gone: the rows in it are in no checkpoint.
 */
final class FileSink implements Sink {
    private static final int BUFFER_BYTES = 64 * 1024;

    private final String table;
    private final PartDirectory directory;
    private final RowFormat format;
    private final RollingPolicy policy;
    private final LongSupplier nanoClock;
    private final TextBuffer buffer = new TextBuffer();
    private PartFile part;
    private long openedNanos;
    private boolean hasLookedAround;
    private MillraceException failure;

    /** @param nanoClock as {@link System#nanoTime} */
    FileSink(
            String table, PartDirectory directory, RowFormat format, RollingPolicy policy, LongSupplier nanoClock) {
        this.table = table;
        this.directory = directory;
        this.format = format;
        this.policy = policy;
        this.nanoClock = nanoClock;
    }

    @Override
    public void write(Batch batch) {
        checkNotFailed();
        try {
            Batch rows = batch.withKinds(null);
            for (int i = 0; i < rows.size(); i++) {
                append(rows, rows.row(i));
            }
            if (part != null && nanoClock.getAsLong() - openedNanos >= policy.interval().toNanos()) {
                publish();
            }
        } catch (IOException e) {
            throw fail(e);
        }
    }

    private void append(Batch rows, int row) throws IOException {
        if (part == null) {
            open();
            if (format.needsHeader(rows, row)) {
                format.appendHeader(buffer);
            }
        }
        format.append(rows, row, buffer);
        if (buffer.size() >= BUFFER_BYTES) {
            drain();
        }
        if (part.bytes() + buffer.size() >= policy.fileBytes()) {
            publish();
        }
    }

    private void open() throws IOException {
        if (!hasLookedAround) {
            hasLookedAround = true;
            directory.removeAbandoned();
        }
        part = directory.create();
        openedNanos = nanoClock.getAsLong();
    }

    private void drain() throws IOException {
        part.write(buffer.data(), buffer.size());
        buffer.clear();
    }

    private void publish() throws IOException {
        drain();
        part.publish();
        part = null;
        directory.force();
    }

    @Override
    public void flush() {
        checkNotFailed();
        if (part == null) {
            return;
        }
        try {
            publish();
        } catch (IOException e) {
            throw fail(e);
        }
    }

    @Override
    public boolean isBlocking() {
        return true;
    }

    /** Publishes what is open. */
    @Override
    public void close() {
        if (failure == null) {
            flush();
        }
    }

    private void checkNotFailed() {
        if (failure != null) {
            throw failure;
        }
    }

    private MillraceException fail(IOException cause) {
        if (part != null) {
            part.discard();
            part = null;
        }
        failure = failed(table, directory.path(), cause);
        return failure;
    }

    /** The error for a directory that does not take files. */
    static MillraceException failed(String table, Path directory, IOException cause) {
        String why = switch (cause) {
            case AccessDeniedException _ -> "access is denied";
            case NotDirectoryException _ -> "it is a file";
            case NoSuchFileException e -> e.getFile() + " is gone";
            case FileSystemException e when e.getReason() != null -> e.getReason();
            default -> cause.getMessage() == null ? cause.toString() : cause.getMessage();
        };
        String hint = cause instanceof AccessDeniedException
                ? "check the permissions of the directory and of those above it"
                : "see that the directory is there and has room, or choose another with 'path'";
        return new MillraceException(
                ErrorCode.SINK_FAILED,
                "the rows of table \"" + table + "\" can't be written into directory " + directory + ": " + why,
                null, hint, cause);
    }
}
