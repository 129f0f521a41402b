// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.planner.catalog.CatalogTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Keeps rows of one key of a table in one partition of the job. In a table that takes upserts the last row of a key wins,
 * and between partitions it would be left to chance which one that is.
 */
final class SinkKeys {
    private SinkKeys() {}

    /** Whether it matters to the table which row of a key is the last. */
    static boolean matter(InsertTarget insert, SinkChanges changes) {
        return insert != null && !insert.definition().primaryKey().isEmpty()
                && (changes == SinkChanges.UPSERT || changes == SinkChanges.UPSERT_DELETE);
    }

    /** The indexes of the table's key columns. */
    static List<Integer> indexes(InsertTarget insert) {
        Schema schema = insert.definition().schema();
        return insert.definition().primaryKey().stream().map(schema::indexOf).toList();
    }

    /**
     * Refuses an aggregation whose groups do not fit the table's key.
     *
     * @param hashed keys by whose hash the groups get to partitions
     * @param columns what the aggregation's result gives for each column of the table
     * @param updating whether results of a group are replaced
     */
    static void check(
            InsertTarget insert, Relation.Grouped grouped, List<Integer> hashed, List<Expression> columns,
            boolean updating) {
        String table = insert.table().name();
        List<Expression> key = indexes(insert).stream().map(columns::get).toList();
        int firstKey = grouped.output().size() - grouped.calls().size() - grouped.keys().size();
        for (int grouping : hashed) {
            checkHashed(
                    insert, key, firstKey + grouped.keys().indexOf(grouping), grouped.sentNames().get(grouping),
                    "group by", "groups by");
        }
        int firstCall = firstKey + grouped.keys().size();
        for (int i = 0; updating && i < key.size(); i++) {
            if (Columns.refersBehind(key.get(i), firstCall)) {
                throw new MillraceException(
                        ErrorCode.SINK_REFUSED,
                        "key column \"" + insert.definition().primaryKey().get(i) + "\" of table \"" + table
                                + "\" would change with the results, and rows under its former values would stay",
                        insert.position(), "make a PRIMARY KEY of what the query groups by");
            }
        }
    }

    /**
     * Refuses a filter or projection of a table of upserts whose rows do not fit the table's key.
     *
     * @param columns what the query gives for each column of the table, over the columns of the source
     */
    static void checkKeyed(InsertTarget insert, CatalogTable source, List<Expression> columns) {
        List<Expression> key = indexes(insert).stream().map(columns::get).toList();
        for (int column : KeyedInput.key(source.definition())) {
            if (key.stream().noneMatch(expression -> tells(expression, column))) {
                String name = source.definition().schema().column(column).name();
                String table = insert.table().name();
                throw new MillraceException(
                        ErrorCode.SINK_REFUSED,
                        "rows of table \"" + source.name() + "\" with different keys would become rows of table \""
                                + table + "\" with the same one, and replace and delete each other: \"" + name
                                + "\" is not in PRIMARY KEY (" + String.join(", ", insert.definition().primaryKey())
                                + ")",
                        insert.position(),
                        "insert \"" + name + "\" as it is into a column of the PRIMARY KEY of " + table);
            }
        }
    }

    /** Whether the row of a source's key can get another key in the table. */
    static boolean mayChange(InsertTarget insert, List<Integer> sourceKey, List<Expression> columns) {
        Set<Integer> used = new HashSet<>();
        indexes(insert).forEach(index -> Columns.collect(columns.get(index), used));
        return !sourceKey.containsAll(used);
    }

    /** Whether the columns tell of which key a row is. */
    static boolean tellKey(List<Expression> columns, List<Integer> key) {
        return key.stream().allMatch(column -> columns.stream().anyMatch(value -> tells(value, column)));
    }

    /**
     * Refuses OVER whose rows of one key of the table would come from several partitions.
     *
     * @param hashed keys by whose hash the rows get to partitions
     * @param columns what is computed of OVER's output for each column of the table
     */
    static void check(InsertTarget insert, Relation.Over over, List<Integer> hashed, List<Expression> columns) {
        List<Expression> key = indexes(insert).stream().map(columns::get).toList();
        for (int column : hashed) {
            checkHashed(insert, key, column, over.sentNames().get(column), "partition by", "partitions by");
        }
    }

    /** @param column a column by which rows get to partitions, where the expressions of the table's key see it */
    private static void checkHashed(
            InsertTarget insert, List<Expression> key, int column, String name, String verb, String does) {
        if (key.stream().noneMatch(expression -> tells(expression, column))) {
            String table = insert.table().name();
            throw new MillraceException(
                    ErrorCode.SINK_REFUSED,
                    "rows of one key of table \"" + table + "\" would come from several partitions, and chance"
                            + " would decide which stays: the query " + does + " \"" + name
                            + "\", which is not in PRIMARY KEY ("
                            + String.join(", ", insert.definition().primaryKey()) + ")",
                    insert.position(),
                    "insert \"" + name + "\" into a column of the PRIMARY KEY of " + table
                            + ", or " + verb + " columns of that key only");
        }
    }

    /** Whether different values of the column give different values of the expression. */
    private static boolean tells(Expression expression, int column) {
        return switch (expression) {
            case ColumnReference reference -> reference.index() == column;
            case Call call -> call.operation() == Operation.CAST
                    && widens(call.arguments().getFirst().type(), call.type())
                    && tells(call.arguments().getFirst(), column);
            default -> false;
        };
    }

    private static boolean widens(SqlType from, SqlType to) {
        if (from.kind().isInteger() && to.kind().isInteger()) {
            return to.kind().compareTo(from.kind()) >= 0;
        }
        return from.kind() == to.kind() && from.kind().isTimestamp() && to.precision() >= from.precision();
    }
}
