// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.connector.DeadLetterWriter;
import dev.millrace.engine.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * A topic of bad records: the value is the record as it was read, and headers say what is wrong with it ({@code code},
 * {@code reason}), where it stands ({@code table}, {@code split}, {@code position}) and when that was found
 * ({@code time}), all as text.
 */
final class KafkaDeadLetters implements DeadLetterWriter {
    private final String topic;
    private final ClientSettings settings;
    private final RowProducer producer;
    private final Clock clock;
    private final AtomicReference<Exception> failure = new AtomicReference<>();

    KafkaDeadLetters(String topic, ClientSettings settings, Clock clock) {
        this.topic = topic;
        this.settings = settings;
        this.clock = clock;
        producer = RowProducer.forDeadLetters(settings);
    }

    @Override
    public void append(String table, int split, BadRecord record) {
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, null, record.bytes());
        add(letter, "code", record.code().id());
        add(letter, "reason", record.reason());
        add(letter, "table", table);
        add(letter, "split", Integer.toString(split));
        add(letter, "position", Long.toString(record.position()));
        add(letter, "time", clock.instant().toString());
        try {
            producer.send(letter, (_, e) -> {
                if (e != null) {
                    failure.compareAndSet(null, e);
                }
            });
        } catch (KafkaException e) {
            failure.compareAndSet(null, e);
        }
        checkNotFailed();
    }

    @Override
    public void flush() {
        producer.flush();
        checkNotFailed();
    }

    @Override
    public void close() {
        producer.close();
    }

    /** Told once: the next batch of letters has another chance. */
    private void checkNotFailed() {
        Exception e = failure.getAndSet(null);
        if (e != null) {
            throw KafkaErrors.of(e, settings, "the dead-letter topic '" + topic + "'", ErrorCode.SINK_FAILED);
        }
    }

    private static void add(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
