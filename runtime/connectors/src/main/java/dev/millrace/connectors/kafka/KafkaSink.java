// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.time.Clock;
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

    private final RowRecords records;
    private final TargetWait wait;
    private final ClientSettings settings;
    private final Shared<RowProducer> producers;
    private final Shared<Cluster> clusters;
    private final Callback done = (_, e) -> sent(e);
    private Shared<RowProducer>.Lease producer;
    private Shared<Cluster>.Lease cluster;

    private volatile Thread sender;

    // Under the lock of this object: the producer's thread writes them.
    private long pending;
    private Exception failure;

    /** Why the record just sent was not taken; of the thread that sends. */
    private Exception refused;

    KafkaSink(
            RowRecords records,
            ClientSettings settings,
            Shared<RowProducer> producers,
            Shared<Cluster> clusters,
            Clock clock) {
        this.records = records;
        this.settings = settings;
        this.producers = producers;
        this.clusters = clusters;
        wait = new TargetWait(records.topic(), settings, clock);
    }

    @Override
    public void write(Batch batch) {
        open();
        records.bind(batch);
        for (int i = 0; i < batch.size(); i++) {
            send(records.record(batch.row(i)));
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
            wait.isOver();
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
                if (pending > 0 && failure == null && !wait.isGivenUp()) {
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

    private void waitOn() {
        checkNotFailed();
        try {
            wait.look(cluster.client());
        } catch (MillraceException e) {
            throw fail(e);
        }
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
        wait.checkWanted();
    }

    private MillraceException translate(Exception e) {
        return KafkaErrors.of(e, settings, "topic '" + records.topic() + "'", ErrorCode.SINK_FAILED);
    }

    @Override
    public String problem() {
        return wait.problem();
    }

    @Override
    public synchronized void giveUp() {
        wait.giveUp();
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
