// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.Durations;
import dev.millrace.planner.options.JobOption;
import dev.millrace.planner.parser.OptionDefinition;
import dev.millrace.planner.parser.Positions;
import dev.millrace.planner.parser.SqlGroupWindow;
import dev.millrace.planner.parser.WatermarkDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * The options by which Velostream's scripts say what a WATERMARK says here: which column is the event time, and how late
 * rows come.
 */
final class EventTimeOptions {
    private static final String FIELD = "event.time.field";
    private static final String FORMAT = "event.time.format";
    private static final String STRATEGY = "watermark.strategy";
    private static final String DELAY = "watermark.max_out_of_orderness";
    private static final String LATE = "late.data.strategy";
    private static final Set<String> KEYS = Set.of(FIELD, FORMAT, STRATEGY, DELAY, LATE);

    /** What the formats read into a TIMESTAMP anyway. */
    private static final Set<String> FORMATS = Set.of(
            "epoch_millis", "epoch_milliseconds", "epoch_ms", "milliseconds", "iso8601", "iso-8601", "rfc3339", "sql");

    private final Map<String, OptionDefinition> own = new HashMap<>();
    private final List<OptionDefinition> others = new ArrayList<>();

    EventTimeOptions(List<OptionDefinition> options) {
        for (OptionDefinition option : options) {
            if (KEYS.contains(option.key())) {
                own.put(option.key(), option);
            } else {
                others.add(option);
            }
        }
    }

    /** The options that are none of these. */
    List<OptionDefinition> others() {
        return others;
    }

    /**
     * The WATERMARK that the options stand for, or null if they say nothing of event time.
     *
     * @throws MillraceException at the option that says too little, or what can't be had
     */
    WatermarkDefinition watermark() {
        OptionDefinition late = own.get(LATE);
        if (late != null) {
            try {
                JobOption.LATE_STRATEGY.parse(late.value());
            } catch (MillraceException e) {
                throw e.at(Positions.span(late.valuePosition()));
            }
        }
        OptionDefinition field = own.get(FIELD);
        if (field == null) {
            for (String key : List.of(FORMAT, STRATEGY, DELAY)) {
                if (own.containsKey(key)) {
                    throw new MillraceException(
                            ErrorCode.OPTION_MISSING, "option '" + key + "' needs '" + FIELD + "'",
                            Positions.span(own.get(key).keyPosition()), "add '" + FIELD + "' = '…'");
                }
            }
            return null;
        }
        checkFormat(field.value());
        SqlParserPos place = field.valuePosition();
        SqlIdentifier column = new SqlIdentifier(field.value(), place);
        long delay = delayMillis(field);
        if (delay == 0) {
            return new WatermarkDefinition(column, new SqlIdentifier(field.value(), place));
        }
        boolean seconds = delay % 1_000 == 0;
        SqlNode interval = SqlGroupWindow.duration(
                Math.toIntExact(seconds ? delay / 1_000 : delay), seconds ? "SECOND" : "MS", place);
        return new WatermarkDefinition(
                column,
                SqlStdOperatorTable.MINUS.createCall(place, new SqlIdentifier(field.value(), place), interval));
    }

    private void checkFormat(String field) {
        OptionDefinition format = own.get(FORMAT);
        if (format == null || FORMATS.contains(format.value().toLowerCase(Locale.ROOT))) {
            return;
        }
        boolean seconds = format.value().toLowerCase(Locale.ROOT).startsWith("epoch_s");
        throw notSupported(format, "compute it: t AS TO_TIMESTAMP("
                + (seconds ? "FROM_UNIXTIME(" + field + ")" : field + ", '" + format.value() + "'")
                + "), WATERMARK FOR t AS t - INTERVAL '5' SECOND");
    }

    /** How late rows come at most, 0 if they come in order. */
    private long delayMillis(OptionDefinition field) {
        OptionDefinition strategy = own.get(STRATEGY);
        OptionDefinition delay = own.get(DELAY);
        boolean inOrder = false;
        if (strategy != null) {
            switch (strategy.value().toLowerCase(Locale.ROOT)) {
                case "bounded_out_of_orderness", "bounded" -> {
                    // The delay says by how much.
                }
                case "ascending", "ascending_timestamps", "monotonous" -> inOrder = true;
                case "punctuated" -> throw notSupported(
                        strategy, "say how late rows come at most: WATERMARK FOR " + field.value() + " AS "
                                + field.value() + " - INTERVAL '5' SECOND");
                default -> throw new MillraceException(
                        ErrorCode.OPTION_INVALID,
                        "'" + strategy.value() + "' is not a value of option '" + STRATEGY + "'",
                        Positions.span(strategy.valuePosition()), "it takes: bounded_out_of_orderness, ascending");
            }
        }
        if (inOrder) {
            return 0;
        }
        if (delay == null) {
            throw new MillraceException(
                    ErrorCode.OPTION_MISSING, "option '" + FIELD + "' does not say how late rows come",
                    Positions.span(field.keyPosition()),
                    "add '" + DELAY + "' = '5s', or '" + STRATEGY + "' = 'ascending'");
        }
        OptionalLong millis = Durations.millis(delay.value());
        if (millis.isEmpty() || millis.getAsLong() > Integer.MAX_VALUE) {
            throw new MillraceException(
                    ErrorCode.OPTION_INVALID, "'" + delay.value() + "' is not a value of option '" + DELAY + "'",
                    Positions.span(delay.valuePosition()), "it takes: a duration up to 24 days, such as '5s'");
        }
        return millis.getAsLong();
    }

    private static MillraceException notSupported(OptionDefinition option, String wayOut) {
        return new MillraceException(
                ErrorCode.NOT_SUPPORTED,
                "option '" + option.key() + "' = '" + option.value() + "' is not supported yet",
                Positions.span(option.valuePosition()), wayOut);
    }
}
