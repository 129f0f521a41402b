// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.type.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The operators between two exchanges. Every partition of the stage runs all of them.
 *
 * @param index number of the stage in its job, from 0
 * @param inputs what it reads; all send the same columns
 * @param partitions number of partitions, at least 1
 * @param steps the operators, over the columns sent
 * @param target where its rows go if it has a target of its own; null if they go to the job's
 */
public record Stage(int index, List<Input> inputs, int partitions, List<Step> steps, Target target) {
    public Stage {
        inputs = List.copyOf(inputs);
        steps = List.copyOf(steps);
        Set<Integer> read = new HashSet<>();
        for (Input input : inputs) {
            // A partition knows its inputs by the stage and the partition that they come from.
            if (input instanceof StageInput before && (before.stage() >= index || !read.add(before.stage()))) {
                throw new IllegalArgumentException("stage " + index + " can read earlier stages only, each once");
            }
        }
    }

    /** A stage whose rows go to the job's target. */
    public Stage(int index, List<Input> inputs, int partitions, List<Step> steps) {
        this(index, inputs, partitions, steps, null);
    }

    /** The stage with another number of partitions, if its rows need not meet in one. */
    Stage withPartitions(int number) {
        boolean meet = inputs.getFirst().exchange().strategy() == Strategy.FAN_IN;
        return new Stage(index, inputs, meet ? partitions : number, steps, target);
    }

    /** The stage as it works under the options of a job. */
    public Stage withOptions(Map<String, String> options) {
        return withStateTtl(options).withPreAggregation(options);
    }

    /** Readers combine rows, stages don't; and where both feed a stage, all rows come in one form. */
    private Stage withPreAggregation(Map<String, String> options) {
        PreAggregation preAggregation = PreAggregation.of(steps, options);
        List<Input> others = new ArrayList<>();
        for (Input input : inputs) {
            if (!(input instanceof SourceInput source)) {
                return this;
            }
            others.add(source.with(preAggregation));
        }
        return new Stage(index, others, partitions, steps, target);
    }

    /**
     * The stage with its state kept as long as options say.
     *
     * @param options those of the job; tables have their own
     */
    private Stage withStateTtl(Map<String, String> options) {
        TableDefinition table = inputs.getFirst() instanceof SourceInput source ? source.table() : null;
        return new Stage(
                index, inputs, partitions, steps.stream().map(step -> StateTtl.given(step, table, options)).toList(),
                target);
    }

    /** Whether it reads the output of any stage. */
    public boolean readsStages() {
        return inputs.stream().anyMatch(StageInput.class::isInstance);
    }

    /** Whether it reads the output of a stage. */
    boolean readsStage(int number) {
        return inputs.stream().anyMatch(input -> input instanceof StageInput before && before.stage() == number);
    }

    /** The aggregation for which rows may be combined before they travel, or null. */
    public Step.Aggregate combinedFor() {
        boolean combines = inputs.getFirst().exchange().preAggregation() != PreAggregation.NEVER;
        return combines ? (Step.Aggregate) steps.getFirst() : null;
    }

    /** The columns that leave the stage. */
    public Schema output() {
        return steps.isEmpty() ? inputs.getFirst().sent() : steps.getLast().output();
    }
}
