// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.connectors.deadletter.OnError;
import dev.millrace.connectors.format.RecordDecoder;
import dev.millrace.connectors.format.RecordErrors;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.connector.ReadStatus;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.Arrays;
import java.util.List;

/** Reads the files of a split, one after the other. */
final class FileSplitReader implements SplitReader, RecordErrors {
    private final String table;
    private final List<FileIdentity> files;
    private final RecordDecoder decoder;
    private final ReadLimits limits;
    private final OnError onError;
    private final FileWindow window;
    private BatchBuilder target;

    /** Number of the file that is read, or that is next. */
    private int file;

    /** Where to start in the next file. */
    private long offset;

    FileSplitReader(
            String table,
            List<FileIdentity> files,
            long position,
            RecordDecoder decoder,
            ReadLimits limits,
            OnError onError) {
        this.table = table;
        this.files = files;
        this.decoder = decoder;
        this.limits = limits;
        this.onError = onError;
        file = FilePosition.file(position);
        offset = FilePosition.offset(position);
        window = new FileWindow(limits);
    }

    @Override
    public ReadStatus read(BatchBuilder into) {
        target = into;
        long left = ReadLimits.BATCH_BYTES_MAX;
        while (file < files.size()) {
            if (into.isFull() || left <= 0 || into.badRecords().size() >= RecordErrors.RECORDS_MAX) {
                return ReadStatus.MORE;
            }
            if (!window.isOpen()) {
                window.open(files.get(file), offset);
                skipHeader();
            }
            int from = window.from();
            int next = decoder.decode(
                    window.data(), from, window.to(), window.isLast(), position(), into, this);
            if (next < 0) {
                window.moveTo(-1 - next);
                skipLargeRecord();
            } else {
                window.moveTo(next);
            }
            left -= Math.max(window.from() - from, 0);
            if (window.isAtEnd()) {
                window.close();
                file++;
                offset = 0;
            } else if (next == from) {
                window.fill();
            }
        }
        return ReadStatus.END;
    }

    @Override
    public long position() {
        return FilePosition.of(file, window.isOpen() ? window.offset() : offset);
    }

    @Override
    public void reject(byte[] data, int from, int to, ErrorCode code, String reason) {
        long at = window.offset() + from - window.from();
        String place = files.get(file).path().getFileName() + ", byte " + at;
        if (onError == OnError.FAIL) {
            throw new MillraceException(
                    code,
                    "table \"" + table + "\" has a bad record (" + place + "): " + reason,
                    "correct the record, or let bad records go to a file or be left out with '" + OnError.OPTION
                            + "' = 'dead_letter' or 'skip'");
        }
        byte[] record = Arrays.copyOfRange(data, from, to);
        target.reject(new BadRecord(FilePosition.of(file, at), record, code, reason + " (" + place + ")"));
    }

    @Override
    public void close() {
        window.close();
    }

    private void skipHeader() {
        if (window.offset() > 0) {
            return;
        }
        window.skipByteOrderMark();
        int next = decoder.skipHeader(window.data(), window.from(), window.to(), window.isLast());
        while (next < 0 && !window.isFull()) {
            window.fill();
            next = decoder.skipHeader(window.data(), window.from(), window.to(), window.isLast());
        }
        window.moveTo(Math.max(next, window.from()));
    }

    /** Rejects the record at which the window stands, and moves to the first line behind the limit. */
    private void skipLargeRecord() {
        int kept = Math.min(ReadLimits.KEPT_BYTES_MAX, limits.recordBytesMax());
        reject(
                window.data(),
                window.from(),
                window.from() + kept,
                ErrorCode.RECORD_TOO_LARGE,
                "it is larger than " + limits.recordBytesMax() + " bytes; only its first " + kept + " are kept");
        window.moveTo(window.from() + limits.recordBytesMax());
        window.skipLine();
    }
}
