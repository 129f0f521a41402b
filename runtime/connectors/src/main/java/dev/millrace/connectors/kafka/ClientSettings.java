// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.plan.TableDefinition;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * What a table says of its cluster, and what the clients make of it. Equal settings mean the same cluster, reached in the
 * same way. They hold secrets, so they show nothing but the servers.
 */
final class ClientSettings {
    private static final int FETCH_BYTES_MAX = 4 << 20;
    private static final int POLL_RECORDS_MAX = 4_000;
    private static final int BATCH_BYTES = 128 << 10;
    private static final int LINGER_MILLIS = 5;
    private static final long PENDING_BYTES_MAX = 64L << 20;
    /** How long a send waits within the client, whose wait can't be ended from outside. */
    private static final int SEND_WAIT_MILLIS = 1_000;

    private static final int EPOCH_BATCH_BYTES = 32 << 10;
    private static final long EPOCH_PENDING_BYTES_MAX = 2L << 20;
    /** As above; longer, because a send that is not taken takes the transaction with it. */
    private static final int EPOCH_WAIT_MILLIS = 3_000;

    private static final int ANSWER_MILLIS_MAX = 8_000;

    private final Map<String, String> given;

    private ClientSettings(Map<String, String> given) {
        this.given = Map.copyOf(given);
    }

    /** Takes the options {@code properties.*}, as they are given to the client. */
    static ClientSettings of(TableDefinition table) {
        new TableOptions(table).required(KafkaOption.SERVERS, "localhost:9092");
        Map<String, String> given = new HashMap<>();
        table.options().forEach((name, value) -> {
            if (name.startsWith(KafkaOption.PROPERTIES)) {
                given.put(name.substring(KafkaOption.PROPERTIES.length()), value);
            }
        });
        return new ClientSettings(given);
    }

    String servers() {
        return given.get("bootstrap.servers");
    }

    /**
     * The longest wait for an answer that a user waits for: {@code default.api.timeout.ms}, but no longer than a person
     * waits.
     */
    int answerMillisMax() {
        try {
            String value = given.getOrDefault("default.api.timeout.ms", "" + ANSWER_MILLIS_MAX);
            return Math.clamp(Integer.parseInt(value.strip()), 1, ANSWER_MILLIS_MAX);
        } catch (NumberFormatException e) {
            // The client will say so.
            return ANSWER_MILLIS_MAX;
        }
    }

    /** A setting of the client, or null. */
    String get(String name) {
        return given.get(name);
    }

    boolean readsCommittedOnly() {
        return given.getOrDefault("isolation.level", "read_committed").equalsIgnoreCase("read_committed");
    }

    Map<String, Object> forAdmin() {
        return common(AdminClientConfig.configNames());
    }

    /** @param suffix tells the clients of one table apart where the table names its client */
    Map<String, Object> forConsumer(String suffix) {
        Map<String, Object> settings = defaults();
        settings.put("isolation.level", "read_committed");
        settings.put("max.poll.records", POLL_RECORDS_MAX);
        settings.put("max.partition.fetch.bytes", FETCH_BYTES_MAX);
        settings.put("receive.buffer.bytes", -1);
        settings.putAll(common(ConsumerConfig.configNames()));
        settings.computeIfPresent("client.id", (_, id) -> id + "-" + suffix);
        // The job keeps the positions: a group would move them, and a reset would jump over rows unseen.
        settings.remove("group.id");
        settings.remove("group.instance.id");
        settings.put("group.protocol", "classic");
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "none");
        settings.put("allow.auto.create.topics", "false");
        return settings;
    }

    /** A producer that keeps the order of rows, and keeps trying for as long as it takes. */
    Map<String, Object> forSink() {
        Map<String, Object> settings = defaults();
        settings.put("batch.size", BATCH_BYTES);
        settings.put("linger.ms", LINGER_MILLIS);
        settings.put("buffer.memory", PENDING_BYTES_MAX);
        settings.put("send.buffer.bytes", -1);
        settings.putAll(common(ProducerConfig.configNames()));
        settings.put("acks", "all");
        settings.put("enable.idempotence", "true");
        settings.put("delivery.timeout.ms", Integer.MAX_VALUE);
        settings.put("retries", Integer.MAX_VALUE);
        settings.put("max.block.ms", SEND_WAIT_MILLIS);
        settings.remove("transactional.id");
        return settings;
    }

    /**
     * A producer of one partition's epochs: a sink's, with transactions, and with little memory unless the table says how
     * much, since there are many.
     */
    Map<String, Object> forEpochs(String transactionalId) {
        Map<String, Object> settings = forSink();
        settings.put("transactional.id", transactionalId);
        if (!given.containsKey("batch.size")) {
            settings.put("batch.size", EPOCH_BATCH_BYTES);
        }
        if (!given.containsKey("buffer.memory") && !given.containsKey("max.request.size")) {
            settings.put("buffer.memory", EPOCH_PENDING_BYTES_MAX);
        }
        settings.put("max.block.ms", EPOCH_WAIT_MILLIS);
        settings.computeIfPresent("client.id", (_, id) -> id + "-" + transactionalId);
        return settings;
    }

    /** A consumer that reads nothing and only names its group. */
    Map<String, Object> forGroup(String group) {
        Map<String, Object> settings = forConsumer(group);
        settings.put("group.id", group);
        return settings;
    }

    /** A producer that gives up after Kafka's own limits, which are some minutes. */
    Map<String, Object> forDeadLetters() {
        Map<String, Object> settings = defaults();
        settings.putAll(common(ProducerConfig.configNames()));
        settings.put("acks", "all");
        settings.remove("transactional.id");
        return settings;
    }

    private static Map<String, Object> defaults() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("enable.metrics.push", "false");
        settings.put("metric.reporters", "");
        return settings;
    }

    /** What was given, without what means something to other clients only. */
    private Map<String, Object> common(Set<String> known) {
        Set<String> others = new HashSet<>(ConsumerConfig.configNames());
        others.addAll(ProducerConfig.configNames());
        others.addAll(AdminClientConfig.configNames());
        others.removeAll(known);
        Map<String, Object> settings = defaults();
        settings.putAll(given);
        settings.keySet().removeAll(others);
        // Bytes are what formats take.
        settings.keySet().removeIf(name -> name.endsWith(".serializer") || name.endsWith(".deserializer"));
        return settings;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClientSettings settings && settings.given.equals(given);
    }

    @Override
    public int hashCode() {
        return given.hashCode();
    }

    @Override
    public String toString() {
        return servers();
    }
}
