// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.deadletter.OnError;
import dev.millrace.connectors.format.BadValue;
import dev.millrace.connectors.format.Formats;
import dev.millrace.connectors.format.RecordDecoder;
import dev.millrace.connectors.format.RecordErrors;
import dev.millrace.connectors.format.Utf8;
import dev.millrace.connectors.format.Words;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.TypeKind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes a row of every record: its value, and its key and metadata where columns hold them. Belongs to one reader. */
final class RecordRows {
    /** A larger value is bad. */
    private static final int RECORD_BYTES_MAX = 32 << 20;

    /** In place of a column that is not taken from a part. */
    private static final int NONE = -1;

    private final TableDefinition table;
    private final boolean upserts;
    private final OnError onError;
    private final Part value;
    private final Part key;
    private final List<Metadata> metadata = new ArrayList<>();
    /** The columns of the batch that are not of the key. */
    private final int[] besideKey;
    private BatchBuilder into;

    /** A column of the batch that holds something besides value and key. */
    private record Metadata(int target, Column column, MetadataKey key) {}

    /**
     * @param upserts whether a record is the new row of its key, and one without a value deletes it
     * @param columns indexes of the columns wanted, in the order of the batch
     */
    RecordRows(TableDefinition table, RecordLayout layout, boolean upserts, List<Integer> columns) {
        this.table = table;
        this.upserts = upserts;
        onError = OnError.of(table);
        // Which row is replaced or deleted is said by keys alone, whatever the values repeat of them.
        List<Integer> ofValue = upserts
                ? layout.valueColumns().stream().map(c -> layout.keyColumns().contains(c) ? NONE : c).toList()
                : layout.valueColumns();
        // A table of keys and metadata alone says nothing of the values, which may be anything.
        value = layout.valueColumns().isEmpty() ? null : new Part(layout.value(), ofValue, columns);
        key = upserts || layout.readsKey() ? new Part(layout.key(), layout.keyColumns(), columns) : null;
        besideKey = IntStream.range(0, columns.size())
                .filter(i -> !layout.keyColumns().contains(columns.get(i)))
                .toArray();
        for (int i = 0; i < columns.size(); i++) {
            MetadataKey holds = layout.metadata().get(columns.get(i));
            if (holds != null) {
                metadata.add(new Metadata(i, table.schema().column(columns.get(i)), holds));
            }
        }
    }

    /** Rows go into this batch from now on. */
    void bind(BatchBuilder batch) {
        into = batch;
        if (value != null) {
            value.bind(batch);
        }
        if (key != null) {
            key.bind(batch);
        }
    }

    /** Adds the row of a record, or the record to the bad ones. There must be room for a row. */
    void add(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
        int row = into.rows();
        ByteBuffer bytes = record.value();
        if (bytes == null && upserts) {
            addDelete(record, row);
            return;
        }
        String reason = null;
        if (bytes == null && value != null) {
            reason = "its value is NULL, which deletes a row by its key, and a table of connector 'kafka' has no"
                    + " such rows";
        } else {
            reason = value == null ? null : value.decode(bytes, row);
            if (reason == null && key != null) {
                reason = key.decode(record.key(), row);
                reason = reason == null ? null : "in its key: " + reason;
            }
            if (reason == null) {
                reason = addMetadata(record, row);
            }
        }
        if (reason == null) {
            into.endRow(record.offset());
        } else {
            giveUp(record, row, reason);
        }
    }

    /** Adds a row with nothing but its key. */
    private void addDelete(ConsumerRecord<ByteBuffer, ByteBuffer> record, int row) {
        String reason = key.decode(record.key(), row);
        if (reason != null) {
            giveUp(record, row, "in its key: " + reason);
            return;
        }
        if (value != null) {
            value.skip();
        }
        for (int column : besideKey) {
            into.column(column).setNull(row);
        }
        into.endRow(record.offset(), RowKind.DELETE);
    }

    private void giveUp(ConsumerRecord<ByteBuffer, ByteBuffer> record, int row, String reason) {
        if (value != null) {
            value.giveUp(row);
        }
        if (key != null) {
            key.giveUp(row);
        }
        reject(record, reason);
    }

    private String addMetadata(ConsumerRecord<ByteBuffer, ByteBuffer> record, int row) {
        for (Metadata one : metadata) {
            if (one.key() == MetadataKey.KEY && one.column().type().kind() == TypeKind.VARCHAR
                    && record.key() != null) {
                byte[] text = bytes(record.key());
                if (!Utf8.isValid(text, 0, text.length)) {
                    return "its key is not valid UTF-8; declare column \"" + one.column().name() + "\" as BYTES";
                }
            }
            one.key().set(record, one.column().type(), into.column(one.target()), row);
            if (!one.column().type().nullable() && into.column(one.target()).isNull(row)) {
                return BadValue.isNull(one.column());
            }
        }
        return null;
    }

    private void reject(ConsumerRecord<ByteBuffer, ByteBuffer> record, String reason) {
        ErrorCode code = record.serializedValueSize() > RECORD_BYTES_MAX ? ErrorCode.RECORD_TOO_LARGE
                : ErrorCode.RECORD_MALFORMED;
        String place = record.topic() + ", partition " + record.partition() + ", offset " + record.offset();
        if (onError == OnError.FAIL) {
            throw new MillraceException(
                    code,
                    "table \"" + table.name() + "\" has a bad record (" + place + "): " + reason,
                    "correct what writes the records, or let bad ones go to a file or a topic or be left out with '"
                            + OnError.OPTION + "' = 'dead_letter' or 'skip'");
        }
        byte[] bytes = record.value() == null ? new byte[0] : bytes(record.value());
        into.reject(new BadRecord(record.offset(), bytes, code, reason + " (" + place + ")"));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }

    /** The key or the value of records, with the columns that it fills. */
    private static final class Part implements RecordErrors {
        private final RecordDecoder decoder;
        private final int[] targets;
        /** Whether a line feed in a record is a blank like others, as in JSON, and does not end it. */
        private final boolean lineFeedIsBlank;
        private byte[] data = new byte[4096];
        private BatchBuilder part;
        private String reason;

        /**
         * @param columns indexes in the whole table of the part's columns
         * @param wanted indexes in the whole table of the batch's columns
         */
        Part(TableDefinition table, List<Integer> columns, List<Integer> wanted) {
            List<Integer> own = new ArrayList<>();
            List<Integer> filled = new ArrayList<>();
            for (int i = 0; i < wanted.size(); i++) {
                int index = columns.indexOf(wanted.get(i));
                if (index >= 0) {
                    own.add(index);
                    filled.add(i);
                }
            }
            targets = filled.stream().mapToInt(Integer::intValue).toArray();
            decoder = Formats.of(table).newDecoder(table, own, RECORD_BYTES_MAX);
            lineFeedIsBlank = Formats.of(table).name().equals("json");
        }

        void bind(BatchBuilder batch) {
            part = batch.part(targets);
        }

        /** Decodes bytes into a row. Returns what is wrong with them, or null. */
        String decode(ByteBuffer bytes, int row) {
            if (bytes == null) {
                return "it is NULL";
            }
            int length = bytes.remaining();
            if (data.length < length + RecordDecoder.PADDING) {
                data = new byte[Math.max(length + RecordDecoder.PADDING, data.length * 2)];
            }
            bytes.get(bytes.position(), data, 0, length);
            while (length > 0 && (data[length - 1] == '\n' || data[length - 1] == '\r')) {
                length--;
            }
            String wrong = decode(length, row);
            if (wrong == null || !lineFeedIsBlank || Words.indexOf(data, 0, length, (byte) '\n') < 0) {
                return wrong;
            }
            // Formats take records line by line; a record here may have several.
            for (int i = 0; i < length; i++) {
                if (data[i] == '\n') {
                    data[i] = '\r';
                }
            }
            return decode(length, row);
        }

        private String decode(int length, int row) {
            data[length] = '\n';
            reason = null;
            int next = decoder.decode(data, 0, length, true, 0, part, this);
            if (reason == null && next == length && part.rows() == row + 1) {
                return null;
            }
            int rows = part.rows() - row;
            giveUp(row);
            if (reason != null) {
                return reason;
            }
            if (next < 0) {
                return "it is larger than " + RECORD_BYTES_MAX + " bytes";
            }
            return rows == 0 && next == length ? "it is empty" : "it holds more than one row";
        }

        void giveUp(int row) {
            part.truncate(row);
        }

        /** The record has no such part. */
        void skip() {
            part.endRow(0);
        }

        @Override
        public void reject(byte[] bytes, int from, int to, ErrorCode code, String what) {
            if (reason == null) {
                reason = what;
            }
        }
    }
}
