// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.plan.TableDefinition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where reading starts or ends, as a table says it.
 *
 * @param option the option that says it
 * @param millis for {@link Mode#TIMESTAMP}: milliseconds since 1970
 * @param offsets for {@link Mode#SPECIFIC}: offsets by partition
 */
record OffsetRule(String option, Mode mode, long millis, Map<Integer, Long> offsets) {
    /** The ways to say it. */
    enum Mode {
        /** The oldest record that is kept. */
        EARLIEST,
        /** Behind the newest record. */
        LATEST,
        /** The first record with this timestamp or a later one. */
        TIMESTAMP,
        /** Where a consumer group stands. */
        GROUP,
        /** Offsets that are named. */
        SPECIFIC,
        /** Reading does not end. */
        NEVER
    }

    private static final Pattern OFFSET = Pattern.compile("\\s*partition:(\\d{1,9})\\s*,\\s*offset:(\\d{1,18})\\s*");

    /**
     * Without an option: where the group stands if one is named, else with the oldest record. Upserts are read from the
     * oldest record on, always.
     */
    static OffsetRule start(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        if (UpsertKafkaConnector.NAME.equals(table.connector())) {
            for (String option : List.of(
                    KafkaOption.STARTUP, KafkaOption.STARTUP_TIMESTAMP, KafkaOption.STARTUP_OFFSETS)) {
                if (options.has(option)) {
                    throw options.invalid(
                            option, "leave it out: the row of a key can stand anywhere, so connector '"
                                    + UpsertKafkaConnector.NAME + "' reads from the oldest record on");
                }
            }
            return new OffsetRule(KafkaOption.STARTUP, Mode.EARLIEST, 0, Map.of());
        }
        String mode = options.choice(
                KafkaOption.STARTUP,
                options.has(KafkaOption.GROUP) ? "group-offsets" : "earliest-offset",
                List.of("earliest-offset", "latest-offset", "timestamp", "group-offsets", "specific-offsets"));
        // As in Flink, the default is group-offsets; a group that has no name has no offsets.
        if (mode.equals("group-offsets") && !options.has(KafkaOption.GROUP)) {
            mode = "earliest-offset";
        }
        return of(
                table, KafkaOption.STARTUP, mode, KafkaOption.STARTUP_TIMESTAMP, KafkaOption.STARTUP_OFFSETS);
    }

    static OffsetRule end(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        String mode = options.choice(
                KafkaOption.BOUNDED,
                "unbounded",
                List.of("unbounded", "latest-offset", "timestamp", "group-offsets", "specific-offsets"));
        if (mode.equals("group-offsets")) {
            options.required(KafkaOption.GROUP, "orders-group");
        }
        return of(
                table, KafkaOption.BOUNDED, mode, KafkaOption.BOUNDED_TIMESTAMP, KafkaOption.BOUNDED_OFFSETS);
    }

    boolean isNever() {
        return mode == Mode.NEVER;
    }

    private static OffsetRule of(
            TableDefinition table, String option, String mode, String timestampOption, String offsetsOption) {
        TableOptions options = new TableOptions(table);
        return switch (mode) {
            case "earliest-offset" -> new OffsetRule(option, Mode.EARLIEST, 0, Map.of());
            case "latest-offset" -> new OffsetRule(option, Mode.LATEST, 0, Map.of());
            case "group-offsets" -> new OffsetRule(option, Mode.GROUP, 0, Map.of());
            case "timestamp" -> {
                options.required(timestampOption, "1767225600000");
                long millis = options.integer(timestampOption, 0, 0, Long.MAX_VALUE);
                yield new OffsetRule(option, Mode.TIMESTAMP, millis, Map.of());
            }
            case "specific-offsets" -> {
                if (KafkaOption.topics(table).size() > 1) {
                    throw options.invalid(option, "offsets can be named for one topic only");
                }
                yield new OffsetRule(option, Mode.SPECIFIC, 0, offsets(options, offsetsOption));
            }
            default -> new OffsetRule(option, Mode.NEVER, 0, Map.of());
        };
    }

    private static Map<Integer, Long> offsets(TableOptions options, String name) {
        String example = "partition:0,offset:42;partition:1,offset:300";
        Map<Integer, Long> offsets = new HashMap<>();
        for (String part : options.required(name, example).split(";")) {
            Matcher matcher = OFFSET.matcher(part);
            if (!matcher.matches()) {
                throw options.invalid(name, "write it as " + example);
            }
            offsets.put(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
        }
        return offsets;
    }
}
