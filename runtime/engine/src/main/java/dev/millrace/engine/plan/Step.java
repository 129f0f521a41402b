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

    /**
     * Makes changes of upserts: keeps the last row of every key. A row of kind −D deletes its key, whatever its other
     * columns hold; every other row is the new row of its key. It stands first in its stage.
     *
     * <p>CHANGES gives +I for a new key, −U and +U with the same position, one right behind the other, for a row that has
     * changed, −D for one that was deleted, and nothing where nothing has changed. FINAL gives the rows that are left when
     * all inputs have ended.
     *
     * @param keys indexes of the key columns in the input
     * @param emit when rows leave
     * @param output the input's columns
     */
    record Normalize(List<Integer> keys, Emit emit, Schema output) implements Step {
        public Normalize {
            keys = List.copyOf(keys);
        }
    }

    /**
     * Puts updates right of which filters let one half pass only: a −U alone becomes −D, a +U alone +I. Updates whose
     * halves projections have made the same are left out.
     *
     * @param keepsBefore whether the −U of a whole update passes; else only its +U does
     * @param output the input's columns
     */
    record MatchUpdates(boolean keepsBefore, Schema output) implements Step {}

    /**
     * OVER: for every row, in the order of event time within its key, the row with values over the rows before it. The
     * result's columns are those of the input, in order; the values, in order.
     *
     * @param keys indexes of the PARTITION BY columns in the input (none: one order of all rows)
     * @param timeColumn index of the ORDER BY column in the input: a TIMESTAMP or TIMESTAMP_LTZ
     * @param calls what is computed
     * @param output the result's columns
     */
    record Over(List<Integer> keys, int timeColumn, List<OverCall> calls, Schema output) implements Step {
        public Over {
            keys = List.copyOf(keys);
            calls = List.copyOf(calls);
        }
    }
}
