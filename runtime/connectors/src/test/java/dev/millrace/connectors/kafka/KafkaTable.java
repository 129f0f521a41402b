// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Tables for tests, made step by step. */
final class KafkaTable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final List<Column> columns = new ArrayList<>();
    private final Map<String, String> options = new HashMap<>();
    private final Map<String, String> metadata = new HashMap<>();
    private List<String> key = List.of();

    private KafkaTable() {}

    /** A name that no other test uses. */
    static String newTopic(String name) {
        return name + "-" + NUMBER.incrementAndGet();
    }

    static KafkaTable of(String connector, String servers, String topic) {
        return new KafkaTable()
                .with("connector", connector)
                .with("properties.bootstrap.servers", servers)
                .with("topic", topic)
                .with("format", "json");
    }

    /** A table of one column {@code id}, read to what there is now. */
    static KafkaTable ids(String servers, String topic) {
        return of("kafka", servers, topic).column("id", SqlType.BIGINT).with("scan.bounded.mode", "latest-offset");
    }

    KafkaTable column(String name, SqlType type) {
        columns.add(new Column(name, type));
        return this;
    }

    KafkaTable metadata(String name, SqlType type, String holds) {
        metadata.put(name, holds);
        return column(name, type);
    }

    KafkaTable key(String... names) {
        key = List.of(names);
        return this;
    }

    KafkaTable with(String option, String value) {
        options.put(option, value);
        return this;
    }

    KafkaTable without(String option) {
        options.remove(option);
        return this;
    }

    KafkaTable withAll(Map<String, String> properties) {
        properties.forEach((name, value) -> options.put("properties." + name, value));
        return this;
    }

    TableDefinition make() {
        return new TableDefinition("orders", new Schema(columns), key, options, metadata);
    }
}
