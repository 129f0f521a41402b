// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.type.Schema;
import java.util.List;

/** One operator of a plan, in the order in which rows meet them. */
public sealed interface Step {
    /** The columns that leave the step. */
    Schema output();

    /**
     * Lets those rows pass for which the condition is true.
     *
     * @param condition BOOLEAN over the input columns
     * @param output the input's columns
     */
    record Filter(Expression condition, Schema output) implements Step {}

    /**
     * Computes the columns of each row.
     *
     * @param expressions one per output column, over the input columns
     * @param output the result's columns
     */
    record Project(List<Expression> expressions, Schema output) implements Step {
        public Project {
            expressions = List.copyOf(expressions);
        }
    }

    /**
     * GROUP BY. The result's columns are: with a window {@code window_start} and {@code window_end}; the keys, in
     * order; the aggregates, in order. Steps behind it do HAVING and the projection of a FINAL aggregation; for CHANGES
     * the condition of HAVING stands in the aggregation itself, since a group that stops to pass is retracted.
     *
     * @param keys indexes of the key columns in the input (none: one global group)
     * @param aggregates what is computed per group
     * @param window the window, or null
     * @param emit when results leave
     * @param having condition over this step's result that a group must pass to be seen, or null
     * @param output the result's columns
     */
    record Aggregate(
            List<Integer> keys, List<AggregateCall> aggregates, Window window, Emit emit, Expression having,
            Schema output) implements Step {
        public Aggregate {
            keys = List.copyOf(keys);
            aggregates = List.copyOf(aggregates);
        }
    }
}
