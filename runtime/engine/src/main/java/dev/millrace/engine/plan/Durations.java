// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they stand in options: {@code 100 ms}, {@code 5s}, {@code 1 min}, {@code 2 hours}. */
public final class Durations {
    private static final Pattern DURATION = Pattern.compile("\\s*(\\d{1,15})\\s*([a-zA-Z]*)\\s*");

    private Durations() {}

    /** Milliseconds; a number without a unit counts them. Empty if the text is not a duration. */
    public static OptionalLong millis(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        long factor = switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
            case "", "ms", "milli", "millis", "millisecond", "milliseconds" -> 1L;
            case "s", "sec", "secs", "second", "seconds" -> 1_000L;
            case "m", "min", "mins", "minute", "minutes" -> 60_000L;
            case "h", "hour", "hours" -> 3_600_000L;
            case "d", "day", "days" -> 86_400_000L;
            default -> 0L;
        };
        long number = Long.parseLong(matcher.group(1));
        return factor == 0 || number > Long.MAX_VALUE / 86_400_000L && factor > 1 ? OptionalLong.empty()
                : OptionalLong.of(number * factor);
    }

    /** The shortest text for a duration: {@code 1 min}, {@code 90 s}, {@code 100 ms}. */
    public static String text(long millis) {
        if (millis != 0 && millis % 86_400_000L == 0) {
            return millis / 86_400_000L + " d";
        }
        if (millis != 0 && millis % 3_600_000L == 0) {
            return millis / 3_600_000L + " h";
        }
        if (millis != 0 && millis % 60_000L == 0) {
            return millis / 60_000L + " min";
        }
        return millis % 1_000L == 0 ? millis / 1_000L + " s" : millis + " ms";
    }
}
