// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.settings;

import dev.millrace.engine.operator.Coalesce;
import dev.millrace.engine.operator.PipelineOptions;
import dev.millrace.engine.plan.Durations;
import dev.millrace.engine.upgrade.SavepointName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The options of a job that its actors look at, read from the plan. */
public final class JobOptions {
    private static final String EMIT_COALESCE = "emit.coalesce";
    private static final Duration DEFAULT_CHECKPOINT_INTERVAL = Duration.ofSeconds(1);

    private JobOptions() {}

    /** Time between the ends of two epochs. */
    public static Duration checkpointInterval(Map<String, String> options) {
        String value = options.get("checkpoint.interval");
        return value == null ? DEFAULT_CHECKPOINT_INTERVAL : Duration.ofMillis(Durations.millis(value).orElseThrow());
    }

    /** Whether a job that starts from a savepoint may leave out what does not fit. */
    public static boolean allowsLoss(Map<String, String> options) {
        return Boolean.parseBoolean(options.get(SavepointName.ALLOW_LOSS_OPTION));
    }

    /** Whether a job that starts from a savepoint may give again what was given after it. */
    public static boolean allowsRepeats(Map<String, String> options) {
        return Boolean.parseBoolean(options.get(SavepointName.ALLOW_REPEATS_OPTION));
    }

    /** Whether a partition that is slow is left behind, so that it holds up no other. */
    public static boolean isolates(Map<String, String> options) {
        return !options.getOrDefault("backpressure", "isolate").equals("block");
    }

    /** Which changes of a group are shown. */
    public static Coalesce coalesce(Map<String, String> options) {
        return switch (options.getOrDefault(EMIT_COALESCE, "none")) {
            case "none" -> Coalesce.NONE;
            case "batch" -> Coalesce.BATCH;
            default -> Coalesce.INTERVAL;
        };
    }

    /** What the operators of a partition are told, but for what depends on their stage and partition. */
    public static PipelineOptions pipeline(Map<String, String> options) {
        return PipelineOptions.DEFAULT.withCoalesce(coalesce(options));
    }

    /** Time from one showing of changes to the next, if they are coalesced by time. */
    public static Optional<Duration> coalesceInterval(Map<String, String> options) {
        return coalesce(options) == Coalesce.INTERVAL
                ? Optional.of(Duration.ofMillis(Durations.millis(options.get(EMIT_COALESCE)).orElseThrow()))
                : Optional.empty();
    }
}
