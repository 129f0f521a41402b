// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A query, planned once, when its job is created. Stored with the job.
 *
 * @param name the job's name; empty for an interactive SELECT
 * @param sql the statement as written
 * @param stages the stages in the order of their numbers; those of a statement set run side by side and read a source
 *     they have in common once, others read the output of stages before them
 * @param target where results go, but for stages with a target of their own
 * @param updating whether results change what was emitted before (upserts, deletes)
 * @param options the job's options in force, by name
 */
public record JobPlan(
        String name, String sql, List<Stage> stages, Target target, boolean updating, Map<String, String> options) {
    /** The option that gives the number of partitions. */
    public static final String PARTITIONS_OPTION = "partitions";

    public JobPlan {
        stages = List.copyOf(stages);
        options = Collections.unmodifiableMap(new TreeMap<>(options));
    }

    /** Where the rows of a stage go. */
    public Target target(Stage stage) {
        return stage.target() != null ? stage.target() : target;
    }

    /** The stage of a number. */
    public Stage stage(int number) {
        return stages.stream().filter(stage -> stage.index() == number).findFirst().orElseThrow();
    }

    /** The stages that read the output of a stage. */
    public List<Stage> readers(Stage stage) {
        return stages.stream().filter(reader -> reader.readsStage(stage.index())).toList();
    }

    /** The table that an input reads, or the first one under the stage that it reads: whose rows these are for people. */
    public TableDefinition table(Input input) {
        return switch (input) {
            case SourceInput source -> source.table();
            case StageInput before -> table(stage(before.stage()).inputs().getFirst());
        };
    }

    /**
     * The plan with other options, with as many partitions as these say, state kept as long, and rows combined where they
     * say so. Stages of which all rows must meet in one partition keep that.
     *
     * @param changed the options that change, by name
     */
    public JobPlan with(Map<String, String> changed) {
        Map<String, String> all = new TreeMap<>(options);
        all.putAll(changed);
        String partitions = changed.get(PARTITIONS_OPTION);
        List<Stage> sized = partitions == null ? stages
                : stages.stream().map(stage -> stage.withPartitions(Integer.parseInt(partitions))).toList();
        List<Stage> working = sized.stream().map(stage -> stage.withOptions(all)).toList();
        return new JobPlan(name, sql, working, target, updating, all);
    }

    /** Whether all inputs end by themselves, and so the job. */
    public boolean bounded() {
        return stages.stream().flatMap(stage -> stage.inputs().stream())
                .allMatch(input -> !(input instanceof SourceInput source) || source.bounded());
    }
}
