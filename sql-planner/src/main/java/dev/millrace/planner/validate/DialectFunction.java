// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.validate;

import dev.millrace.engine.expression.Operation;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;
import org.apache.calcite.sql.type.SqlReturnTypeInference;

/** A function that is one operation of the engine, with the same arguments in the same order. */
public final class DialectFunction extends SqlFunction {
    private final Operation operation;

    DialectFunction(String name, Operation operation, SqlReturnTypeInference result, SqlOperandTypeChecker operands) {
        super(name, SqlKind.OTHER_FUNCTION, result, null, operands, SqlFunctionCategory.USER_DEFINED_FUNCTION);
        this.operation = operation;
    }

    public Operation operation() {
        return operation;
    }
}
