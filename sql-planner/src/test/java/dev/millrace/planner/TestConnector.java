// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.SourceConnector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.plan.IdleTimeout;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Connectors that can't be opened: {@code memory} (bounded by an option), {@code fixed} (with columns of its own) and
 * {@code keyed} (upserts) to read, {@code memory} (changes by an option, exactly once) and {@code any} to write.
 */
final class TestConnector {
    private TestConnector() {}

    static Connectors connectors() {
        return new Connectors(
                List.of(new Reads("memory"), new Reads("fixed"), new Reads("keyed")),
                List.of(new Writes("memory"), new Writes("any")));
    }

    private static void checkOptions(TableDefinition table) {
        TreeSet<String> known = new TreeSet<>(List.of("connector", "bounded", "changes"));
        Set<String> common = Set.of(IdleTimeout.OPTION, StateTtl.OPTION, StateTtl.REFRESH_OPTION);
        for (String option : table.options().keySet()) {
            if (!known.contains(option) && !common.contains(option)) {
                throw new MillraceException(
                        ErrorCode.OPTION_UNKNOWN, "option '" + option + "' is not known",
                        NearestName.hint(option, known, "options"));
            }
        }
    }

    private record Reads(String name) implements SourceConnector {
        @Override
        public void validateSource(TableDefinition table) {
            checkOptions(table);
        }

        @Override
        public Set<String> readableMetadata() {
            return name.equals("memory") ? Set.of("offset", "partition", "timestamp") : Set.of();
        }

        @Override
        public boolean isBounded(TableDefinition table) {
            return Boolean.parseBoolean(table.options().getOrDefault("bounded", "true"));
        }

        @Override
        public boolean readsUpserts() {
            return name.equals("keyed");
        }

        @Override
        public Source openSource(TableDefinition table, List<Integer> columns) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Schema fixedSchema(Map<String, String> options) {
            return name.equals("fixed")
                    ? Schema.of(new Column("id", SqlType.BIGINT), new Column("ts", SqlType.timestamp(3)))
                    : Schema.of();
        }
    }

    private record Writes(String name) implements SinkConnector {
        @Override
        public void validateSink(TableDefinition table) {
            checkOptions(table);
        }

        @Override
        public Set<String> writableMetadata() {
            return name.equals("memory") ? Set.of("timestamp") : Set.of();
        }

        @Override
        public SinkChanges changes(TableDefinition table) {
            return name.equals("any") ? SinkChanges.ANY
                    : SinkChanges.valueOf(table.options().getOrDefault("changes", "APPEND"));
        }

        @Override
        public boolean takesEpochs(TableDefinition table) {
            return name.equals("memory");
        }

        @Override
        public Sink openSink(TableDefinition table, int partition) {
            throw new UnsupportedOperationException();
        }
    }
}
