// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.options;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.Durations;
import dev.millrace.engine.plan.Strategy;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** An option of a job. Values are kept in one spelling: durations as {@code 1000 ms}, words in small letters. */
public enum JobOption {
    /** The name of the next job. */
    JOB_NAME("job.name", "a name") {
        @Override
        String canonical(String value) {
            return value.isBlank() ? null : value.strip();
        }
    },
    PARTITIONS("partitions", "a number from 1 to 32768") {
        @Override
        String canonical(String value) {
            try {
                int number = Integer.parseInt(value.strip());
                return number >= 1 && number <= PARTITIONS_MAX ? Integer.toString(number) : null;
            } catch (NumberFormatException e) {
                return null;
            }
        }
    },
    PARTITIONING("partitioning", Arrays.stream(Strategy.values()).map(Strategy::optionValue)
            .collect(Collectors.joining(", "))) {
        @Override
        String canonical(String value) {
            return word(value, Arrays.stream(Strategy.values()).map(Strategy::optionValue).toList());
        }
    },
    GUARANTEE("guarantee", "exactly-once or at-least-once") {
        @Override
        String canonical(String value) {
            return word(value.replace('_', '-'), List.of("exactly-once", "at-least-once"));
        }
    },
    CHECKPOINT_INTERVAL("checkpoint.interval", "a duration of 100 ms or more") {
        @Override
        String canonical(String value) {
            return duration(value, 100);
        }
    },
    EMIT_COALESCE("emit.coalesce", "none, batch, or a duration such as '100 ms'") {
        @Override
        String canonical(String value) {
            String word = word(value, List.of("none", "batch"));
            return word != null ? word : duration(value, 1);
        }
    },
    STATE_TTL("state.ttl", "a duration, such as '1 h'; '0' keeps state for ever") {
        @Override
        String canonical(String value) {
            return duration(value, 0);
        }
    },
    LATE_STRATEGY("late.strategy", "drop, dead_letter, include_in_next_window, update_previous") {
        @Override
        String canonical(String value) {
            return word(value, List.of("drop", "dead_letter", "include_in_next_window", "update_previous"));
        }
    },
    ALLOWED_LATENESS("allowed-lateness", "a duration, such as '1 min'") {
        @Override
        String canonical(String value) {
            return duration(value, 0);
        }
    },
    BACKPRESSURE("backpressure", "throttle or detach") {
        @Override
        String canonical(String value) {
            return value.isBlank() ? null : value.strip();
        }
    },
    TIME_ZONE("time-zone", "a zone, such as 'UTC' or 'Europe/Berlin'") {
        @Override
        String canonical(String value) {
            try {
                return ZoneId.of(value.strip()).getId();
            } catch (DateTimeException e) {
                return null;
            }
        }
    },
    ON_ERROR("on-error", "dead_letter, skip or fail") {
        @Override
        String canonical(String value) {
            return word(value, List.of("dead_letter", "skip", "fail"));
        }
    },
    DEAD_LETTER_PATH("dead-letter.path", "a path") {
        @Override
        String canonical(String value) {
            return value.isBlank() ? null : value.strip();
        }
    };

    private static final int PARTITIONS_MAX = 32_768;

    private final String key;
    private final String values;

    JobOption(String key, String values) {
        this.key = key;
        this.values = values;
    }

    /** The value in its one spelling, or null if it is none. */
    abstract String canonical(String value);

    public String key() {
        return key;
    }

    /**
     * The value as it is kept.
     *
     * @throws MillraceException if the value is not valid
     */
    public String parse(String value) {
        String result = canonical(value);
        if (result == null) {
            throw new MillraceException(
                    ErrorCode.OPTION_INVALID, "'" + value + "' is not a value of option '" + key + "'",
                    "it takes: " + values);
        }
        return result;
    }

    private static String word(String value, List<String> words) {
        String word = value.strip().toLowerCase(Locale.ROOT);
        return words.contains(word) ? word : null;
    }

    private static String duration(String value, long least) {
        OptionalLong millis = Durations.millis(value);
        return millis.isPresent() && millis.getAsLong() >= least ? millis.getAsLong() + " ms" : null;
    }
}
