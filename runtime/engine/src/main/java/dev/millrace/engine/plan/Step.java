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
     * @param ttl how long groups are kept, null for ever; only for CHANGES without a window
     * @param output the result's columns
     */
    record Aggregate(
            List<Integer> keys, List<AggregateCall> aggregates, Window window, Emit emit, Expression having,
            StateTtl ttl, Schema output) implements Step {
        public Aggregate {
            keys = List.copyOf(keys);
            aggregates = List.copyOf(aggregates);
            if (ttl != null && (window != null || emit == Emit.FINAL)) {
                throw new IllegalArgumentException("windows and final results end the state of their groups");
            }
        }

        /** An aggregation that keeps its groups. */
        public Aggregate(
                List<Integer> keys, List<AggregateCall> aggregates, Window window, Emit emit, Expression having,
                Schema output) {
            this(keys, aggregates, window, emit, having, null, output);
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
     * <p>Where state with a time to live is kept behind it, a row that is no other than before is given as an update too:
     * that refreshes it.
     *
     * @param keys indexes of the key columns in the input
     * @param emit when rows leave
     * @param ttl how long rows are kept, null for ever; only for CHANGES
     * @param output the input's columns
     */
    record Normalize(List<Integer> keys, Emit emit, StateTtl ttl, Schema output) implements Step {
        public Normalize {
            keys = List.copyOf(keys);
            if (ttl != null && emit == Emit.FINAL) {
                throw new IllegalArgumentException("final results need all rows until the end");
            }
        }

        /** Keeps the rows. */
        public Normalize(List<Integer> keys, Emit emit, Schema output) {
            this(keys, emit, null, output);
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
     * @param ttl how long the rows before are kept of a key that none comes of, null for ever
     * @param output the result's columns
     */
    record Over(List<Integer> keys, int timeColumn, List<OverCall> calls, StateTtl ttl, Schema output) implements Step {
        public Over {
            keys = List.copyOf(keys);
            calls = List.copyOf(calls);
        }

        /** Keeps the rows before. */
        public Over(List<Integer> keys, int timeColumn, List<OverCall> calls, Schema output) {
            this(keys, timeColumn, calls, null, output);
        }
    }

    /**
     * ORDER BY and LIMIT over all rows of the result; the stage has one partition. Rows are released when the watermark has
     * passed their time, or at the end of the inputs. Those that are equal in all columns of the order come by input and
     * position.
     *
     * @param order the columns to sort by, and which rows leave
     * @param time the event time if the order begins with it, ascending; null if all rows wait for the end
     * @param output the input's columns
     */
    record Order(ResultOrder order, TimeColumn time, Schema output) implements Step {}
}
