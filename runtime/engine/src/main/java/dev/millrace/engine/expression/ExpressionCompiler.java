// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.expression.compile.CompiledFilter;
import dev.millrace.engine.expression.compile.CompiledProjection;
import dev.millrace.engine.type.TypeKind;
import java.util.List;

/**
 * Compiles expressions to loops over the arrays of a batch.
 *
 * <p>Operands are evaluated from left to right, and only as far as needed: an operation that is NULL if an operand is
 * NULL ends with the first such operand, AND with the first false one (a NULL does not end it), OR with the first true
 * one, CASE and COALESCE evaluate nothing behind the value they take. What is not evaluated can't fail.
 *
 * <p>The results hold mutable buffers, so each is for one thread at a time; compile once per operator.
 */
public final class ExpressionCompiler {
    private ExpressionCompiler() {}

    /**
     * Compiles the columns of a result.
     *
     * @throws dev.millrace.engine.error.MillraceException if an expression is too large, casts between types that have no
     *     cast, or has a literal pattern that is not one
     * @throws IllegalArgumentException if an operation has operands that it is not defined for
     */
    public static Projection projection(List<Expression> expressions) {
        return new CompiledProjection(expressions);
    }

    /**
     * Compiles a condition.
     *
     * @throws dev.millrace.engine.error.MillraceException as {@link #projection}
     * @throws IllegalArgumentException if the condition is not a truth value, or as {@link #projection}
     */
    public static RowFilter filter(Expression condition) {
        TypeKind kind = condition.type().kind();
        if (kind != TypeKind.BOOLEAN && kind != TypeKind.NULL) {
            throw new IllegalArgumentException("a condition of type " + condition.type());
        }
        return new CompiledFilter(condition);
    }
}
