// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.expression.function.Bytes;
import dev.millrace.engine.expression.function.DecimalMath;
import dev.millrace.engine.expression.function.DoubleMath;
import dev.millrace.engine.expression.function.TimeFunctions;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.type.TypeKind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.Opcode;
import java.util.List;

/** Emits comparisons of two values that are not NULL. */
final class ComparisonEmitter {
    private final Emitter emitter;

    ComparisonEmitter(Emitter emitter) {
        this.emitter = emitter;
    }

    void jump(Operation operation, Operand a, Operand b, Label ifTrue, Label ifFalse) {
        CodeBuilder code = emitter.code();
        switch (a.type().storage()) {
            case DOUBLE -> doubles(operation, a, b, ifTrue, ifFalse);
            case BOOLEAN -> {
                a.push().run();
                b.push().run();
                code.isub();
                code.branch(againstZero(operation), ifTrue).goto_(ifFalse);
            }
            case BYTES -> {
                boolean equality = operation == Operation.EQUAL || operation == Operation.NOT_EQUAL;
                emitter.invoke(Bytes.class, equality ? "equal" : "compare", null, List.of(a, b));
                if (equality) {
                    code.branch(operation == Operation.EQUAL ? Opcode.IFNE : Opcode.IFEQ, ifTrue).goto_(ifFalse);
                } else {
                    code.branch(againstZero(operation), ifTrue).goto_(ifFalse);
                }
            }
            case LONG, DECIMAL128 -> {
                if (a.type().kind() == TypeKind.DECIMAL) {
                    decimals(a, b);
                } else if (hasUnits(a.type()) && a.type().unitsPerSecond() != b.type().unitsPerSecond()) {
                    emitter.invoke(
                            TimeFunctions.class,
                            "compare",
                            null,
                            List.of(a, b),
                            a.type().unitsPerSecond(),
                            b.type().unitsPerSecond());
                } else {
                    a.push().run();
                    b.push().run();
                    code.lcmp();
                }
                code.branch(againstZero(operation), ifTrue).goto_(ifFalse);
            }
        }
    }

    private static boolean hasUnits(SqlType type) {
        return type.kind().isTimestamp() || type.kind() == TypeKind.TIME;
    }

    private void doubles(Operation operation, Operand a, Operand b, Label ifTrue, Label ifFalse) {
        String function = switch (operation) {
            case LESS, GREATER -> "less";
            case LESS_OR_EQUAL, GREATER_OR_EQUAL -> "lessOrEqual";
            default -> "equal";
        };
        boolean swapped = operation == Operation.GREATER || operation == Operation.GREATER_OR_EQUAL;
        emitter.invoke(DoubleMath.class, function, null, swapped ? List.of(b, a) : List.of(a, b));
        emitter.code().branch(operation == Operation.NOT_EQUAL ? Opcode.IFEQ : Opcode.IFNE, ifTrue).goto_(ifFalse);
    }

    /** Pushes an int that compares to zero as the first to the second. */
    private void decimals(Operand a, Operand b) {
        SqlType x = a.type();
        SqlType y = b.type();
        int scale = Math.max(x.scale(), y.scale());
        boolean fit = x.storage() == Storage.LONG
                && y.storage() == Storage.LONG
                && x.precision() - x.scale() + scale <= SqlType.LONG_DECIMAL_DIGITS
                && y.precision() - y.scale() + scale <= SqlType.LONG_DECIMAL_DIGITS;
        if (fit) {
            scaled(a, scale);
            scaled(b, scale);
            emitter.code().lcmp();
        } else {
            emitter.invoke(
                    DecimalMath.class,
                    "compare",
                    null,
                    List.of(wide(emitter, a), wide(emitter, b)),
                    x.scale(),
                    y.scale());
        }
    }

    private void scaled(Operand operand, int scale) {
        operand.push().run();
        if (scale > operand.type().scale()) {
            emitter.code().loadConstant(DecimalMath.powerOfTen(scale - operand.type().scale())).lmul();
        }
    }

    /** The operand as a 128-bit decimal. */
    static Operand wide(Emitter emitter, Operand operand) {
        if (operand.type().storage() != Storage.LONG) {
            return operand;
        }
        SqlType type = SqlType.decimal(38, operand.type().scale());
        return new Operand(type, () -> {
            operand.push().run();
            emitter.code().dup2().bipush(63).lshr().dup2_x2().pop2();
        });
    }

    private static Opcode againstZero(Operation operation) {
        return switch (operation) {
            case EQUAL -> Opcode.IFEQ;
            case NOT_EQUAL -> Opcode.IFNE;
            case LESS -> Opcode.IFLT;
            case LESS_OR_EQUAL -> Opcode.IFLE;
            case GREATER -> Opcode.IFGT;
            case GREATER_OR_EQUAL -> Opcode.IFGE;
            default -> throw new IllegalArgumentException(operation.toString());
        };
    }
}
