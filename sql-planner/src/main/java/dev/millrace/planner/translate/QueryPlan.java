// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.connector.Guarantee;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.plan.Input;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import dev.millrace.engine.plan.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * A planned query with what EXPLAIN tells beyond the plan.
 *
 * @param watermarkText the WATERMARK expression as written, or null
 * @param changes what the target takes; null for a SELECT and for a statement set
 * @param guarantee how often each row comes into the target; null for a SELECT and for a statement set
 * @param best the most that the target's connector can guarantee; null where {@code guarantee} is
 * @param inserts the plans of a statement set's INSERTs; empty for a single query
 */
public record QueryPlan(
        JobPlan plan, String watermarkText, SinkChanges changes, Guarantee guarantee, Guarantee best,
        List<QueryPlan> inserts) {
    public QueryPlan {
        inserts = List.copyOf(inserts);
    }

    QueryPlan(JobPlan plan, String watermarkText, SinkChanges changes) {
        this(plan, watermarkText, changes, null, null, List.of());
    }

    QueryPlan with(Guarantee holding, Guarantee possible) {
        return new QueryPlan(plan, watermarkText, changes, holding, possible, inserts);
    }

    /** What the user should know: where somebody asks for exactly-once and the target can't. */
    public List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        for (QueryPlan insert : inserts) {
            warnings.addAll(insert.warnings());
        }
        boolean isAsked = Guarantee.EXACTLY_ONCE.optionValue().equals(plan.options().get(Guarantee.OPTION));
        if (isAsked && best == Guarantee.AT_LEAST_ONCE && plan.target() instanceof Target.Table target) {
            warnings.add(
                    "rows come into table \"" + target.table().name() + "\" at-least-once all the same: connector '"
                            + target.table().connector() + "' has no exactly-once");
        }
        return warnings;
    }

    /**
     * One job of several INSERTs: the stages of all of them, each with its own target.
     *
     * @param inserts the INSERTs, with the same options of the job
     */
    public static QueryPlan statementSet(String name, String sql, List<QueryPlan> inserts) {
        List<Stage> all = new ArrayList<>();
        List<QueryPlan> numbered = new ArrayList<>();
        boolean updating = false;
        for (QueryPlan insert : inserts) {
            JobPlan plan = insert.plan();
            List<Stage> stages = new ArrayList<>();
            for (Stage stage : plan.stages()) {
                stages.add(new Stage(
                        all.size() + stage.index(), moved(stage.inputs(), all.size()), stage.partitions(),
                        stage.steps(), plan.target(stage)));
            }
            all.addAll(stages);
            updating |= plan.updating();
            numbered.add(new QueryPlan(
                    new JobPlan(name, plan.sql(), stages, plan.target(), plan.updating(), plan.options()),
                    insert.watermarkText(), insert.changes(), insert.guarantee(), insert.best(), List.of()));
        }
        JobPlan first = inserts.getFirst().plan();
        return new QueryPlan(
                new JobPlan(name, sql, all, first.target(), updating, first.options()),
                null, null, null, null, numbered);
    }

    /** Inputs of a stage whose plan's first stage gets another number than 0. */
    private static List<Input> moved(List<Input> inputs, int first) {
        return inputs.stream()
                .<Input>map(input -> switch (input) {
                    case SourceInput source -> source;
                    case StageInput before -> new StageInput(
                            before.stage() + first, before.sent(), before.time(), before.exchange());
                })
                .toList();
    }
}
