// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.expression.function.DecimalMath;
import dev.millrace.engine.expression.function.DoubleMath;
import dev.millrace.engine.expression.function.IntegerMath;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.math.RoundingMode;
import java.util.List;

/** Emits the functions on numbers. */
final class NumberEmitter {
    private static final ClassDesc MATH = Emitter.desc(Math.class);
    private static final MethodTypeDesc DOUBLE_TO_DOUBLE = MethodTypeDesc.of(
            ConstantDescs.CD_double,
            ConstantDescs.CD_double);

    private final Emitter emitter;

    NumberEmitter(Emitter emitter) {
        this.emitter = emitter;
    }

    void emit(Call call, Label onNull) {
        List<Expression> arguments = call.arguments();
        SqlType type = arguments.getFirst().type();
        TypeKind result = call.type().kind();
        boolean sameFamily = type.kind().isApproximate()
                ? result.isApproximate()
                : (type.kind() == TypeKind.DECIMAL) == (result == TypeKind.DECIMAL) && !result.isApproximate();
        if (!sameFamily) {
            // Such as FLOOR of a DOUBLE as BIGINT: computed in the operand's type, with room for one digit more.
            SqlType inner = type.kind() == TypeKind.DECIMAL
                    ? SqlType.decimal(Math.min(38, type.precision() + 1), type.scale())
                    : type;
            emit(new Call(call.operation(), arguments, inner), onNull);
            emitter.convert(emitter.waiting(inner), call.type());
            return;
        }
        List<Operand> operands = emitter.operands(arguments, onNull);
        if ((call.operation() == Operation.ROUND || call.operation() == Operation.TRUNCATE) && operands.size() == 1) {
            operands.add(new Operand(SqlType.BIGINT, () -> emitter.code().loadConstant(0L)));
        }
        if (type.kind().isApproximate()) {
            doubles(call, operands);
        } else if (type.kind() == TypeKind.DECIMAL) {
            decimals(call, operands);
        } else {
            integers(call, operands);
        }
    }

    private void integers(Call call, List<Operand> operands) {
        switch (call.operation()) {
            case FLOOR, CEIL -> operands.getFirst().push().run();
            case ABS, SIGN, ROUND, TRUNCATE ->
                    emitter.invoke(IntegerMath.class, ArithmeticEmitter.function(call.operation()), null, operands);
            default -> throw Emitter.undefined(call);
        }
        emitter.range(call.type().kind());
    }

    private void doubles(Call call, List<Operand> operands) {
        CodeBuilder code = emitter.code();
        switch (call.operation()) {
            case ABS, FLOOR, CEIL, EXP -> {
                operands.getFirst().push().run();
                code.invokestatic(MATH, ArithmeticEmitter.function(call.operation()), DOUBLE_TO_DOUBLE);
            }
            case SIGN, SQRT, LN, LOG10, POWER, ROUND, TRUNCATE ->
                    emitter.invoke(DoubleMath.class, ArithmeticEmitter.function(call.operation()), null, operands);
            default -> throw Emitter.undefined(call);
        }
        if (call.type().kind() == TypeKind.FLOAT) {
            code.d2f().f2d();
        }
    }

    private void decimals(Call call, List<Operand> operands) {
        Operand value = ComparisonEmitter.wide(emitter, operands.getFirst());
        int from = operands.getFirst().type().scale();
        SqlType to = call.type();
        switch (call.operation()) {
            case ABS ->
                    emitter.invoke(DecimalMath.class, "abs", null, List.of(value), from, to.precision(), to.scale());
            case SIGN -> emitter.invoke(DecimalMath.class, "sign", null, List.of(value), to.precision(), to.scale());
            case FLOOR, CEIL, ROUND, TRUNCATE -> {
                RoundingMode mode = switch (call.operation()) {
                    case FLOOR -> RoundingMode.FLOOR;
                    case CEIL -> RoundingMode.CEILING;
                    case ROUND -> RoundingMode.HALF_UP;
                    default -> RoundingMode.DOWN;
                };
                Operand digits = operands.size() > 1
                        ? operands.get(1)
                        : new Operand(SqlType.BIGINT, () -> emitter.code().loadConstant(0L));
                emitter.invoke(
                        DecimalMath.class,
                        "cut",
                        null,
                        List.of(value, digits),
                        from,
                        mode,
                        to.precision(),
                        to.scale());
            }
            default -> throw Emitter.undefined(call);
        }
        ArithmeticEmitter.narrow(emitter, to);
    }
}
