// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.error.MillraceException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DeleteConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SupportedVersionRange;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Questions to a cluster. Every question waits for its answer, for {@link ClientSettings#answerMillisMax} at most, and
 * throws a {@link MillraceException} with the reason if there is none. Shared by all readers and sinks of a process.
 */
final class Cluster implements AutoCloseable {
    /** The longest wait when looking whether all is well. */
    private static final int CHECK_MILLIS_MAX = 3_000;

    private final ClientSettings settings;
    private final Admin admin;
    private final Map<String, TopicState> states = new HashMap<>();

    private Cluster(ClientSettings settings, Admin admin) {
        this.settings = settings;
        this.admin = admin;
    }

    /** Makes a client; connects when it is asked something. */
    static Cluster of(ClientSettings settings) {
        try {
            return new Cluster(settings, Admin.create(settings.forAdmin()));
        } catch (KafkaException e) {
            throw KafkaErrors.of(e, settings, "a table");
        }
    }

    /**
     * What a look at a topic found.
     *
     * @param description null if it is not there or nobody answered
     * @param failure why nobody answered, or null
     * @param atNanos when
     */
    record TopicState(TopicDescription description, MillraceException failure, long atNanos) {
        boolean isMissing() {
            return description == null && failure == null;
        }
    }

    /** Looks at a topic, unless somebody has just done so. Never throws but when interrupted. */
    TopicState look(String topic, Duration ageMax) {
        synchronized (states) {
            TopicState last = states.get(topic);
            if (last != null && System.nanoTime() - last.atNanos() < ageMax.toNanos()) {
                return last;
            }
            TopicState state = look(topic);
            states.put(topic, state);
            return state;
        }
    }

    private TopicState look(String topic) {
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs(CHECK_MILLIS_MAX);
        try {
            TopicDescription found = get(
                    admin.describeTopics(List.of(topic), options).topicNameValues().get(topic), CHECK_MILLIS_MAX);
            return new TopicState(found, null, System.nanoTime());
        } catch (ExecutionException | TimeoutException e) {
            MillraceException failure = KafkaErrors.isMissingTopic(e) ? null
                    : KafkaErrors.of(e, settings, "topic '" + topic + "'");
            return new TopicState(null, failure, System.nanoTime());
        }
    }

    /**
     * Describes topics.
     *
     * @throws MillraceException also if one of them does not exist, with the nearest name
     */
    Map<String, TopicDescription> describe(List<String> topics, String use) {
        DescribeTopicsOptions options = new DescribeTopicsOptions().timeoutMs(settings.answerMillisMax());
        Map<String, KafkaFuture<TopicDescription>> answers = admin.describeTopics(topics, options).topicNameValues();
        Map<String, TopicDescription> found = new HashMap<>();
        for (String topic : topics) {
            try {
                found.put(topic, get(answers.get(topic), settings.answerMillisMax()));
            } catch (ExecutionException | TimeoutException e) {
                throw KafkaErrors.isMissingTopic(e)
                        ? KafkaErrors.topicNotFound(topic, settings, use, topicNames(use))
                        : KafkaErrors.of(e, settings, use);
            }
        }
        return found;
    }

    Set<String> topicNames(String use) {
        return await(admin.listTopics(new ListTopicsOptions().timeoutMs(settings.answerMillisMax())).names(), use);
    }

    /** Offsets of partitions; -1 where a timestamp is behind all records. */
    Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec which, String use) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, which));
        IsolationLevel level = settings.readsCommittedOnly() ? IsolationLevel.READ_COMMITTED
                : IsolationLevel.READ_UNCOMMITTED;
        ListOffsetsOptions options = new ListOffsetsOptions(level).timeoutMs(settings.answerMillisMax());
        Map<TopicPartition, Long> offsets = new HashMap<>();
        await(admin.listOffsets(asked, options).all(), use)
                .forEach((partition, result) -> offsets.put(partition, result.offset()));
        return offsets;
    }

    /** The offsets that a group has stored, where it has. */
    Map<TopicPartition, Long> groupOffsets(String group, Collection<TopicPartition> partitions, String use) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        groupPositions(group, partitions, settings.answerMillisMax(), use)
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /** What a group has stored, where it has; waits so long at most for transactions that may still change it. */
    Map<TopicPartition, OffsetAndMetadata> groupPositions(
            String group, Collection<TopicPartition> partitions, int millisMax, String use) {
        ListConsumerGroupOffsetsSpec asked =
                new ListConsumerGroupOffsetsSpec().topicPartitions(new ArrayList<>(partitions));
        ListConsumerGroupOffsetsOptions options = new ListConsumerGroupOffsetsOptions().requireStable(true);
        options.timeoutMs(millisMax);
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>(
                await(
                        admin.listConsumerGroupOffsets(Map.of(group, asked), options)
                                .partitionsToOffsetAndMetadata(group),
                        millisMax,
                        use));
        found.values().removeIf(Objects::isNull);
        return found;
    }

    /** Forgets a group without members, and what it has stored; one that is not there is all right. */
    void forgetGroup(String group, String use) {
        DeleteConsumerGroupsOptions options =
                new DeleteConsumerGroupsOptions().timeoutMs(settings.answerMillisMax());
        try {
            get(admin.deleteConsumerGroups(List.of(group), options).all(), settings.answerMillisMax());
        } catch (ExecutionException | TimeoutException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw KafkaErrors.of(e, settings, use);
            }
        }
    }

    /** Which transactions the brokers make. */
    TransactionVersion transactionVersion(String use) {
        FeatureMetadata features = await(
                admin.describeFeatures(new DescribeFeaturesOptions().timeoutMs(settings.answerMillisMax()))
                        .featureMetadata(),
                use);
        FinalizedVersionRange switchedOn = features.finalizedFeatures().get(TransactionVersion.FEATURE);
        SupportedVersionRange known = features.supportedFeatures().get(TransactionVersion.FEATURE);
        return new TransactionVersion(
                switchedOn == null ? 0 : switchedOn.maxVersionLevel(), known == null ? 0 : known.maxVersion());
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private <T> T await(KafkaFuture<T> answer, String use) {
        return await(answer, settings.answerMillisMax(), use);
    }

    private <T> T await(KafkaFuture<T> answer, int millisMax, String use) {
        try {
            return get(answer, millisMax);
        } catch (ExecutionException | TimeoutException e) {
            throw KafkaErrors.of(e, settings, use);
        }
    }

    private static <T> T get(KafkaFuture<T> answer, int millisMax) throws ExecutionException, TimeoutException {
        try {
            // A little more than the client's own limit, whose error says more.
            return answer.get(millisMax + 1_000L, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
