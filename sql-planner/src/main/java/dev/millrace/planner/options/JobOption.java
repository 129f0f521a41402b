// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.options;

import dev.millrace.engine.connector.Guarantee;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.Durations;
import dev.millrace.engine.plan.PreAggregation;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.Strategy;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
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
    /** The savepoint from which the next job starts. */
    SAVEPOINT("savepoint", "job/savepoint, or a savepoint of the job with this name") {
        @Override
        String canonical(String value) {
            String name = value.strip();
            return name.isEmpty() || name.startsWith("/") || name.endsWith("/") ? null : name;
        }
    },
    /** Whether the next job may start from a savepoint of which it loses something. */
    SAVEPOINT_ALLOW_LOSS("savepoint.allow-loss", "true or false") {
        @Override
        String canonical(String value) {
            return word(value, List.of("true", "false"));
        }
    },
    /** Whether the next job may give rows again that were given after its savepoint. */
    SAVEPOINT_ALLOW_REPEATS("savepoint.allow-repeats", "true or false") {
        @Override
        String canonical(String value) {
            return word(value, List.of("true", "false"));
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
    GUARANTEE(Guarantee.OPTION, "exactly-once or at-least-once") {
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
    PRE_AGGREGATION(PreAggregation.OPTION, "auto, always or never") {
        @Override
        String canonical(String value) {
            return word(value, Arrays.stream(PreAggregation.values()).map(PreAggregation::optionValue).toList());
        }
    },
    STATE_TTL(StateTtl.OPTION, "a duration, such as '1 h'; '0' keeps state for ever") {
        @Override
        String canonical(String value) {
            return duration(value, 0);
        }
    },
    STATE_TTL_REFRESH(StateTtl.REFRESH_OPTION, "create or write") {
        @Override
        String canonical(String value) {
            return word(value, List.of("create", "write"));
        }
    },
    LATE_STRATEGY("late.strategy", "drop, dead_letter, include_in_next_window, update_previous") {
        @Override
        String canonical(String value) {
            return word(value, List.of("drop", "dead_letter", "include_in_next_window", "update_previous"));
        }

        @Override
        String insteadOf(String value) {
            return value.equals("drop") ? null : "'drop': late rows are dropped and counted; GRACE PERIOD, or a"
                    + " WATERMARK further behind, makes fewer of them";
        }
    },
    ALLOWED_LATENESS("allowed-lateness", "a duration, such as '1 min'") {
        @Override
        String canonical(String value) {
            return duration(value, 0);
        }

        @Override
        String insteadOf(String value) {
            return value.equals(NO_TIME) ? null : "'0': GRACE PERIOD behind the size of a window delays its close";
        }
    },
    BACKPRESSURE("backpressure", "isolate or block") {
        @Override
        String canonical(String value) {
            return word(value, List.of("isolate", "block"));
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

        @Override
        String insteadOf(String value) {
            return ZoneId.of(value).normalized().equals(ZoneOffset.UTC) ? null
                    : "'UTC': shift times in the query, for example ts + INTERVAL '1' HOUR";
        }
    };

    private static final String NO_TIME = "0 ms";
    private static final int PARTITIONS_MAX = 32_768;

    private final String key;
    private final String values;

    JobOption(String key, String values) {
        this.key = key;
        this.values = values;
    }

    /** The value in its one spelling, or null if it is none. */
    abstract String canonical(String value);

    /** What there is instead of a value that would change results and can't be had yet; null for all others. */
    String insteadOf(String value) {
        return null;
    }

    /** Whether the option is for the next job only. */
    public boolean isForNextJob() {
        return this == JOB_NAME || this == SAVEPOINT || this == SAVEPOINT_ALLOW_LOSS
                || this == SAVEPOINT_ALLOW_REPEATS;
    }

    /** Whether a job that there is can go on with another value. */
    public boolean isAlterable() {
        return switch (this) {
            // These are part of its name or of its plan.
            case JOB_NAME, SAVEPOINT, SAVEPOINT_ALLOW_LOSS, SAVEPOINT_ALLOW_REPEATS, PARTITIONING, TIME_ZONE -> false;
            case PARTITIONS, GUARANTEE, CHECKPOINT_INTERVAL, EMIT_COALESCE, PRE_AGGREGATION, STATE_TTL,
                    STATE_TTL_REFRESH, LATE_STRATEGY, ALLOWED_LATENESS, BACKPRESSURE -> true;
        };
    }

    public String key() {
        return key;
    }

    /**
     * The value as it is kept.
     *
     * @throws MillraceException if the value is not valid, or can't be had yet
     */
    public String parse(String value) {
        String result = canonical(value);
        if (result == null) {
            throw new MillraceException(
                    ErrorCode.OPTION_INVALID, "'" + value + "' is not a value of option '" + key + "'",
                    "it takes: " + values);
        }
        String instead = insteadOf(result);
        if (instead != null) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "option '" + key + "' = '" + value.strip() + "' is not supported yet",
                    "so far there is only " + instead);
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
