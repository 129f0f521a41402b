// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.operator.Coalesce;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options of a job that its actors look at, read from the plan. */
public final class JobOptions {
    private static final Pattern DURATION = Pattern.compile("(\\d+)\\s*([a-z]*)");
    private static final Duration DEFAULT_CHECKPOINT_INTERVAL = Duration.ofSeconds(1);

    private JobOptions() {}

    /** Time between the ends of two epochs. */
    public static Duration checkpointInterval(Map<String, String> options) {
        String value = options.get("checkpoint.interval");
        return value == null ? DEFAULT_CHECKPOINT_INTERVAL : duration("checkpoint.interval", value);
    }

    /** Whether changes within a batch are made one. */
    public static Coalesce coalesce(Map<String, String> options) {
        return "none".equals(options.getOrDefault("emit.coalesce", "none")) ? Coalesce.NONE : Coalesce.BATCH;
    }

    /**
     * A duration such as {@code 100 ms}, {@code 5 min}; a bare number counts milliseconds.
     *
     * @throws MillraceException if the value is no duration
     */
    public static Duration duration(String option, String value) {
        Matcher matcher = DURATION.matcher(value.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            switch (matcher.group(2)) {
                case "", "ms", "milli", "millis", "millisecond", "milliseconds" -> {
                    return Duration.ofMillis(amount);
                }
                case "s", "sec", "secs", "second", "seconds" -> {
                    return Duration.ofSeconds(amount);
                }
                case "m", "min", "mins", "minute", "minutes" -> {
                    return Duration.ofMinutes(amount);
                }
                case "h", "hour", "hours" -> {
                    return Duration.ofHours(amount);
                }
                case "d", "day", "days" -> {
                    return Duration.ofDays(amount);
                }
                default -> {}
            }
        }
        throw new MillraceException(
                ErrorCode.OPTION_INVALID,
                "'" + value + "' is no duration for '" + option + "'",
                "write a number and a unit, such as '100 ms', '5 s', '1 min'");
    }
}
