// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.deadletter.OnError;
import dev.millrace.connectors.format.Formats;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names of the connectors' options. Tables that are read and written share one set of them. */
final class KafkaOption {
    static final String TOPIC = "topic";
    static final String PROPERTIES = "properties.";
    static final String SERVERS = PROPERTIES + "bootstrap.servers";
    static final String GROUP = PROPERTIES + "group.id";
    static final String STARTUP = "scan.startup.mode";
    static final String STARTUP_TIMESTAMP = "scan.startup.timestamp-millis";
    static final String STARTUP_OFFSETS = "scan.startup.specific-offsets";
    static final String BOUNDED = "scan.bounded.mode";
    static final String BOUNDED_TIMESTAMP = "scan.bounded.timestamp-millis";
    static final String BOUNDED_OFFSETS = "scan.bounded.specific-offsets";
    static final String DISCOVERY = "scan.topic-partition-discovery.interval";
    static final String KEY_FORMAT = "key.format";
    static final String KEY_FIELDS = "key.fields";
    static final String KEY_PREFIX = "key.fields-prefix";
    static final String VALUE_FORMAT = "value.format";
    static final String VALUE_FIELDS = "value.fields-include";
    static final String PARTITIONER = "sink.partitioner";
    static final String GUARANTEE = "sink.delivery-guarantee";
    /** The value of {@link #GUARANTEE} by which rows may be lost elsewhere; here it promises more. */
    static final String NO_GUARANTEE = "none";
    static final String ID_PREFIX = "sink.transactional-id-prefix";
    static final String DEAD_LETTERS = "dead-letter.topic";

    /** Options of Flink that have no effect here: the job's partitions, and its epochs, decide. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "scan.parallelism",
            "sink.parallelism",
            ID_PREFIX,
            "sink.buffer-flush.max-rows",
            "sink.buffer-flush.interval");

    private static final Set<String> NOT_YET = Set.of("topic-pattern");

    private KafkaOption() {}

    /** Checks that every option has a known name. */
    static void checkNames(TableDefinition table) {
        Set<String> known = new HashSet<>(WITHOUT_EFFECT);
        known.addAll(List.of(
                TOPIC, SERVERS, GROUP, STARTUP, STARTUP_TIMESTAMP, STARTUP_OFFSETS, BOUNDED, BOUNDED_TIMESTAMP,
                BOUNDED_OFFSETS, DISCOVERY, KEY_FORMAT, KEY_FIELDS, KEY_PREFIX, VALUE_FORMAT, VALUE_FIELDS, PARTITIONER,
                GUARANTEE, DEAD_LETTERS, Formats.OPTION, OnError.OPTION, OnError.PATH_OPTION));
        for (String name : Formats.optionNames(withoutFormat(table))) {
            known.addAll(List.of(name, "key." + name, "value." + name));
        }
        for (String name : table.options().keySet()) {
            if (name.startsWith(PROPERTIES)) {
                known.add(name);
            } else if (NOT_YET.contains(name)) {
                throw new MillraceException(
                        ErrorCode.NOT_SUPPORTED,
                        "option '" + name + "' of table \"" + table.name() + "\" is not supported yet",
                        "name the topics: 'topic' = 'a;b'");
            }
        }
        new TableOptions(table).checkNames(known);
    }

    /** The topics of a table, in the order given. */
    static List<String> topics(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        List<String> topics = new ArrayList<>();
        for (String topic : options.required(TOPIC, "orders").split(";")) {
            if (!topic.isBlank() && !topics.contains(topic.strip())) {
                topics.add(topic.strip());
            }
        }
        if (topics.isEmpty()) {
            throw options.invalid(TOPIC, "it takes the name of a topic, or several with ; between them");
        }
        return topics;
    }

    /** The one topic of a table that is written to. */
    static String topic(TableDefinition table) {
        List<String> topics = topics(table);
        if (topics.size() > 1) {
            throw new TableOptions(table).invalid(TOPIC, "rows are written to one topic");
        }
        return topics.getFirst();
    }

    /** A list of names with ; between them. */
    static List<String> list(TableDefinition table, String name) {
        String value = new TableOptions(table).text(name, "");
        return Arrays.stream(value.split(";")).map(String::strip).filter(text -> !text.isEmpty()).toList();
    }

    private static TableDefinition withoutFormat(TableDefinition table) {
        return new TableDefinition(table.name(), table.schema(), List.of(), java.util.Map.of());
    }
}
