// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Topics that are written to. */
final class TargetTopic {
    private static final int CREATION_MILLIS_MAX = 3_000;

    private TargetTopic() {}

    /**
     * Checks that a topic is there, or that the brokers make it when they are asked for it.
     *
     * @throws MillraceException if it is not, or the brokers do not answer
     */
    static void check(String topic, Cluster cluster, ClientSettings settings, String use) {
        try {
            cluster.describe(List.of(topic), use);
        } catch (MillraceException e) {
            if (e.code() != ErrorCode.TOPIC_NOT_FOUND || !isMadeOnDemand(topic, settings)) {
                throw e;
            }
        }
    }

    private static boolean isMadeOnDemand(String topic, ClientSettings settings) {
        Map<String, Object> quick = settings.forSink();
        quick.put("max.block.ms", CREATION_MILLIS_MAX);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(quick, new ByteArraySerializer(), new ByteArraySerializer())) {
            return !producer.partitionsFor(topic).isEmpty();
        } catch (KafkaException e) {
            return false;
        }
    }
}
