// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Appends the epochs of one partition to a topic, each in one transaction with its {@link EpochMarker}. Consumers that
 * read committed records only see each row once. Brokers that are away hold it up, as they do {@link KafkaSink}.
 *
 * <p>The transactional id and the group of the marker are {@code millrace-(owner)}. To open is to fence: the brokers then
 * refuse the producer that was there before, and undo what it has not committed.
 */
final class KafkaEpochSink implements EpochSink {
    private static final String PREFIX = "millrace-";
    private static final Duration CLOSE = Duration.ofSeconds(1);

    /** Brokers answer a commit some milliseconds before they tell the position that it brought. */
    private static final int EARLY_LOOK_MILLIS_MAX = 1_000;

    private final RowRecords records;
    private final ClientSettings settings;
    private final Shared<Cluster> clusters;
    private final EpochOwner owner;
    private final String name;
    /** Where the marker stands. Its number matters to nobody. */
    private final TopicPartition place;
    private final TargetWait wait;
    private final Callback done = (_, e) -> sent(e);
    private Shared<Cluster>.Lease cluster;
    private KafkaProducer<byte[], byte[]> producer;
    private ConsumerGroupMetadata group;
    private boolean isReady;

    /** Why a record of the transaction was not taken. */
    private volatile Exception refused;

    KafkaEpochSink(
            RowRecords records, ClientSettings settings, Shared<Cluster> clusters, Clock clock, EpochOwner owner) {
        this.records = records;
        this.settings = settings;
        this.clusters = clusters;
        this.owner = owner;
        name = PREFIX + owner.name();
        place = new TopicPartition(records.topic(), 0);
        wait = new TargetWait(records.topic(), settings, clock);
    }

    @Override
    public long open() {
        if (cluster != null) {
            throw new IllegalStateException("opened twice");
        }
        cluster = clusters.acquire(settings);
        try {
            group = newGroup();
            checkNotLate();
            producer = new KafkaProducer<>(
                    settings.forEpochs(name), new ByteArraySerializer(), new ByteArraySerializer());
            await(() -> {
                producer.initTransactions();
                return null;
            });
            EpochMarker marker = await(() -> marker(settings.answerMillisMax()));
            checkOwned(marker);
            // Says who owns the target, before there are rows.
            commit(marker.epoch(), List.of());
            isReady = true;
            return marker.epoch();
        } catch (KafkaException e) {
            throw translate(e);
        }
    }

    /** A consumer that was never in a group knows the group's name, which is all that the brokers ask for. */
    private ConsumerGroupMetadata newGroup() {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                settings.forGroup(name), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(place));
            return consumer.groupMetadata();
        }
    }

    /** A start that comes late must not fence a later one. */
    private void checkNotLate() {
        EpochMarker marker;
        try {
            marker = marker(EARLY_LOOK_MILLIS_MAX);
        } catch (MillraceException e) {
            if (KafkaErrors.isUnreachable(e)) {
                // A transaction was left open, which only a new producer ends; or the brokers are away.
                return;
            }
            throw e;
        }
        checkOwned(marker);
    }

    private EpochMarker marker(int millisMax) {
        OffsetAndMetadata found = cluster.client().groupPositions(name, List.of(place), millisMax, use()).get(place);
        if (found == null) {
            return EpochMarker.NOTHING;
        }
        EpochMarker marker = EpochMarker.of(found);
        if (marker == null) {
            throw new MillraceException(
                    ErrorCode.SINK_FAILED,
                    "group '" + name + "' at the brokers " + settings.servers() + " does not hold an epoch: '"
                            + found.metadata() + "'",
                    "somebody has set its offsets: nobody can tell any more which rows are in topic '"
                            + records.topic() + "'");
        }
        return marker;
    }

    private void checkOwned(EpochMarker marker) {
        if (marker.incarnation() > owner.incarnation()) {
            throw new MillraceException(
                    ErrorCode.STATE_FENCED,
                    "start " + marker.incarnation() + " of partition " + owner.name() + " has taken over topic '"
                            + records.topic() + "' from start " + owner.incarnation(),
                    null);
        }
    }

    @Override
    public void release(long epoch, List<Batch> rows) {
        if (!isReady) {
            throw new IllegalStateException("not open, or it has failed");
        }
        // Whatever is thrown: only a new sink can tell what became of the rows.
        isReady = false;
        try {
            commit(epoch, rows);
        } catch (KafkaException e) {
            throw translate(e);
        }
        isReady = true;
    }

    private void commit(long epoch, List<Batch> rows) {
        producer.beginTransaction();
        while (!append(rows)) {
            await(() -> {
                producer.abortTransaction();
                return null;
            });
            wait.look(cluster.client());
            producer.beginTransaction();
        }
        OffsetAndMetadata position = new EpochMarker(epoch, owner.incarnation()).position();
        await(() -> {
            producer.sendOffsetsToTransaction(Map.of(place, position), group);
            return null;
        });
        await(() -> {
            producer.commitTransaction();
            return null;
        });
    }

    /** @return false if there was no room for a record, or nothing is known of the topic: all again, later */
    private boolean append(List<Batch> rows) {
        refused = null;
        for (Batch batch : rows) {
            records.bind(batch);
            for (int i = 0; i < batch.size(); i++) {
                producer.send(records.record(batch.row(i)), done);
                Exception e = refused;
                if (e instanceof TimeoutException) {
                    return false;
                }
                if (e != null) {
                    throw translate(e);
                }
            }
        }
        return true;
    }

    private void sent(Exception e) {
        // The others of the transaction fail because of the first.
        if (e != null && refused == null) {
            refused = e;
        }
    }

    /** Asks for as long as nobody answers. A client goes on with what it has begun when it is asked for it again. */
    private <T> T await(Supplier<T> request) {
        while (true) {
            wait.checkWanted();
            try {
                T answer = request.get();
                wait.isOver();
                return answer;
            } catch (TimeoutException e) {
                wait.look(cluster.client());
            } catch (MillraceException e) {
                if (!KafkaErrors.isUnreachable(e)) {
                    throw e;
                }
                wait.look(cluster.client());
            }
        }
    }

    private MillraceException translate(Exception e) {
        Exception cause = refused == null ? e : refused;
        if (isFenced(e) || isFenced(cause)) {
            // Nobody can tell one from the other; a start that is the last one is started again either way.
            return new MillraceException(
                    ErrorCode.STATE_FENCED,
                    "another start of partition " + owner.name() + " has taken over topic '" + records.topic()
                            + "' from start " + owner.incarnation()
                            + ", or the brokers have ended a transaction that was open for too long",
                    null, null, e);
        }
        return KafkaErrors.of(cause, settings, use(), ErrorCode.SINK_FAILED);
    }

    /** Whether the brokers know the producer, or its transaction, no more. */
    private static boolean isFenced(Throwable failure) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof ApplicationRecoverableException || e instanceof InvalidTxnStateException) {
                return true;
            }
        }
        return false;
    }

    private String use() {
        return "topic '" + records.topic() + "'";
    }

    @Override
    public String problem() {
        return wait.problem();
    }

    @Override
    public void giveUp() {
        wait.giveUp();
    }

    /** Undoes what is not committed, if the brokers answer quickly. */
    @Override
    public void close() {
        isReady = false;
        if (producer != null) {
            producer.close(CLOSE);
            producer = null;
        }
        if (cluster != null) {
            cluster.close();
            cluster = null;
        }
    }

    /** Forgets the group of the marker. If the brokers don't, they do it by themselves after a week or so. */
    @Override
    public void retire() {
        try (Shared<Cluster>.Lease lease = clusters.acquire(settings)) {
            lease.client().forgetGroup(name, use());
        } catch (MillraceException e) {
            // All rows are where they belong: a job must not fail for what harms nobody.
        }
    }
}
