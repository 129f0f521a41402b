// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.engine.operator.Coalesce;
import dev.millrace.engine.plan.Durations;
import java.time.Duration;
import java.util.Map;

/** The options of a job that its actors look at, read from the plan. */
public final class JobOptions {
    private static final Duration DEFAULT_CHECKPOINT_INTERVAL = Duration.ofSeconds(1);

    private JobOptions() {}

    /** Time between the ends of two epochs. */
    public static Duration checkpointInterval(Map<String, String> options) {
        String value = options.get("checkpoint.interval");
        return value == null ? DEFAULT_CHECKPOINT_INTERVAL : Duration.ofMillis(Durations.millis(value).orElseThrow());
    }

    /** Whether changes within a batch are made one. */
    public static Coalesce coalesce(Map<String, String> options) {
        return "none".equals(options.getOrDefault("emit.coalesce", "none")) ? Coalesce.NONE : Coalesce.BATCH;
    }
}
