// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.expression.function.DecimalMath;
import dev.millrace.engine.expression.function.IntegerMath;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.type.TypeKind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Emits arithmetic on numbers. */
final class ArithmeticEmitter {
    private final Emitter emitter;

    ArithmeticEmitter(Emitter emitter) {
        this.emitter = emitter;
    }

    void emit(Call call, Label onNull) {
        List<Operand> operands = emitter.operands(call.arguments(), onNull);
        TypeKind kind = call.type().kind();
        if (kind.isApproximate()) {
            doubles(call, operands);
        } else if (kind == TypeKind.DECIMAL) {
            decimals(call, operands);
        } else if (kind.isInteger() || kind == TypeKind.INTERVAL_MILLIS || kind == TypeKind.INTERVAL_MONTH) {
            integers(call, operands);
        } else {
            throw Emitter.undefined(call);
        }
    }

    private void doubles(Call call, List<Operand> operands) {
        CodeBuilder code = emitter.code();
        operands.forEach(operand -> operand.push().run());
        switch (call.operation()) {
            case ADD -> code.dadd();
            case SUBTRACT -> code.dsub();
            case MULTIPLY -> code.dmul();
            case DIVIDE -> code.ddiv();
            case MODULO -> code.drem();
            case NEGATE -> code.dneg();
            default -> throw Emitter.undefined(call);
        }
        if (call.type().kind() == TypeKind.FLOAT) {
            code.d2f().f2d();
        }
    }

    private void integers(Call call, List<Operand> operands) {
        CodeBuilder code = emitter.code();
        for (Operand operand : operands) {
            if (operand.type().storage() != Storage.LONG || operand.type().kind() == TypeKind.DECIMAL) {
                throw Emitter.undefined(call);
            }
        }
        boolean plain = operands.stream().allMatch(operand -> isShort(operand.type().kind()));
        if (plain && call.operation() != Operation.DIVIDE && call.operation() != Operation.MODULO) {
            // The result of operands of 32 bits fits 64.
            operands.forEach(operand -> operand.push().run());
            switch (call.operation()) {
                case ADD -> code.ladd();
                case SUBTRACT -> code.lsub();
                case MULTIPLY -> code.lmul();
                case NEGATE -> code.lneg();
                default -> throw Emitter.undefined(call);
            }
        } else {
            emitter.invoke(IntegerMath.class, function(call.operation()), null, operands);
        }
        range(call.type().kind());
    }

    private static boolean isShort(TypeKind kind) {
        return kind == TypeKind.TINYINT || kind == TypeKind.SMALLINT || kind == TypeKind.INTEGER;
    }

    /** Checks the value on the stack against the range of an integer type. */
    void range(TypeKind kind) {
        String check = switch (kind) {
            case TINYINT -> "toTinyint";
            case SMALLINT -> "toSmallint";
            case INTEGER -> "toInteger";
            default -> null;
        };
        if (check != null) {
            emitter.invoke(IntegerMath.class, check, null, List.of(onStack()));
        }
    }

    /** The 64-bit value that is on the stack already. */
    private static Operand onStack() {
        return new Operand(SqlType.BIGINT, () -> {});
    }

    static String function(Operation operation) {
        return operation.name().toLowerCase(Locale.ROOT);
    }

    private void decimals(Call call, List<Operand> operands) {
        if (operands.stream().anyMatch(operand -> operand.type().kind() != TypeKind.DECIMAL)) {
            throw Emitter.undefined(call);
        }
        SqlType type = call.type();
        if (type.storage() == Storage.LONG && longs(call, operands)) {
            return;
        }
        List<Object> constants = new ArrayList<>();
        operands.forEach(operand -> constants.add(operand.type().scale()));
        constants.add(type.precision());
        constants.add(type.scale());
        List<Operand> wide = operands.stream().map(operand -> ComparisonEmitter.wide(emitter, operand)).toList();
        emitter.invoke(DecimalMath.class, function(call.operation()), null, wide, constants.toArray());
        narrow(emitter, type);
    }

    /** Takes the upper half of a wide decimal from the stack if the type has 64 bits. */
    static void narrow(Emitter emitter, SqlType type) {
        if (type.storage() == Storage.LONG) {
            // The upper half, which is below, holds nothing but the sign.
            emitter.code().dup2_x2().pop2().pop2();
        }
    }

    /** Plain 64-bit arithmetic where no intermediate result can overflow; false if that is not known. */
    private boolean longs(Call call, List<Operand> operands) {
        CodeBuilder code = emitter.code();
        SqlType type = call.type();
        if (operands.stream().anyMatch(operand -> operand.type().storage() != Storage.LONG)) {
            return false;
        }
        SqlType a = operands.getFirst().type();
        SqlType b = operands.getLast().type();
        int digits;
        switch (call.operation()) {
            case ADD, SUBTRACT -> {
                int aDigits = a.precision() - a.scale() + type.scale();
                int bDigits = b.precision() - b.scale() + type.scale();
                if (type.scale() < Math.max(a.scale(), b.scale())
                        || Math.max(aDigits, bDigits) > SqlType.LONG_DECIMAL_DIGITS) {
                    return false;
                }
                scaled(operands.getFirst(), type.scale());
                scaled(operands.getLast(), type.scale());
                if (call.operation() == Operation.ADD) {
                    code.ladd();
                } else {
                    code.lsub();
                }
                digits = Math.max(aDigits, bDigits) + 1;
            }
            case MULTIPLY -> {
                digits = a.precision() + b.precision();
                if (type.scale() != a.scale() + b.scale() || digits > SqlType.LONG_DECIMAL_DIGITS) {
                    return false;
                }
                operands.forEach(operand -> operand.push().run());
                code.lmul();
            }
            case NEGATE -> {
                if (type.scale() != a.scale()) {
                    return false;
                }
                operands.getFirst().push().run();
                code.lneg();
                digits = a.precision();
            }
            default -> {
                return false;
            }
        }
        if (digits > type.precision()) {
            emitter.invoke(DecimalMath.class, "fit", null, List.of(onStack()), type.precision(), type.scale());
        }
        return true;
    }

    private void scaled(Operand operand, int scale) {
        operand.push().run();
        if (scale > operand.type().scale()) {
            emitter.code().loadConstant(DecimalMath.powerOfTen(scale - operand.type().scale())).lmul();
        }
    }
}
