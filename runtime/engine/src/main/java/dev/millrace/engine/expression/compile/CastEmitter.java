// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.function.DecimalMath;
import dev.millrace.engine.expression.function.NumberCasts;
import dev.millrace.engine.expression.function.RowFailure;
import dev.millrace.engine.expression.function.TextCasts;
import dev.millrace.engine.expression.function.TimeFunctions;
import dev.millrace.engine.expression.function.TimeScanner;
import dev.millrace.engine.expression.function.TimeText;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.type.TypeKind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.List;

/** Emits casts. */
final class CastEmitter {
    private final Emitter emitter;

    CastEmitter(Emitter emitter) {
        this.emitter = emitter;
    }

    void cast(Call call, Label onNull) {
        convert(emitter.operand(call.arguments().getFirst(), onNull), call.type());
    }

    /** Only the cast itself is caught: an error of the operand stays an error. */
    void tryCast(Call call, Label onNull) {
        CodeBuilder code = emitter.code();
        Operand operand = emitter.operand(call.arguments().getFirst(), onNull);
        Label start = code.newLabel();
        Label end = code.newLabel();
        Label handler = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(start);
        convert(operand, call.type());
        code.nop();
        code.labelBinding(end);
        code.goto_(done);
        code.labelBinding(handler).pop().goto_(onNull);
        code.exceptionCatch(start, end, handler, Emitter.desc(RowFailure.class));
        code.labelBinding(done);
    }

    /** Pushes the operand in another type. */
    void convert(Operand operand, SqlType to) {
        SqlType from = operand.type();
        switch (to.kind()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> toInteger(operand, to);
            case FLOAT, DOUBLE -> toDouble(operand, to);
            case DECIMAL -> toDecimal(operand, to);
            case BOOLEAN -> toBoolean(operand, to);
            case CHAR, VARCHAR -> toText(operand, to);
            case BINARY, VARBINARY -> toBytes(operand, to);
            case DATE -> toDate(operand, to);
            case TIME -> toTime(operand, to);
            case TIMESTAMP, TIMESTAMP_LTZ -> toTimestamp(operand, to);
            case INTERVAL_MILLIS, INTERVAL_MONTH -> {
                if (!from.kind().isInteger() && from.kind() != to.kind()) {
                    throw undefined(from, to);
                }
                operand.push().run();
            }
            case NULL -> throw undefined(from, to);
        }
    }

    private void toInteger(Operand operand, SqlType to) {
        SqlType from = operand.type();
        TypeKind kind = from.kind();
        String name = to.kind().name();
        if (kind.isInteger() || kind == TypeKind.INTERVAL_MILLIS || kind == TypeKind.INTERVAL_MONTH) {
            operand.push().run();
            if (!kind.isInteger() || kind.compareTo(to.kind()) > 0) {
                emitter.range(to.kind());
            }
        } else if (kind.isApproximate()) {
            emitter.invoke(NumberCasts.class, "doubleToLong", null, List.of(operand), min(to), max(to), name);
        } else if (kind == TypeKind.DECIMAL) {
            if (from.storage() == Storage.LONG) {
                operand.push().run();
                if (from.scale() > 0) {
                    emitter.code().loadConstant(DecimalMath.powerOfTen(from.scale())).ldiv();
                }
            } else {
                emitter.invoke(DecimalMath.class, "toLong", null, List.of(operand), from.scale());
            }
            emitter.range(to.kind());
        } else if (kind == TypeKind.BOOLEAN) {
            operand.push().run();
            emitter.code().i2l();
        } else if (kind.isCharacter()) {
            emitter.invoke(TextCasts.class, "toLong", null, List.of(operand), min(to), max(to), name);
        } else {
            throw undefined(from, to);
        }
    }

    private static long min(SqlType type) {
        return -max(type) - 1;
    }

    private static long max(SqlType type) {
        return switch (type.kind()) {
            case TINYINT -> Byte.MAX_VALUE;
            case SMALLINT -> Short.MAX_VALUE;
            case INTEGER -> Integer.MAX_VALUE;
            default -> Long.MAX_VALUE;
        };
    }

    private void toDouble(Operand operand, SqlType to) {
        CodeBuilder code = emitter.code();
        SqlType from = operand.type();
        TypeKind kind = from.kind();
        boolean toFloat = to.kind() == TypeKind.FLOAT;
        if (kind.isInteger()) {
            operand.push().run();
            if (toFloat) {
                code.l2f().f2d();
            } else {
                code.l2d();
            }
        } else if (kind.isApproximate()) {
            if (toFloat && kind == TypeKind.DOUBLE) {
                emitter.invoke(NumberCasts.class, "doubleToFloat", null, List.of(operand));
            } else {
                operand.push().run();
            }
        } else if (kind == TypeKind.DECIMAL) {
            boolean narrow = from.storage() == Storage.LONG;
            emitter.invoke(
                    DecimalMath.class,
                    narrow ? "unscaledToDouble" : "toDouble",
                    null,
                    List.of(operand),
                    from.scale());
            if (toFloat) {
                code.d2f().f2d();
            }
        } else if (kind == TypeKind.BOOLEAN) {
            operand.push().run();
            code.i2d();
        } else if (kind.isCharacter()) {
            emitter.invoke(TextCasts.class, toFloat ? "toFloat" : "toDouble", null, List.of(operand));
        } else {
            throw undefined(from, to);
        }
    }

    private void toDecimal(Operand operand, SqlType to) {
        CodeBuilder code = emitter.code();
        SqlType from = operand.type();
        TypeKind kind = from.kind();
        int precision = to.precision();
        int scale = to.scale();
        if (kind.isInteger() || kind == TypeKind.DECIMAL) {
            if (!longsToDecimal(operand, to)) {
                Operand wide = ComparisonEmitter.wide(emitter, operand);
                emitter.invoke(DecimalMath.class, "rescale", null, List.of(wide), from.scale(), precision, scale);
                ArithmeticEmitter.narrow(emitter, to);
            }
        } else if (kind.isApproximate()) {
            emitter.invoke(DecimalMath.class, "fromDouble", null, List.of(operand), precision, scale);
            ArithmeticEmitter.narrow(emitter, to);
        } else if (kind == TypeKind.BOOLEAN) {
            Operand number = new Operand(SqlType.BIGINT, () -> {
                operand.push().run();
                code.i2l();
            });
            toDecimal(number, to);
        } else if (kind.isCharacter()) {
            emitter.invoke(TextCasts.class, "toDecimal", null, List.of(operand), precision, scale);
            ArithmeticEmitter.narrow(emitter, to);
        } else {
            throw undefined(from, to);
        }
    }

    /** Plain 64-bit arithmetic where it can't overflow; false if that is not known. */
    private boolean longsToDecimal(Operand operand, SqlType to) {
        SqlType from = operand.type();
        int digits = switch (from.kind()) {
            case TINYINT -> 3;
            case SMALLINT -> 5;
            case INTEGER -> 10;
            case BIGINT -> 19;
            default -> from.precision();
        };
        int up = to.scale() - from.scale();
        if (from.storage() != Storage.LONG
                || to.storage() != Storage.LONG
                || up < 0
                || digits + up > SqlType.LONG_DECIMAL_DIGITS) {
            return false;
        }
        operand.push().run();
        if (up > 0) {
            emitter.code().loadConstant(DecimalMath.powerOfTen(up)).lmul();
        }
        if (digits + up > to.precision()) {
            Operand onStack = new Operand(SqlType.BIGINT, () -> {});
            emitter.invoke(DecimalMath.class, "fit", null, List.of(onStack), to.precision(), to.scale());
        }
        return true;
    }

    private void toBoolean(Operand operand, SqlType to) {
        CodeBuilder code = emitter.code();
        SqlType from = operand.type();
        TypeKind kind = from.kind();
        if (kind == TypeKind.BOOLEAN) {
            operand.push().run();
        } else if (kind.isCharacter()) {
            emitter.invoke(TextCasts.class, "toBoolean", null, List.of(operand));
        } else if (kind.isNumeric()) {
            Label zero = code.newLabel();
            Label done = code.newLabel();
            operand.push().run();
            switch (from.storage()) {
                case DOUBLE -> code.dconst_0().dcmpl();
                case DECIMAL128 -> code.lor().lconst_0().lcmp();
                default -> code.lconst_0().lcmp();
            }
            code.ifeq(zero).iconst_1().goto_(done);
            code.labelBinding(zero).iconst_0();
            code.labelBinding(done);
        } else {
            throw undefined(from, to);
        }
    }

    private void toText(Operand operand, SqlType to) {
        SqlType from = operand.type();
        List<Operand> operands = List.of(operand);
        switch (from.kind()) {
            case CHAR, VARCHAR -> {
                if (to.kind() == TypeKind.VARCHAR && from.precision() <= to.precision()) {
                    operand.push().run();
                    return;
                }
                String function = to.kind() == TypeKind.CHAR ? "toChar" : "toVarchar";
                emitter.invoke(TextCasts.class, function, null, operands, to.precision());
                return;
            }
            case TINYINT, SMALLINT, INTEGER, BIGINT ->
                    emitter.invoke(NumberCasts.class, "longToText", null, operands);
            case FLOAT -> emitter.invoke(NumberCasts.class, "floatToText", null, operands);
            case DOUBLE -> emitter.invoke(NumberCasts.class, "doubleToText", null, operands);
            case DECIMAL -> {
                String function = from.storage() == Storage.LONG ? "unscaledToText" : "decimalToText";
                emitter.invoke(NumberCasts.class, function, null, operands, from.scale());
            }
            case BOOLEAN -> emitter.invoke(NumberCasts.class, "booleanToText", null, operands);
            case BINARY, VARBINARY -> emitter.invoke(TextCasts.class, "bytesToText", null, operands);
            case DATE -> emitter.invoke(TimeText.class, "date", null, operands);
            case TIME -> emitter.invoke(
                    TimeText.class,
                    "time",
                    null,
                    operands,
                    from.unitsPerSecond(),
                    from.precision());
            case TIMESTAMP, TIMESTAMP_LTZ -> emitter.invoke(
                    TimeText.class,
                    "timestamp",
                    null,
                    operands,
                    from.unitsPerSecond(),
                    from.precision());
            default -> throw undefined(from, to);
        }
        if (to.precision() != SqlType.UNLIMITED) {
            Operand text = emitter.waiting(SqlType.STRING);
            String name = to.withNullable(true).toString();
            emitter.invoke(TextCasts.class, "fit", null, List.of(text), to.precision(), name);
            if (to.kind() == TypeKind.CHAR) {
                Operand fitting = emitter.waiting(SqlType.STRING);
                emitter.invoke(TextCasts.class, "toChar", null, List.of(fitting), to.precision());
            }
        }
    }

    private void toBytes(Operand operand, SqlType to) {
        SqlType from = operand.type();
        if (from.storage() != Storage.BYTES) {
            throw undefined(from, to);
        }
        if (to.precision() == SqlType.UNLIMITED) {
            operand.push().run();
        } else {
            String function = to.kind() == TypeKind.BINARY ? "toBinary" : "toVarbinary";
            emitter.invoke(TextCasts.class, function, null, List.of(operand), to.precision());
        }
    }

    private void toDate(Operand operand, SqlType to) {
        SqlType from = operand.type();
        if (from.kind() == TypeKind.DATE) {
            operand.push().run();
        } else if (from.kind().isTimestamp()) {
            emitter.invoke(TimeFunctions.class, "toDays", null, List.of(operand), from.unitsPerSecond());
        } else if (from.kind().isCharacter()) {
            emitter.invoke(TimeScanner.class, "date", null, List.of(operand), new TimeScanner());
        } else {
            throw undefined(from, to);
        }
    }

    private void toTime(Operand operand, SqlType to) {
        SqlType from = operand.type();
        if (from.kind().isCharacter()) {
            String name = to.withNullable(true).toString();
            emitter.invoke(
                    TimeScanner.class,
                    "time",
                    null,
                    List.of(operand),
                    to.unitsPerSecond(),
                    to.precision(),
                    name,
                    new TimeScanner());
        } else if (from.kind() == TypeKind.TIME) {
            rescaled(operand, to);
        } else if (from.kind().isTimestamp()) {
            emitter.invoke(TimeFunctions.class, "timeOfDay", null, List.of(operand), from.unitsPerSecond());
            Local local = emitter.store(Storage.LONG);
            rescaled(new Operand(from, () -> emitter.load(local)), to);
        } else {
            throw undefined(from, to);
        }
    }

    private void toTimestamp(Operand operand, SqlType to) {
        SqlType from = operand.type();
        if (from.kind().isCharacter()) {
            String name = to.withNullable(true).toString();
            emitter.invoke(
                    TimeScanner.class,
                    "timestamp",
                    null,
                    List.of(operand),
                    to.unitsPerSecond(),
                    to.precision(),
                    name,
                    new TimeScanner());
        } else if (from.kind() == TypeKind.DATE) {
            emitter.invoke(TimeFunctions.class, "fromDays", null, List.of(operand), to.unitsPerSecond());
        } else if (from.kind().isTimestamp()) {
            rescaled(operand, to);
        } else {
            throw undefined(from, to);
        }
    }

    /** The value of a time type in the units and digits of another. */
    private void rescaled(Operand operand, SqlType to) {
        SqlType from = operand.type();
        if (from.unitsPerSecond() == to.unitsPerSecond() && from.precision() <= to.precision()) {
            operand.push().run();
        } else {
            emitter.invoke(
                    TimeFunctions.class,
                    "rescale",
                    null,
                    List.of(operand),
                    from.unitsPerSecond(),
                    to.unitsPerSecond(),
                    to.precision());
        }
    }

    private static RuntimeException undefined(SqlType from, SqlType to) {
        return Emitter
                .notSupported("there is no cast from " + from.withNullable(true) + " to " + to.withNullable(true));
    }
}
