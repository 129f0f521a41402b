// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.type.Schema;
import java.util.List;

/** What a part of the algebra comes to. */
sealed interface Relation {

    /** Rows that need no state; several branches are the sides of UNION ALL. */
    record Rows(List<Branch> branches) implements Relation {
        public Rows {
            branches = List.copyOf(branches);
        }
    }

    /**
     * An aggregation and what is computed of its result.
     *
     * @param branches what is aggregated; their columns are those that travel to the partitions
     * @param sentNames names of the columns that travel
     * @param keys indexes of the keys among them
     * @param timeColumn index of the event time among them, or -1 without a window
     * @param output the columns of the aggregation's result
     * @param columns what is computed of them
     * @param condition what a group must fulfil to be seen, over the aggregation's result, or null
     */
    record Grouped(
            List<Branch> branches,
            List<String> sentNames,
            List<Integer> keys,
            List<AggregateCall> calls,
            int timeColumn,
            Schema output,
            List<Expression> columns,
            Expression condition) implements Relation {

        Grouped withColumns(List<Expression> changed) {
            return new Grouped(branches, sentNames, keys, calls, timeColumn, output, List.copyOf(changed), condition);
        }

        Grouped withCondition(Expression more) {
            return new Grouped(
                    branches, sentNames, keys, calls, timeColumn, output, columns, Branch.and(condition, more));
        }

        Windowing windowing() {
            return branches.getFirst().windowing();
        }
    }

    /**
     * Rows with what OVER gives for them, and what is computed of both.
     *
     * @param branches the rows; their columns are those that travel to the partitions
     * @param sentNames names of the columns that travel
     * @param keys indexes of PARTITION BY among them
     * @param timeColumn index of ORDER BY among them
     * @param output the columns that travel, and the results behind them
     * @param columns what is computed of these
     * @param condition which of the rows are seen, over the output, or null
     */
    record Over(
            List<Branch> branches,
            List<String> sentNames,
            List<Integer> keys,
            int timeColumn,
            List<OverCall> calls,
            Schema output,
            List<Expression> columns,
            Expression condition) implements Relation {

        Over withColumns(List<Expression> changed) {
            return new Over(branches, sentNames, keys, timeColumn, calls, output, List.copyOf(changed), condition);
        }

        Over withCondition(Expression more) {
            return new Over(
                    branches, sentNames, keys, timeColumn, calls, output, columns, Branch.and(condition, more));
        }
    }

    /** Rows that stand in the statement itself. */
    record Constants(List<List<Expression>> rows) implements Relation {}
}
