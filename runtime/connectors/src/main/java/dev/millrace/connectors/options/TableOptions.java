// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.options;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.plan.Durations;
import dev.millrace.engine.plan.IdleTimeout;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.TableDefinition;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the options of one table. Every method throws a {@link MillraceException} if the value is not valid. */
public final class TableOptions {
    /** Options that mean the same for every connector. */
    private static final Set<String> COMMON =
            Set.of("connector", IdleTimeout.OPTION, StateTtl.OPTION, StateTtl.REFRESH_OPTION);

    /** Options of the dialect that no connector takes yet: refused by name rather than as unknown. */
    private static final Set<String> NOT_YET = Set.of(
            "scan.watermark.alignment.group",
            "scan.watermark.alignment.max-drift",
            "source.monitor-interval",
            "watermark.strategy",
            "watermark.field",
            "watermark.max_out_of_orderness",
            "event.time.field",
            "event.time.format",
            "late.data.strategy",
            "dead-letter.topic");

    /** What a DOUBLE can be, and more. */
    private static final int NUMBER_SCALE_MAX = 400;

    private static final Pattern BYTES = Pattern.compile("\\s*(\\d{1,18})\\s*(?i)([kmgt]?)(?:b|bytes)?\\s*");
    private static final String BYTE_UNITS = "-kmgt";

    private final TableDefinition table;

    public TableOptions(TableDefinition table) {
        this.table = table;
    }

    /**
     * Checks that every option has a known name.
     *
     * @param known the names that the connector takes, without {@code connector}
     */
    public void checkNames(Collection<String> known) {
        for (String name : table.options().keySet()) {
            if (COMMON.contains(name) || known.contains(name)) {
                continue;
            }
            if (NOT_YET.contains(name)) {
                throw new MillraceException(
                        ErrorCode.NOT_SUPPORTED,
                        "option '" + name + "' of table \"" + table.name() + "\" is not supported yet",
                        "leave the option out");
            }
            TreeSet<String> all = new TreeSet<>(known);
            throw new MillraceException(
                    ErrorCode.OPTION_UNKNOWN,
                    "option '" + name + "' of table \"" + table.name() + "\" is not known",
                    NearestName.hint(name, all, "options of connector '" + table.connector() + "'"));
        }
    }

    public boolean has(String name) {
        return table.options().containsKey(name);
    }

    /** The value, or the default where the option is not set. */
    public String text(String name, String defaultValue) {
        return table.options().getOrDefault(name, defaultValue);
    }

    /**
     * The value of an option that must be set and must not be empty.
     *
     * @param example a value to show to a user who left it out
     */
    public String required(String name, String example) {
        String value = table.options().get(name);
        if (value == null) {
            throw new MillraceException(
                    ErrorCode.OPTION_MISSING,
                    "table \"" + table.name() + "\" has no option '" + name + "', which connector '"
                            + table.connector() + "' needs",
                    "add '" + name + "' = '" + example + "' to WITH (…)");
        }
        if (value.isBlank()) {
            throw invalid(name, "give it a value such as '" + example + "'");
        }
        return value;
    }

    /** A whole number within bounds, both included. */
    public long integer(String name, long defaultValue, long min, long max) {
        String value = table.options().get(name);
        if (value == null) {
            return defaultValue;
        }
        try {
            long number = Long.parseLong(value.strip().replace("_", ""));
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, together with numbers out of bounds.
        }
        throw invalid(name, "it takes a whole number from " + min + " to " + max);
    }

    /** A number, of any size, with or without a fraction. */
    public BigDecimal number(String name, BigDecimal defaultValue) {
        String value = table.options().get(name);
        if (value == null) {
            return defaultValue;
        }
        try {
            BigDecimal number = new BigDecimal(value.strip().replace("_", ""));
            if (Math.abs((long) number.scale()) <= NUMBER_SCALE_MAX && number.precision() <= NUMBER_SCALE_MAX) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw invalid(name, "it takes a number");
    }

    /** A duration of at least so long, such as {@code 5 s}. */
    public Duration duration(String name, Duration defaultValue, Duration min) {
        String value = table.options().get(name);
        if (value == null) {
            return defaultValue;
        }
        OptionalLong millis = Durations.millis(value);
        if (millis.isPresent() && millis.getAsLong() >= min.toMillis()) {
            return Duration.ofMillis(millis.getAsLong());
        }
        String least = min.isZero() ? "" : ", at least " + Durations.text(min.toMillis());
        throw invalid(name, "it takes a duration such as 500 ms, 5 s or 1 min" + least);
    }

    /** A number of bytes of at least so many, such as {@code 128 MB}; a kilobyte has 1024. */
    public long bytes(String name, long defaultValue, long min) {
        String value = table.options().get(name);
        if (value == null) {
            return defaultValue;
        }
        Matcher matcher = BYTES.matcher(value);
        if (matcher.matches()) {
            long number = Long.parseLong(matcher.group(1));
            int shift = 10 * Math.max(0, BYTE_UNITS.indexOf(matcher.group(2).toLowerCase(Locale.ROOT)));
            if (number <= Long.MAX_VALUE >> shift && number << shift >= min) {
                return number << shift;
            }
        }
        throw invalid(name, "it takes a number of bytes such as 64 MB, at least " + min);
    }

    /** A truth value: true or false, in any case. */
    public boolean flag(String name, boolean defaultValue) {
        String value = table.options().get(name);
        if (value == null) {
            return defaultValue;
        }
        return switch (value.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw invalid(name, "it takes true or false");
        };
    }

    /** One of a few words, compared without case; null where the option is not set and has no default. */
    public String choice(String name, String defaultValue, List<String> choices) {
        String value = table.options().get(name);
        if (value == null) {
            return defaultValue;
        }
        for (String choice : choices) {
            if (choice.equalsIgnoreCase(value.strip())) {
                return choice;
            }
        }
        throw invalid(name, NearestName.hint(value, choices, "values"));
    }

    /** The error for a value that is not valid. */
    public MillraceException invalid(String name, String hint) {
        return new MillraceException(
                ErrorCode.OPTION_INVALID,
                "option '" + name + "' of table \"" + table.name() + "\" has the value '" + table.options().get(name)
                        + "', which is not valid",
                hint);
    }
}
