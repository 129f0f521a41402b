// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.error.ErrorCode;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A producer of bytes. Safe for use by several threads. */
final class RowProducer implements AutoCloseable {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final KafkaProducer<byte[], byte[]> producer;

    private RowProducer(KafkaProducer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** The producer that the sinks of a process share. */
    static RowProducer forSinks(ClientSettings settings) {
        return of(settings, settings.forSink());
    }

    static RowProducer forDeadLetters(ClientSettings settings) {
        return of(settings, settings.forDeadLetters());
    }

    private static RowProducer of(ClientSettings settings, Map<String, Object> all) {
        try {
            return new RowProducer(
                    new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer()));
        } catch (KafkaException e) {
            throw KafkaErrors.of(e, settings, "a table", ErrorCode.SINK_FAILED);
        }
    }

    /**
     * Takes a record to send it.
     *
     * @param done called on this thread if the record is not taken, on another when it was sent or is given up
     */
    void send(ProducerRecord<byte[], byte[]> record, Callback done) {
        producer.send(record, done);
    }

    /** Waits until everything taken was sent or given up. */
    void flush() {
        producer.flush();
    }

    /** Gives up what was not flushed. */
    @Override
    public void close() {
        producer.close(CLOSE);
    }
}
