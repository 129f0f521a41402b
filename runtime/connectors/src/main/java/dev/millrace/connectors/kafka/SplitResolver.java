// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.connector.Split;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** Finds the partitions of a table's topics, and where to start and to end in them. */
final class SplitResolver {
    private final TableDefinition table;
    private final Cluster cluster;
    private final String use;

    SplitResolver(TableDefinition table, Cluster cluster) {
        this.table = table;
        this.cluster = cluster;
        use = "table \"" + table.name() + "\"";
    }

    /** Resolves the splits of a new job. */
    List<Split> resolve() {
        Map<TopicPartition, PartitionId> partitions = partitions();
        Map<TopicPartition, Long> earliest = cluster.offsets(partitions.keySet(), OffsetSpec.earliest(), use);
        Map<TopicPartition, Long> latest = cluster.offsets(partitions.keySet(), OffsetSpec.latest(), use);
        Map<TopicPartition, Long> starts = offsets(OffsetRule.start(table), earliest, latest);
        OffsetRule endRule = OffsetRule.end(table);
        Map<TopicPartition, Long> ends = endRule.isNever() ? Map.of() : offsets(endRule, earliest, latest);
        List<Split> splits = new ArrayList<>();
        partitions.forEach((partition, id) -> {
            // Records that were deleted since can't be read, so nothing starts or ends before the oldest.
            long start = Math.max(starts.get(partition), earliest.get(partition));
            long end = endRule.isNever() ? Split.UNBOUNDED : Math.max(ends.get(partition), start);
            splits.add(new Split(splits.size(), id.encode(), start, end));
        });
        return splits;
    }

    /** The known splits, and those for partitions that are new; these start with their oldest record. */
    List<Split> discover(List<Split> known) {
        Map<TopicPartition, PartitionId> partitions = partitions();
        Map<String, PartitionId> byTopic = new HashMap<>();
        for (Split split : known) {
            PartitionId id = PartitionId.decode(split.description());
            partitions.remove(id.topicPartition());
            byTopic.put(id.topic(), id);
        }
        // Of a topic that was made anew the readers tell.
        partitions.values().removeIf(id -> byTopic.containsKey(id.topic())
                && !byTopic.get(id.topic()).topicId().equals(id.topicId()));
        if (partitions.isEmpty()) {
            return known;
        }
        Map<TopicPartition, Long> earliest = cluster.offsets(partitions.keySet(), OffsetSpec.earliest(), use);
        List<Split> splits = new ArrayList<>(known);
        partitions.forEach((partition, id) -> splits
                .add(new Split(splits.size(), id.encode(), earliest.get(partition), Split.UNBOUNDED)));
        return splits;
    }

    /** By topic in the order of the option, then by number. */
    private Map<TopicPartition, PartitionId> partitions() {
        List<String> topics = KafkaOption.topics(table);
        Map<String, TopicDescription> found = cluster.describe(topics, use);
        Map<TopicPartition, PartitionId> partitions = new LinkedHashMap<>();
        for (String topic : topics) {
            TopicDescription description = found.get(topic);
            for (int i = 0; i < description.partitions().size(); i++) {
                PartitionId id = new PartitionId(topic, description.topicId(), i);
                partitions.put(id.topicPartition(), id);
            }
        }
        return partitions;
    }

    private Map<TopicPartition, Long> offsets(
            OffsetRule rule, Map<TopicPartition, Long> earliest, Map<TopicPartition, Long> latest) {
        return switch (rule.mode()) {
            case EARLIEST -> earliest;
            case LATEST -> latest;
            case TIMESTAMP -> {
                Map<TopicPartition, Long> found =
                        cluster.offsets(earliest.keySet(), OffsetSpec.forTimestamp(rule.millis()), use);
                found.replaceAll((partition, offset) -> offset < 0 ? latest.get(partition) : offset);
                yield found;
            }
            case GROUP -> groupOffsets(rule, earliest, latest);
            case SPECIFIC -> specificOffsets(rule, earliest, latest);
            case NEVER -> throw new IllegalStateException("no offsets are asked for");
        };
    }

    private Map<TopicPartition, Long> groupOffsets(
            OffsetRule rule, Map<TopicPartition, Long> earliest, Map<TopicPartition, Long> latest) {
        ClientSettings settings = ClientSettings.of(table);
        String group = settings.get("group.id");
        Map<TopicPartition, Long> found = cluster.groupOffsets(group, earliest.keySet(), use);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        String reset = rule.option().equals(KafkaOption.BOUNDED) ? "none" : settings.get("auto.offset.reset");
        for (TopicPartition partition : earliest.keySet()) {
            Long offset = found.get(partition);
            if (offset == null) {
                offset = switch (reset == null ? "earliest" : reset) {
                    case "earliest" -> earliest.get(partition);
                    case "latest" -> latest.get(partition);
                    default -> throw new MillraceException(
                            ErrorCode.OPTION_INVALID,
                            "group '" + group + "' of " + use + " has no offset for " + partition,
                            "choose another '" + rule.option() + "'");
                };
            }
            offsets.put(partition, offset);
        }
        return offsets;
    }

    private Map<TopicPartition, Long> specificOffsets(
            OffsetRule rule, Map<TopicPartition, Long> earliest, Map<TopicPartition, Long> latest) {
        boolean ends = rule.option().equals(KafkaOption.BOUNDED);
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : earliest.keySet()) {
            Long offset = rule.offsets().get(partition.partition());
            if (offset == null && ends) {
                throw wrong(rule, "names no offset for partition " + partition.partition());
            }
            if (offset != null && !ends && offset > latest.get(partition)) {
                throw wrong(
                        rule,
                        "names offset " + offset + " for partition " + partition.partition() + ", which ends at "
                                + latest.get(partition));
            }
            offsets.put(partition, offset == null ? earliest.get(partition) : offset);
        }
        Set<Integer> there = earliest.keySet().stream().map(TopicPartition::partition).collect(Collectors.toSet());
        for (Integer named : rule.offsets().keySet()) {
            if (!there.contains(named)) {
                throw wrong(rule, "names partition " + named + ", but the topic has " + there.size());
            }
        }
        return offsets;
    }

    private MillraceException wrong(OffsetRule rule, String what) {
        String option = rule.option().replace("mode", "specific-offsets");
        return new MillraceException(
                ErrorCode.OPTION_INVALID, "option '" + option + "' of " + use + " " + what, "correct the option");
    }
}
