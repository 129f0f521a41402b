// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.type.TypeKind;

/** Computes what does not depend on the row once, by compiling it and running it for a batch of one row. */
final class ConstantFolding {
    private ConstantFolding() {}

    /** The value of a call whose operands are literals; other calls, and one that fails, as they are. */
    static Expression fold(Call call) {
        if (call.type().kind() == TypeKind.NULL
                || !call.arguments().stream().allMatch(argument -> argument instanceof Literal)) {
            return call;
        }
        Vector[] noColumns = new Vector[0];
        RowErrors errors = new RowErrors();
        FailedRows failures = new FailedRows(Batch.of(noColumns, 1), errors);
        Vector result = Vector.create(call.type().storage(), 1);
        LoopCompiler.compile(call, false, LoopShape.DENSE).run(noColumns, 1, null, 1, result, null, failures);
        if (!errors.isEmpty()) {
            return call;
        }
        return new Literal(result.isNull(0) ? null : value(call, result), call.type());
    }

    private static Object value(Call call, Vector vector) {
        return switch (vector) {
            case LongVector longs -> longs.get(0);
            case DoubleVector doubles -> doubles.get(0);
            case BooleanVector booleans -> booleans.get(0);
            case DecimalVector decimals -> Int128.toBigInteger(decimals.high()[0], decimals.low()[0]);
            case BytesVector bytes -> call.type().kind().isCharacter() ? bytes.getString(0) : bytes.get(0);
        };
    }
}
