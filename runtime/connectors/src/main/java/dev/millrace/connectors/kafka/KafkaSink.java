// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Appends the rows of one partition to a topic, in order, each at least once. Brokers that are away hold it up for as
 * long as it takes; it fails only if they refuse the rows, or the topic is deleted.
 */
final class KafkaSink implements Sink {
    private static final long WAIT_MILLIS = 500;
    private static final Duration LOOK_AGE_MAX = Duration.ofMillis(1_500);

    private final String topic;
    private final RowEncoder encoder;
    /** Whether a row that is taken back becomes a record without a value. */
    private final boolean deletes;
    private final ClientSettings settings;
    private final Shared<RowProducer> producers;
    private final Shared<Cluster> clusters;
    private final Clock clock;
    private final Callback done = (_, e) -> sent(e);
    private Shared<RowProducer>.Lease producer;
    private Shared<Cluster>.Lease cluster;
    private boolean missing;

    private volatile Thread sender;
    private volatile boolean givenUp;
    private volatile Instant waitingSince;

    // Under the lock of this object: the producer's thread writes them.
    private long pending;
    private Exception failure;

    /** Why the record just sent was not taken; of the thread that sends. */
    private Exception refused;

    KafkaSink(
            String topic,
            RowEncoder encoder,
            boolean deletes,
            ClientSettings settings,
            Shared<RowProducer> producers,
            Shared<Cluster> clusters,
            Clock clock) {
        this.topic = topic;
        this.encoder = encoder;
        this.deletes = deletes;
        this.settings = settings;
        this.producers = producers;
        this.clusters = clusters;
        this.clock = clock;
    }

    @Override
    public void write(Batch batch) {
        open();
        encoder.bind(batch);
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            RowKind kind = batch.kind(row);
            boolean takesBack = kind == RowKind.DELETE || kind == RowKind.UPDATE_BEFORE;
            if (takesBack && !deletes) {
                throw new IllegalStateException("a table of connector 'kafka' can't take back rows: " + kind);
            }
            byte[] value = takesBack ? null : encoder.value(row);
            send(new ProducerRecord<>(
                    topic, null, encoder.timestamp(row), encoder.key(row), value, encoder.headers(row)));
        }
    }

    private void open() {
        checkNotFailed();
        sender = Thread.currentThread();
        if (producer == null) {
            producer = producers.acquire(settings);
            cluster = clusters.acquire(settings);
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        while (true) {
            refused = null;
            synchronized (this) {
                pending++;
            }
            try {
                producer.client().send(record, done);
            } catch (KafkaException e) {
                throw fail(e);
            }
            if (refused == null) {
                return;
            }
            // It was not taken, because the buffer is full or nothing is known of the topic: the same again.
            if (!(refused instanceof TimeoutException)) {
                throw fail(refused);
            }
            waitOn();
        }
    }

    /** The producer is done with a record. */
    private void sent(Exception e) {
        // On the sender's own thread only if the record was not taken.
        boolean taken = Thread.currentThread() != sender;
        synchronized (this) {
            pending--;
            if (e != null && taken && failure == null) {
                failure = e;
            }
            if (pending == 0 || failure != null) {
                notifyAll();
            }
        }
        if (!taken) {
            refused = e;
        }
        if (e == null) {
            waitingSince = null;
        }
    }

    @Override
    public void flush() {
        if (producer == null) {
            return;
        }
        while (!isSent()) {
            waitOn();
        }
    }

    /** Waits a moment for all records to be sent. */
    private boolean isSent() {
        checkNotFailed();
        synchronized (this) {
            try {
                if (pending > 0 && failure == null && !givenUp) {
                    wait(WAIT_MILLIS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while rows are sent", e);
            }
            if (pending > 0) {
                return false;
            }
        }
        checkNotFailed();
        return true;
    }

    /** Nothing moves: notes since when, and looks whether it ever will. */
    private void waitOn() {
        checkNotFailed();
        if (waitingSince == null) {
            waitingSince = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        }
        Cluster.TopicState state = cluster.client().look(topic, LOOK_AGE_MAX);
        if (state.failure() != null && !KafkaErrors.isUnreachable(state.failure())) {
            throw fail(state.failure());
        }
        if (state.isMissing() && missing) {
            throw fail(
                    new MillraceException(
                            ErrorCode.TOPIC_NOT_FOUND,
                            "topic '" + topic + "' does not exist any more at the brokers " + settings.servers(),
                            "create it again, then resume the job"));
        }
        // A broker that has just started may not know its topics yet: asked twice before it is believed.
        missing = state.isMissing();
    }

    private MillraceException fail(Exception e) {
        synchronized (this) {
            failure = e;
        }
        return translate(e);
    }

    private void checkNotFailed() {
        Exception e;
        synchronized (this) {
            e = failure;
        }
        if (e != null) {
            throw translate(e);
        }
        if (givenUp) {
            throw new MillraceException(
                    ErrorCode.SINK_FAILED, "rows for topic '" + topic + "' are given up: the job is ending", null);
        }
    }

    private MillraceException translate(Exception e) {
        return KafkaErrors.of(e, settings, "topic '" + topic + "'", ErrorCode.SINK_FAILED);
    }

    @Override
    public String problem() {
        Instant since = waitingSince;
        return since == null ? null
                : "the brokers " + settings.servers() + " take no rows for topic '" + topic + "' since " + since;
    }

    @Override
    public synchronized void giveUp() {
        givenUp = true;
        notifyAll();
    }

    @Override
    public boolean isBlocking() {
        return true;
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close();
            cluster.close();
            producer = null;
        }
    }
}
