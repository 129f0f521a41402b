// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.operator.RowSteps;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.Step;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of a query, wherever the plan has put them, and a batch of its rows.
 *
 * @param steps before and after the exchange, in order
 * @param batch decoded columns
 */
record Kernel(List<Step> steps, Batch batch) {
    static Kernel of(String select, int keys) {
        Stage stage = Inputs.stage(select, keys);
        SourceInput input = (SourceInput) stage.inputs().getFirst();
        List<Step> steps = new ArrayList<>(input.steps());
        steps.addAll(stage.steps());
        return new Kernel(steps, Inputs.batches(input, 1).getFirst());
    }

    /** The only step of this type. */
    <T extends Step> T step(Class<T> type) {
        return steps.stream().filter(type::isInstance).map(type::cast).findFirst().orElseThrow();
    }

    /** The rows as they come to a step, whose predecessors work on single rows. */
    Batch before(Step step) {
        return RowSteps.of(steps.subList(0, steps.indexOf(step))).apply(batch, new BatchArena(), new RowErrors());
    }
}
