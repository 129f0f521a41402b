// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.expression.ExpressionCompiler;
import dev.millrace.engine.plan.Step;
import java.util.ArrayList;
import java.util.List;

/** Filters and projections: steps that look at one row at a time and keep no state. Used by one thread at a time. */
public final class RowSteps {
    /** One compiled step. */
    private interface RowStep {
        Batch apply(Batch batch, BatchArena arena, RowErrors errors);
    }

    private final List<RowStep> steps;

    private RowSteps(List<RowStep> steps) {
        this.steps = steps;
    }

    /**
     * Compiles the steps.
     *
     * @throws IllegalArgumentException if one of them keeps state
     */
    public static RowSteps of(List<Step> steps) {
        List<RowStep> compiled = new ArrayList<>();
        for (Step step : steps) {
            compiled.add(switch (step) {
                case Step.Filter filter -> ExpressionCompiler.filter(filter.condition())::apply;
                case Step.Project project -> ExpressionCompiler.projection(project.expressions())::apply;
                case Step.MatchUpdates match -> new UpdateMatcher(match.keepsBefore())::apply;
                case Step.Aggregate aggregate -> throw new IllegalArgumentException("an aggregation keeps state");
                case Step.Normalize normalize -> throw new IllegalArgumentException("normalizing keeps state");
                case Step.Over over -> throw new IllegalArgumentException("OVER keeps state");
                case Step.Order order -> throw new IllegalArgumentException("ORDER BY keeps state");
            });
        }
        return new RowSteps(List.copyOf(compiled));
    }

    /**
     * Sends a batch through all steps; positions, kinds, hashes and the watermarks before rows go along. Without steps
     * it gives the batch itself.
     *
     * @param arena where new vectors come from: the result is valid as long as the batch and the arena are
     * @param errors where rows that fail are added; they are left out of the result
     */
    public Batch apply(Batch batch, BatchArena arena, RowErrors errors) {
        Batch current = batch;
        for (RowStep step : steps) {
            current = step.apply(current, arena, errors);
        }
        return current;
    }
}
