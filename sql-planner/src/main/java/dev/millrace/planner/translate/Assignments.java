// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.util.ArrayList;
import java.util.List;

/** Brings the columns of a query into those of the table that it is inserted into. */
final class Assignments {
    private Assignments() {}

    /**
     * One expression per column of the target.
     *
     * @param columns what the query gives
     * @param names the names that it gives them
     */
    static List<Expression> assign(InsertTarget insert, List<Expression> columns, List<String> names) {
        Schema schema = insert.definition().schema();
        List<String> targets = insert.columns() != null ? insert.columns()
                : schema.columns().stream().map(Column::name).toList();
        if (targets.size() != columns.size()) {
            throw new MillraceException(
                    ErrorCode.INSERT_MISMATCH,
                    "the query gives " + count(columns.size()) + ", table \"" + insert.table().name() + "\" takes "
                            + count(targets.size()),
                    insert.queryPosition(), "columns of " + insert.table().name() + ": " + String.join(", ", targets)
                            + "\nthe query gives: " + String.join(", ", names));
        }
        List<Expression> assigned = new ArrayList<>();
        for (Column column : schema.columns()) {
            assigned.add(Literal.nullOf(column.type()));
        }
        for (int i = 0; i < targets.size(); i++) {
            int index = schema.indexOf(targets.get(i));
            assigned.set(index, assign(insert, columns.get(i), schema.column(index), i));
        }
        for (int i = 0; i < schema.size(); i++) {
            if (!schema.type(i).nullable() && !targets.contains(schema.column(i).name())) {
                throw new MillraceException(
                        ErrorCode.INSERT_MISMATCH,
                        "column \"" + schema.column(i).name() + "\" is NOT NULL and gets no value", insert.position(),
                        "add it to the columns of the INSERT");
            }
        }
        return assigned;
    }

    private static Expression assign(InsertTarget insert, Expression value, Column target, int index) {
        if (!isAssignable(value.type(), target.type())) {
            SourceSpan place = index < insert.itemPositions().size() ? insert.itemPositions().get(index)
                    : insert.queryPosition();
            throw new MillraceException(
                    ErrorCode.INSERT_MISMATCH,
                    "column " + (index + 1) + " of the query is " + value.type().withNullable(true) + ", column \""
                            + target.name() + "\" of \"" + insert.table().name() + "\" is "
                            + target.type().withNullable(true),
                    place, "say how it is meant: CAST(… AS " + target.type().withNullable(true) + ")");
        }
        return Casts.to(value, target.type());
    }

    private static boolean isAssignable(SqlType from, SqlType to) {
        TypeKind kind = from.kind();
        if (kind == TypeKind.NULL) {
            return to.nullable();
        }
        if (kind.isNumeric() && to.kind().isNumeric()) {
            return true;
        }
        if (kind.isCharacter() && to.kind().isCharacter()) {
            return from.precision() <= to.precision();
        }
        boolean bothBinary = isBinary(kind) && isBinary(to.kind());
        if (bothBinary) {
            return from.precision() <= to.precision();
        }
        if (kind.isTimestamp() || kind == TypeKind.DATE) {
            return to.kind().isTimestamp() || to.kind() == kind;
        }
        return kind == to.kind();
    }

    private static boolean isBinary(TypeKind kind) {
        return kind == TypeKind.BINARY || kind == TypeKind.VARBINARY;
    }

    private static String count(int columns) {
        return columns == 1 ? "1 column" : columns + " columns";
    }
}
