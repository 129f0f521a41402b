// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.error.MillraceException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/**
 * Polls one partition on a thread of its own and hands the records over, a few polls ahead of who takes them.
 *
 * <p>A consumer says nothing when its broker is away or its topic is deleted: it tries again for ever. So whenever
 * nothing comes for a while, and from time to time otherwise, the poller looks at the topic by another way.
 */
final class PartitionPoller implements AutoCloseable {
    private static final int POLLS_AHEAD_MAX = 2;
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration QUIET_LOOK = Duration.ofSeconds(2);
    private static final Duration BUSY_LOOK = Duration.ofSeconds(10);
    private static final Duration LOOK_AGE_MAX = Duration.ofMillis(900);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofMillis(500);

    /**
     * What one poll brought.
     *
     * @param next the offset behind it; may be further on than the last record, which transaction markers and compacted
     *     records follow
     */
    record Polled(List<ConsumerRecord<ByteBuffer, ByteBuffer>> records, long next) {}

    private final PartitionId id;
    private final TopicPartition partition;
    private final long end;
    private final ClientSettings settings;
    private final Shared<Cluster> clusters;
    private final Clock clock;
    private final BlockingQueue<Polled> queue = new ArrayBlockingQueue<>(POLLS_AHEAD_MAX);
    private final Thread thread;
    private volatile RuntimeException failure;
    private volatile String problem;
    private volatile boolean caughtUp;
    private volatile boolean closed;
    private long position;
    private long lookAt;
    private boolean missing;
    private Instant problemSince;

    /**
     * @param start the offset to start at
     * @param end the offset to end before
     */
    PartitionPoller(
            PartitionId id, long start, long end, ClientSettings settings, Shared<Cluster> clusters, Clock clock) {
        this.id = id;
        partition = id.topicPartition();
        position = start;
        this.end = end;
        this.settings = settings;
        this.clusters = clusters;
        this.clock = clock;
        thread = Thread.ofPlatform().daemon().name("kafka-" + id.topic() + "-" + id.partition()).start(this::run);
    }

    /**
     * What comes next, or null if nothing is at hand.
     *
     * @throws RuntimeException why nothing will come any more
     */
    Polled take() {
        Polled polled = queue.poll();
        if (polled == null) {
            RuntimeException seen = failure;
            // What was handed over before the failure comes first.
            polled = seen == null ? null : queue.poll();
            if (polled == null && seen != null) {
                throw seen;
            }
        }
        return polled;
    }

    /** What keeps records from coming, or null. */
    String problem() {
        return problem;
    }

    /** Whether the last poll found nothing because there is nothing, and the broker is there to know. */
    boolean isCaughtUp() {
        return caughtUp && problem == null;
    }

    /** Ends the thread soon; does not wait for it. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }

    private void run() {
        try (Shared<Cluster>.Lease lease = clusters.acquire(settings)) {
            // A topic that was made anew must not be read as if it were the old one.
            while (!look(lease.client())) {
                Thread.sleep(LOOK_AGAIN);
            }
            poll(lease.client());
        } catch (InterruptedException | InterruptException e) {
            if (!closed) {
                failure = new IllegalStateException("interrupted by somebody else", e);
            }
        } catch (RuntimeException e) {
            failure = e instanceof OffsetOutOfRangeException ? outOfRange() : translate(e);
        } finally {
            problem = null;
        }
    }

    private void poll(Cluster cluster) throws InterruptedException {
        KafkaConsumer<ByteBuffer, ByteBuffer> consumer = new KafkaConsumer<>(
                settings.forConsumer(id.topic() + "-" + id.partition()),
                new ByteBufferDeserializer(),
                new ByteBufferDeserializer());
        try {
            consumer.assign(List.of(partition));
            consumer.seek(partition, position);
            lookAgainIn(QUIET_LOOK);
            while (position < end && !closed) {
                if (pollOnce(consumer)) {
                    problem = null;
                    missing = false;
                    if (System.nanoTime() - lookAt > BUSY_LOOK.toNanos()) {
                        look(cluster);
                    }
                } else if (System.nanoTime() - lookAt > 0) {
                    look(cluster);
                }
            }
        } finally {
            // A pending interrupt would keep the consumer from closing its connections.
            Thread.interrupted();
            consumer.close(CloseOptions.timeout(CLOSE));
        }
    }

    /** Polls and hands over. Returns whether the position has moved. */
    private boolean pollOnce(KafkaConsumer<ByteBuffer, ByteBuffer> consumer) throws InterruptedException {
        ConsumerRecords<ByteBuffer, ByteBuffer> records;
        try {
            records = consumer.poll(POLL);
        } catch (RetriableException e) {
            Thread.sleep(POLL);
            return false;
        }
        long next = next(consumer, records);
        if (next == position) {
            caughtUp = consumer.currentLag(partition).orElse(-1) == 0;
            return false;
        }
        caughtUp = false;
        position = next;
        Polled polled = new Polled(records.records(partition), next);
        boolean paused = false;
        while (!queue.offer(polled, POLL.toMillis(), TimeUnit.MILLISECONDS)) {
            // Polls that bring nothing keep the connection in order.
            if (!paused) {
                consumer.pause(List.of(partition));
                paused = true;
            }
            consumer.poll(Duration.ZERO);
        }
        if (paused) {
            consumer.resume(List.of(partition));
        }
        return true;
    }

    private long next(
            KafkaConsumer<ByteBuffer, ByteBuffer> consumer, ConsumerRecords<ByteBuffer, ByteBuffer> records) {
        OffsetAndMetadata next = records.nextOffsets().get(partition);
        if (next != null) {
            return next.offset();
        }
        try {
            // Nothing for us may still be a step: over a transaction marker, or an aborted transaction.
            return consumer.position(partition, Duration.ZERO);
        } catch (TimeoutException e) {
            return position;
        }
    }

    /** Looks whether the topic is there, and is the same. Returns whether it is. */
    private boolean look(Cluster cluster) {
        Cluster.TopicState state = cluster.look(id.topic(), LOOK_AGE_MAX);
        lookAgainIn(QUIET_LOOK);
        if (state.isMissing()) {
            // A broker that has just started may not know its topics yet: asked once more before it is believed.
            if (missing) {
                throw id.gone("topic '" + id.topic() + "' was deleted");
            }
            missing = true;
            lookAgainIn(LOOK_AGAIN);
            return false;
        }
        missing = false;
        if (state.failure() != null) {
            if (!KafkaErrors.isUnreachable(state.failure())) {
                throw state.failure();
            }
            tell("the brokers " + settings.servers() + " do not answer since ");
            return false;
        }
        TopicDescription found = state.description();
        if (!found.topicId().equals(id.topicId())) {
            throw id.gone("topic '" + id.topic() + "' was deleted and created again: its rows are other rows now");
        }
        if (found.partitions().size() <= id.partition() || found.partitions().get(id.partition()).leader() == null) {
            tell(id + " has no leader since ");
            return false;
        }
        problem = null;
        problemSince = null;
        return true;
    }

    private void lookAgainIn(Duration time) {
        lookAt = System.nanoTime() + time.toNanos();
    }

    private void tell(String what) {
        if (problem == null) {
            problemSince = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        }
        problem = what + problemSince;
    }

    private MillraceException outOfRange() {
        String kept = "";
        try (Shared<Cluster>.Lease lease = clusters.acquire(settings)) {
            List<TopicPartition> one = List.of(partition);
            Map<TopicPartition, Long> first = lease.client()
                    .offsets(one, OffsetSpec.earliest(), id.toString());
            Map<TopicPartition, Long> last = lease.client()
                    .offsets(one, OffsetSpec.latest(), id.toString());
            kept = ": it holds " + first.get(partition) + " to " + last.get(partition);
        } catch (MillraceException e) {
            // The error says enough without it.
        }
        return id.gone("offset " + position + " of " + id + " is not there any more" + kept);
    }

    private RuntimeException translate(RuntimeException e) {
        return e instanceof KafkaException ? KafkaErrors.of(e, settings, id.toString()) : e;
    }
}
