// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.upgrade;

import java.util.List;

/**
 * Where an operator finds its state among that of the operators before. Operators with state are counted from 0 within
 * their stage, in the order of its steps; keys, columns and calls by their place in the step.
 */
public sealed interface StateMapping {
    /** In place of a number: there is no such part before. */
    int NONE = -1;

    /** Nothing fits; the operator starts empty. */
    record Empty() implements StateMapping {}

    /**
     * The groups of an aggregation.
     *
     * @param operator the operator before
     * @param keys by key, the same one before
     * @param routedBy the keys that choose the partition of a group, in the order in which they are hashed
     * @param aggregates by aggregate, the same one before, or {@link #NONE}
     */
    record Groups(int operator, List<Integer> keys, List<Integer> routedBy,
            List<Integer> aggregates) implements StateMapping {
        public Groups {
            keys = List.copyOf(keys);
            routedBy = List.copyOf(routedBy);
            aggregates = List.copyOf(aggregates);
        }
    }

    /** The groups of an aggregation of rows that change: they are computed from the rows that are kept by key. */
    record Computed() implements StateMapping {}

    /**
     * The last row of every key.
     *
     * @param operator the operator before
     * @param keys by key, the same one before
     * @param routedBy the keys that choose the partition of a row, in the order in which they are hashed
     * @param columns by column of the rows, the same one before
     */
    record Rows(int operator, List<Integer> keys, List<Integer> routedBy,
            List<Integer> columns) implements StateMapping {
        public Rows {
            keys = List.copyOf(keys);
            routedBy = List.copyOf(routedBy);
            columns = List.copyOf(columns);
        }
    }

    /**
     * The rows before the current one, and those that wait.
     *
     * @param operator the operator before
     * @param keys by key, the same one before
     * @param routedBy the keys that choose the partition of a row, in the order in which they are hashed
     * @param columns by column of the rows, the same one before; empty if waiting rows are lost
     * @param calls by call, the same one before, or {@link #NONE}
     */
    record Frames(int operator, List<Integer> keys, List<Integer> routedBy, List<Integer> columns,
            List<Integer> calls) implements StateMapping {
        public Frames {
            keys = List.copyOf(keys);
            routedBy = List.copyOf(routedBy);
            columns = List.copyOf(columns);
            calls = List.copyOf(calls);
        }
    }

    /**
     * The rows that wait for their turn in an order, and how many have left.
     *
     * @param operator the operator before
     * @param columns by column of the rows, the same one before
     */
    record Waiting(int operator, List<Integer> columns) implements StateMapping {
        public Waiting {
            columns = List.copyOf(columns);
        }
    }
}
