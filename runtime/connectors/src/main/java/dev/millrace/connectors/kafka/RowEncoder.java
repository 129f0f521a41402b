// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.format.Formats;
import dev.millrace.connectors.text.RowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Header;

/** Makes keys, values and timestamps of records out of rows. Belongs to one sink. */
final class RowEncoder {
    private final List<Integer> valueColumns;
    private final RowFormat valueFormat;
    private final List<Integer> keyColumns;
    private final RowFormat keyFormat;
    private final int timestampColumn;
    private final long unitsPerMilli;
    private final int headerColumn;
    private final String headerName;
    private final TextBuffer text = new TextBuffer();
    private Batch values;
    private Batch keys;
    private LongVector timestamps;
    private BytesVector headers;

    RowEncoder(TableDefinition table, RecordLayout layout) {
        valueColumns = layout.valueColumns();
        valueFormat = Formats.of(layout.value()).newRowFormat(layout.value());
        keyColumns = layout.keyColumns();
        keyFormat = layout.key() == null ? null : Formats.of(layout.key()).newRowFormat(layout.key());
        timestampColumn = layout.metadata().indexOf(MetadataKey.TIMESTAMP);
        unitsPerMilli = timestampColumn < 0 ? 1 : MetadataKey.unitsPerMilli(table.schema().type(timestampColumn));
        headerColumn = layout.metadata().indexOf(MetadataKey.HEADERS);
        headerName = headerColumn < 0 ? null
                : "column \"" + table.schema().column(headerColumn).name() + "\" of table \"" + table.name() + "\"";
    }

    /** Rows are those of this batch from now on. */
    void bind(Batch batch) {
        // What a row does to the result is said by the record, not in it.
        Batch rows = batch.withKinds(null);
        values = rows.withColumns(select(batch, valueColumns));
        keys = rows.withColumns(select(batch, keyColumns));
        timestamps = timestampColumn < 0 ? null : (LongVector) batch.column(timestampColumn);
        headers = headerColumn < 0 ? null : (BytesVector) batch.column(headerColumn);
    }

    byte[] value(int row) {
        return encode(valueFormat, values, row);
    }

    /** The key of the row's record, or null if the table's records have none. */
    byte[] key(int row) {
        return keyFormat == null ? null : encode(keyFormat, keys, row);
    }

    /** Milliseconds since 1970, or null for the time at which the record is sent. */
    Long timestamp(int row) {
        return timestamps == null || timestamps.isNull(row) ? null
                : Math.floorDiv(timestamps.get(row), unitsPerMilli);
    }

    /**
     * The headers of the row's record; none where the column is NULL.
     *
     * @throws MillraceException if it holds something else
     */
    List<Header> headers(int row) {
        if (headers == null || headers.isNull(row)) {
            return List.of();
        }
        try {
            return HeaderText.parse(headers.data(), headers.starts()[row], headers.lengths()[row]);
        } catch (IllegalArgumentException e) {
            throw new MillraceException(
                    ErrorCode.SINK_FAILED, headerName + " does not hold headers: " + e.getMessage(),
                    "write a JSON object such as '{\"source\": \"web\"}', or NULL");
        }
    }

    private byte[] encode(RowFormat format, Batch batch, int row) {
        text.clear();
        format.append(batch, row, text);
        // A record ends by itself, without the line feed of files.
        return Arrays.copyOf(text.data(), text.size() - 1);
    }

    private static Vector[] select(Batch batch, List<Integer> columns) {
        return columns.stream().map(batch::column).toArray(Vector[]::new);
    }
}
