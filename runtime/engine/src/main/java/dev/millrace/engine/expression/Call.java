// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.type.SqlType;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An operation on expressions.
 *
 * @param operation what is done
 * @param arguments the operands, of the types that the operation asks for
 * @param type the type of the result
 */
public record Call(Operation operation, List<Expression> arguments, SqlType type) implements Expression {
    public Call {
        arguments = List.copyOf(arguments);
    }

    public Call(Operation operation, SqlType type, Expression... arguments) {
        this(operation, List.of(arguments), type);
    }

    @Override
    public String toString() {
        String list = arguments.stream().map(Object::toString).collect(Collectors.joining(", "));
        return operation == Operation.CAST ? "CAST(" + list + " AS " + type + ")" : operation + "(" + list + ")";
    }
}
