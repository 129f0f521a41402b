// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowKind;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes the records of a topic out of rows. Belongs to one sink. */
final class RowRecords {
    private final String topic;
    private final RowEncoder encoder;
    private final boolean deletes;
    private Batch batch;

    /** @param deletes whether a row that is taken back becomes a record without a value */
    RowRecords(String topic, RowEncoder encoder, boolean deletes) {
        this.topic = topic;
        this.encoder = encoder;
        this.deletes = deletes;
    }

    String topic() {
        return topic;
    }

    /** Rows are those of this batch from now on. */
    void bind(Batch rows) {
        batch = rows;
        encoder.bind(rows);
    }

    /** @param row the row's number in the batch's arrays */
    ProducerRecord<byte[], byte[]> record(int row) {
        RowKind kind = batch.kind(row);
        boolean takesBack = kind == RowKind.DELETE || kind == RowKind.UPDATE_BEFORE;
        if (takesBack && !deletes) {
            throw new IllegalStateException("a table of connector 'kafka' can't take back rows: " + kind);
        }
        byte[] value = takesBack ? null : encoder.value(row);
        return new ProducerRecord<>(
                topic, null, encoder.timestamp(row), encoder.key(row), value, encoder.headers(row));
    }
}
