// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.ExpressionCompiler;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.function.Int128;
import java.util.List;

/** Computes expressions over no columns, as a job would over a row. */
final class Constants {
    private Constants() {}

    /**
     * The value of an expression without column references.
     *
     * @param position where it stands in the script
     * @throws MillraceException if it fails, as a row would
     */
    static Literal evaluate(Expression expression, SourceSpan position) {
        RowErrors errors = new RowErrors();
        Batch row = Batch.of(new Vector[0], 1);
        Batch result = ExpressionCompiler.projection(List.of(expression)).apply(row, new BatchArena(), errors);
        if (!errors.isEmpty()) {
            RowErrors.RowError error = errors.take().getFirst();
            throw new MillraceException(error.code(), error.reason(), position, null);
        }
        return literal(result.column(0), expression);
    }

    private static Literal literal(Vector vector, Expression expression) {
        if (vector.isNull(0)) {
            return Literal.nullOf(expression.type());
        }
        Object value = switch (vector) {
            case LongVector v -> v.get(0);
            case DoubleVector v -> v.get(0);
            case BooleanVector v -> v.get(0);
            case DecimalVector v -> Int128.toBigInteger(v.high()[0], v.low()[0]);
            case BytesVector v -> expression.type().kind().isCharacter() ? v.getString(0) : v.get(0);
        };
        return new Literal(value, expression.type());
    }
}
