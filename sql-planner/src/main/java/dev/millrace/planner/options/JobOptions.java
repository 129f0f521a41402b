// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.options;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.error.SourceSpan;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The options that SET has given to the jobs that follow. Used by one thread at a time. */
public final class JobOptions {
    /** Flink's keys that mean the same as one of ours. */
    private static final Map<String, JobOption> SYNONYMS = Map.ofEntries(
            Map.entry("pipeline.name", JobOption.JOB_NAME),
            Map.entry("table.exec.state.ttl", JobOption.STATE_TTL),
            Map.entry("execution.checkpointing.interval", JobOption.CHECKPOINT_INTERVAL),
            Map.entry("execution.checkpointing.mode", JobOption.GUARANTEE),
            Map.entry("table.exec.mini-batch.allow-latency", JobOption.EMIT_COALESCE),
            Map.entry("table.local-time-zone", JobOption.TIME_ZONE),
            Map.entry("execution.savepoint.path", JobOption.SAVEPOINT),
            Map.entry("execution.state-recovery.path", JobOption.SAVEPOINT),
            Map.entry("execution.savepoint.ignore-unclaimed-state", JobOption.SAVEPOINT_ALLOW_LOSS),
            Map.entry("execution.state-recovery.ignore-unclaimed-state", JobOption.SAVEPOINT_ALLOW_LOSS));

    /** Flink's switches of its mini-batches, which the allowed latency says already. */
    private static final Set<String> IMPLIED =
            Set.of("table.exec.mini-batch.enabled", "table.exec.mini-batch.size");

    private static final List<String> FLINK_PREFIXES = List.of(
            "table.", "execution.", "pipeline.", "parallelism.", "state.backend", "state.checkpoint", "state.savepoint",
            "restart-strategy", "taskmanager.", "jobmanager.", "sql-client.", "rest.", "web.", "metrics.", "env.",
            "classloader.", "cluster.", "heartbeat.", "high-availability", "fs.", "s3.", "security.", "yarn.",
            "kubernetes.", "sql-gateway.", "python.");

    private final TreeMap<String, String> values = new TreeMap<>();

    /**
     * Gives an option a value.
     *
     * @return a warning, or null
     * @throws MillraceException if there is no such option or value, or none yet
     */
    public String set(String key, SourceSpan keyPosition, String value, SourceSpan valuePosition) {
        String name = key.strip();
        if (IMPLIED.contains(name)) {
            return null;
        }
        JobOption option = find(name);
        if (option == null) {
            if (FLINK_PREFIXES.stream().anyMatch(name::startsWith)) {
                return "option '" + name + "' has no meaning in Millrace and is left out";
            }
            throw unknown(name, keyPosition);
        }
        String given = SYNONYMS.containsKey(name) && option == JobOption.EMIT_COALESCE && value.strip().equals("0")
                ? "none" : value;
        try {
            values.put(option.key(), option.parse(given));
            return null;
        } catch (MillraceException e) {
            throw e.at(valuePosition);
        }
    }

    /** Takes an option's value away. */
    public void reset(String key, SourceSpan position) {
        JobOption option = find(key.strip());
        if (option != null) {
            values.remove(option.key());
        } else if (FLINK_PREFIXES.stream().noneMatch(key.strip()::startsWith)) {
            throw unknown(key, position);
        }
    }

    public void resetAll() {
        values.clear();
    }

    /** The value, or null. */
    public String get(JobOption option) {
        return values.get(option.key());
    }

    /** Forgets what was for the next job only. */
    public void jobPlanned() {
        values.keySet().removeIf(key -> find(key).isForNextJob());
    }

    /** All options that have a value, by name. */
    public Map<String, String> values() {
        return Collections.unmodifiableMap(values);
    }

    /** The option with this name or synonym, or null. */
    public static JobOption find(String key) {
        for (JobOption option : JobOption.values()) {
            if (option.key().equals(key.toLowerCase(Locale.ROOT))) {
                return option;
            }
        }
        return SYNONYMS.get(key);
    }

    private static MillraceException unknown(String key, SourceSpan position) {
        List<String> names = Arrays.stream(JobOption.values()).map(JobOption::key).sorted().toList();
        return new MillraceException(
                ErrorCode.OPTION_UNKNOWN, "option '" + key + "' is not known", position,
                NearestName.hint(key, names, "options of a job"));
    }
}
