// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.type.Schema;
import java.util.List;
import java.util.Map;

/**
 * The operators between two exchanges. Every partition of the stage runs all of them.
 *
 * @param index number of the stage in its job, from 0
 * @param inputs what it reads; all send the same columns
 * @param partitions number of partitions, at least 1
 * @param steps the operators, over the columns sent
 * @param target where its rows go if it has a target of its own; null if they go to the job's
 */
public record Stage(int index, List<SourceInput> inputs, int partitions, List<Step> steps, Target target) {
    public Stage {
        inputs = List.copyOf(inputs);
        steps = List.copyOf(steps);
    }

    /** A stage whose rows go to the job's target. */
    public Stage(int index, List<SourceInput> inputs, int partitions, List<Step> steps) {
        this(index, inputs, partitions, steps, null);
    }

    /** The stage with another number of partitions, if its rows need not meet in one. */
    Stage withPartitions(int number) {
        boolean meet = inputs.getFirst().exchange().strategy() == Strategy.FAN_IN;
        return new Stage(index, inputs, meet ? partitions : number, steps, target);
    }

    /**
     * The stage with its state kept as long as options say.
     *
     * @param options those of the job; tables have their own
     */
    public Stage withStateTtl(Map<String, String> options) {
        TableDefinition table = inputs.getFirst().table();
        return new Stage(
                index, inputs, partitions, steps.stream().map(step -> StateTtl.given(step, table, options)).toList(),
                target);
    }

    /** The columns that leave the stage. */
    public Schema output() {
        return steps.isEmpty() ? inputs.getFirst().sent() : steps.getLast().output();
    }
}
