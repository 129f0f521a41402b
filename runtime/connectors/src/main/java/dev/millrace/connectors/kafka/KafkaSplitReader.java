// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.format.RecordErrors;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.connector.ReadStatus;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads one partition from an offset on. Never waits: what is polled elsewhere is decoded here. */
final class KafkaSplitReader implements SplitReader {
    private static final int BATCH_BYTES_MAX = 4 << 20;

    private final RecordRows rows;
    private final PartitionPoller poller;
    private final long end;
    private long position;
    private List<ConsumerRecord<ByteBuffer, ByteBuffer>> records = List.of();
    private int index;
    private long next;

    /** @param poller polls from the position on, or null if that is the end already */
    KafkaSplitReader(Split split, long position, RecordRows rows, PartitionPoller poller) {
        this.rows = rows;
        this.poller = poller;
        end = split.end();
        this.position = position;
        next = position;
    }

    @Override
    public ReadStatus read(BatchBuilder into) {
        rows.bind(into);
        long left = BATCH_BYTES_MAX;
        while (position < end) {
            if (index == records.size()) {
                // Behind the last record of a poll may be markers, which the position steps over.
                position = Math.min(next, end);
                if (position < end && !take()) {
                    return ReadStatus.IDLE;
                }
            } else if (into.isFull() || left <= 0 || into.badRecords().size() >= RecordErrors.RECORDS_MAX) {
                return ReadStatus.MORE;
            } else {
                ConsumerRecord<ByteBuffer, ByteBuffer> record = records.get(index);
                if (record.offset() >= end) {
                    position = end;
                } else {
                    rows.add(record);
                    index++;
                    position = record.offset() + 1;
                    left -= Math.max(1, record.serializedValueSize());
                }
            }
        }
        return ReadStatus.END;
    }

    private boolean take() {
        PartitionPoller.Polled polled = poller.take();
        if (polled == null) {
            return false;
        }
        records = polled.records();
        index = 0;
        next = polled.next();
        return true;
    }

    @Override
    public String problem() {
        return poller == null ? null : poller.problem();
    }

    @Override
    public boolean isCaughtUp() {
        return poller == null || poller.isCaughtUp();
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void close() {
        if (poller != null) {
            poller.close();
        }
    }
}
