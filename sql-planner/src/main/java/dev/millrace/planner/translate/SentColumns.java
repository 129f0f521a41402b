// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/** Collects the columns that an aggregation needs of its inputs; each is sent once. */
final class SentColumns {
    private final List<Branch> inputs;
    private final List<List<Expression>> columns = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    SentColumns(List<Branch> inputs) {
        this.inputs = inputs;
    }

    /** Index of a column of the inputs among those sent. */
    int addColumn(int column, String name) {
        return add(inputs.stream().map(branch -> branch.columns().get(column)).toList(), name);
    }

    /**
     * Index of a column among those sent.
     *
     * @param values what it is in each input
     * @param name its name, if it is not plainly a column of a table
     */
    int add(List<Expression> values, String name) {
        int index = columns.indexOf(values);
        if (index >= 0) {
            return index;
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i).windowColumn(values.get(i)) >= 0) {
                throw new MillraceException(
                        ErrorCode.NOT_SUPPORTED,
                        "the bounds of a window can't be aggregated in the query of the window",
                        "aggregate them in a query over its result");
            }
        }
        columns.add(values);
        names.add(nameOf(values, name));
        return columns.size() - 1;
    }

    private String nameOf(List<Expression> values, String name) {
        String wanted = values.getFirst() instanceof ColumnReference reference
                ? inputs.getFirst().table().definition().schema().column(reference.index()).name() : name;
        String unique = wanted;
        for (int i = 2; names.contains(unique); i++) {
            unique = wanted + i;
        }
        return unique;
    }

    SqlType type(int index) {
        List<Expression> values = columns.get(index);
        boolean nullable = values.stream().anyMatch(value -> value.type().nullable());
        return values.getFirst().type().withNullable(nullable);
    }

    List<String> names() {
        return names;
    }

    /** The inputs with what is sent as their columns. */
    List<Branch> branches() {
        List<Branch> branches = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            int input = i;
            branches.add(inputs.get(i).withColumns(columns.stream().map(values -> values.get(input)).toList()));
        }
        return branches;
    }
}
