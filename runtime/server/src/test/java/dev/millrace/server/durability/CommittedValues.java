// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Follows the committed values of a topic, and writes them to a file, one a line. */
public final class CommittedValues implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int POLL_RECORDS_MAX = 50_000;

    private final KafkaConsumer<String, String> consumer;
    private final Path file;
    private final Writer writer;
    private final Consumer<String> seen;
    private long count;

    CommittedValues(String servers, String topic, Path file) throws IOException {
        this(servers, topic, file, _ -> {});
    }

    /** @param seen is given each value as it is read */
    public CommittedValues(String servers, String topic, Path file, Consumer<String> seen) throws IOException {
        this.file = file;
        this.seen = seen;
        consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", servers,
                        "isolation.level", "read_committed",
                        "max.poll.records", POLL_RECORDS_MAX,
                        "auto.offset.reset", "earliest"),
                new StringDeserializer(), new StringDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition())).toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        writer = Files.newBufferedWriter(file);
    }

    /** Where the values go. */
    public Path file() {
        return file;
    }

    /** Reads what comes in a moment; gives how many values there are so far. */
    public long poll() throws IOException {
        for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
            writer.write(record.value() + "\n");
            seen.accept(record.value());
            count++;
        }
        return count;
    }

    /** Reads everything that is committed now. */
    public void readToEnd() throws IOException {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            poll();
        }
        writer.flush();
    }

    @Override
    public void close() throws IOException {
        consumer.close();
        writer.close();
    }
}
