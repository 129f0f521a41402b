package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.RowFilter;
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
                case Step.Filter filter -> filter(filter.condition())::apply;
                case Step.Project project -> selection(project);
                case Step.Aggregate aggregate -> throw new IllegalArgumentException("an aggregation keeps state");
            });
        }
        return new RowSteps(List.copyOf(compiled));
    }

    static RowFilter filter(Expression condition) {
        throw new UnsupportedOperationException("filter " + condition);
    }

    private static RowStep selection(Step.Project project) {
        int[] from = new int[project.expressions().size()];
        for (int i = 0; i < from.length; i++) {
            if (!(project.expressions().get(i) instanceof ColumnReference reference)) {
                throw new UnsupportedOperationException("projection " + project.expressions());
            }
            from[i] = reference.index();
        }
        return (batch, arena, errors) -> {
            Vector[] columns = new Vector[from.length];
            for (int i = 0; i < from.length; i++) {
                columns[i] = batch.column(from[i]);
            }
            return batch.withColumns(columns);
        };
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
