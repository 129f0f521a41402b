// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Makes, fills and reads topics for tests. Every call connects, waits for its end, and fails loudly. */
public final class KafkaTopics {
    private static final int SECONDS_MAX = 30;
    private static final Duration POLL = Duration.ofMillis(200);

    private final String bootstrapServers;

    /** @param bootstrapServers a listener that wants no password */
    public KafkaTopics(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    public void create(String topic, int partitions) {
        create(topic, partitions, Map.of());
    }

    /** @param settings settings of the topic, such as {@code cleanup.policy} */
    public void create(String topic, int partitions, Map<String, String> settings) {
        try (Admin admin = admin()) {
            await(admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(settings))).all());
            for (int i = 0; i < partitions; i++) {
                awaitPartition(admin, topic, i);
            }
        }
    }

    public void delete(String topic) {
        try (Admin admin = admin()) {
            await(admin.deleteTopics(List.of(topic)).all());
        }
    }

    /** Raises the number of partitions to this one. */
    public void addPartitions(String topic, int total) {
        try (Admin admin = admin()) {
            await(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total))).all());
            awaitPartition(admin, topic, total - 1);
        }
    }

    /** Deletes the records of a partition before an offset, as retention would. */
    public void deleteRecords(String topic, int partition, long before) {
        try (Admin admin = admin()) {
            await(admin.deleteRecords(Map.of(
                    new TopicPartition(topic, partition),
                    RecordsToDelete.beforeOffset(before))).all());
        }
    }

    /** Stores offsets of a group that has no members. */
    public void commit(String group, String topic, Map<Integer, Long> offsets) {
        Map<TopicPartition, OffsetAndMetadata> commits = new HashMap<>();
        offsets.forEach(
                (partition, offset) -> commits
                        .put(new TopicPartition(topic, partition), new OffsetAndMetadata(offset)));
        try (Admin admin = admin()) {
            await(admin.alterConsumerGroupOffsets(group, commits).all());
        }
    }

    /** Appends values without keys to one partition. */
    public void append(String topic, int partition, String... values) {
        List<ProducerRecord<String, String>> records = new ArrayList<>();
        for (String value : values) {
            records.add(new ProducerRecord<>(topic, partition, null, value));
        }
        append(records);
    }

    /** Appends records, in order; those without a partition go where Kafka's default partitioner sends them. */
    public void append(List<ProducerRecord<String, String>> records) {
        try (KafkaProducer<String, String> producer = producer(Map.of("linger.ms", "5"))) {
            List<Future<?>> sent = new ArrayList<>();
            records.forEach(record -> sent.add(producer.send(record)));
            producer.flush();
            for (Future<?> one : sent) {
                one.get(SECONDS_MAX, TimeUnit.SECONDS);
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Appends values to one partition in a transaction, which ends in a marker there. */
    public void appendInTransaction(String topic, int partition, boolean commit, String... values) {
        try (KafkaProducer<String, String> producer = producer(
                Map.of("transactional.id", "test-" + UUID.randomUUID()))) {
            producer.initTransactions();
            producer.beginTransaction();
            for (String value : values) {
                producer.send(new ProducerRecord<>(topic, partition, null, value));
            }
            producer.flush();
            if (commit) {
                producer.commitTransaction();
            } else {
                producer.abortTransaction();
            }
        }
    }

    /** All committed records that the topic has now, partition after partition, each in order. */
    public List<ConsumerRecord<String, String>> readCommitted(String topic) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrapServers,
                "isolation.level", "read_committed",
                "allow.auto.create.topics", "false",
                "auto.offset.reset", "earliest");
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic)
                    .stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .sorted(Comparator.comparingInt(TopicPartition::partition))
                    .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (TopicPartition partition : partitions) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                while (consumer.position(partition) < ends.get(partition)) {
                    consumer.poll(POLL).forEach(records::add);
                }
            }
        }
        return records;
    }

    /** The committed values of a topic, as {@link #readCommitted} orders them. */
    public List<String> values(String topic) {
        return readCommitted(topic).stream().map(ConsumerRecord::value).toList();
    }

    /** Waits until the broker knows the leader of a partition: it answers to who makes one before it does. */
    private static void awaitPartition(Admin admin, String topic, int partition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (System.nanoTime() < end) {
            try {
                TopicDescription found = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
                if (found.partitions().size() > partition && found.partitions().get(partition).leader() != null) {
                    return;
                }
            } catch (ExecutionException e) {
                // Not there yet.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("partition " + partition + " of " + topic + " has no leader");
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    private KafkaProducer<String, String> producer(Map<String, String> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrapServers);
        return new KafkaProducer<>(all, new StringSerializer(), new StringSerializer());
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get(SECONDS_MAX, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
