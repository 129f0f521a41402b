// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.expression.function.DateFormat;
import dev.millrace.engine.expression.function.IntegerMath;
import dev.millrace.engine.expression.function.TimeFunctions;
import dev.millrace.engine.expression.function.TimeScanner;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.lang.classfile.Label;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Emits the functions on times. They work on a timestamp (or a time of day) in units that are fine enough for operand,
 * result and unit; dates are brought to it first, and the result to its own type at the end.
 */
final class TimeEmitter {
    private static final byte[] DEFAULT_PATTERN = "yyyy-MM-dd HH:mm:ss".getBytes(StandardCharsets.UTF_8);

    private final Emitter emitter;

    TimeEmitter(Emitter emitter) {
        this.emitter = emitter;
    }

    /** Whether a call of ADD or the like has a time among its operands. */
    static boolean isTimeArithmetic(Call call) {
        return call.arguments().stream().anyMatch(argument -> isTime(argument.type().kind()));
    }

    private static boolean isTime(TypeKind kind) {
        return kind == TypeKind.DATE || kind == TypeKind.TIME || kind.isTimestamp();
    }

    void emit(Call call, Label onNull) {
        switch (call.operation()) {
            case EXTRACT -> extract(call, onNull);
            case DATE_TRUNC -> truncate(call, onNull);
            case TIMESTAMP_ADD -> timestampAdd(call, onNull);
            case TIMESTAMP_DIFF -> timestampDiff(call, onNull);
            case DATE_FORMAT -> format(call, onNull);
            case TO_TIMESTAMP -> toTimestamp(call, onNull);
            case TO_DATE -> toDate(call, onNull);
            case FROM_UNIXTIME -> fromUnixTime(call, onNull);
            case UNIX_TIMESTAMP -> unixTimestamp(call, onNull);
            default -> throw Emitter.undefined(call);
        }
    }

    /** Time plus or minus interval. */
    void arithmetic(Call call, Label onNull) {
        List<Operand> operands = emitter.operands(call.arguments(), onNull);
        boolean subtract = call.operation() == Operation.SUBTRACT;
        if (call.operation() != Operation.ADD && !subtract) {
            throw Emitter.undefined(call);
        }
        boolean swapped = !isTime(operands.getFirst().type().kind());
        Operand time = swapped ? operands.getLast() : operands.getFirst();
        Operand interval = swapped ? operands.getFirst() : operands.getLast();
        TypeKind kind = interval.type().kind();
        boolean months = kind == TypeKind.INTERVAL_MONTH;
        if (swapped && subtract
                || !months && kind != TypeKind.INTERVAL_MILLIS
                || months && time.type().kind() == TypeKind.TIME) {
            throw Emitter.undefined(call);
        }
        Operand working = working(time, call.type(), 3);
        long perSecond = working.type().unitsPerSecond();
        if (months) {
            Operand count = new Operand(SqlType.BIGINT, () -> {
                interval.push().run();
                if (subtract) {
                    emitter.code().lneg();
                }
            });
            emitter.invoke(TimeFunctions.class, "addMonths", null, List.of(working, count), perSecond);
        } else {
            long unit = perSecond / 1_000 * (subtract ? -1 : 1);
            emitter.invoke(TimeFunctions.class, "addUnits", null, List.of(working, interval), unit);
        }
        finish(working.type(), call.type());
    }

    /** The operand as a timestamp or time of day that is fine enough. */
    private Operand working(Operand time, SqlType result, int digits) {
        SqlType type = time.type();
        if (!isTime(type.kind())) {
            throw new IllegalArgumentException(type + " is not a time");
        }
        int precision = Math.max(digits, Math.max(type.precision(), isTime(result.kind()) ? result.precision() : 0));
        SqlType wanted = type.kind() == TypeKind.TIME ? SqlType.time(precision) : SqlType.timestamp(precision);
        if (type.kind() != TypeKind.DATE && type.unitsPerSecond() == wanted.unitsPerSecond()) {
            return new Operand(wanted, time.push());
        }
        emitter.convert(time, wanted);
        return emitter.waiting(wanted);
    }

    /** Brings the result from the stack to its type. */
    private void finish(SqlType working, SqlType result) {
        if (working.kind() == TypeKind.TIME) {
            emitter.invoke(
                    TimeFunctions.class,
                    "timeOfDay",
                    null,
                    List.of(emitter.waiting(working)),
                    working.unitsPerSecond());
        }
        emitter.convert(emitter.waiting(working), result);
    }

    private void extract(Call call, Label onNull) {
        TimeUnit unit = TimeUnit.of(call.arguments().getFirst());
        Operand time = working(emitter.operand(call.arguments().getLast(), onNull), call.type(), 0);
        String function = switch (unit) {
            case YEAR -> "year";
            case QUARTER -> "quarter";
            case MONTH -> "month";
            case WEEK -> "week";
            case DAY -> "dayOfMonth";
            case HOUR -> "hour";
            case MINUTE -> "minute";
            case SECOND -> "second";
            case MILLISECOND, MICROSECOND, NANOSECOND -> "subMinute";
            case DOW -> "dayOfWeek";
            case ISODOW -> "isoDayOfWeek";
            case DOY -> "dayOfYear";
            case ISOYEAR -> "isoYear";
            case EPOCH -> "epoch";
        };
        List<Object> constants = new ArrayList<>(List.of(time.type().unitsPerSecond()));
        if (function.equals("subMinute")) {
            constants.add(SqlType.time(unit.digits()).unitsPerSecond());
        }
        emitter.invoke(TimeFunctions.class, function, null, List.of(time), constants.toArray());
        emitter.range(call.type().kind());
    }

    private void truncate(Call call, Label onNull) {
        TimeUnit unit = TimeUnit.of(call.arguments().getFirst());
        Operand time = working(emitter.operand(call.arguments().getLast(), onNull), call.type(), 0);
        long perSecond = time.type().unitsPerSecond();
        if (unit.months() > 0) {
            emitter.invoke(TimeFunctions.class, "truncateMonths", null, List.of(time), perSecond, unit.months());
        } else if (unit == TimeUnit.WEEK) {
            emitter.invoke(TimeFunctions.class, "truncateWeek", null, List.of(time), perSecond);
        } else if (isPart(unit)) {
            throw Emitter.notSupported("a time can't be cut to " + unit);
        } else if (unit.length(perSecond) <= 1) {
            time.push().run();
        } else {
            emitter.invoke(TimeFunctions.class, "truncate", null, List.of(time), unit.length(perSecond));
        }
        finish(time.type(), call.type());
    }

    private static boolean isPart(TimeUnit unit) {
        return unit.months() == 0 && unit.length(1_000_000_000L) == 0;
    }

    private void timestampAdd(Call call, Label onNull) {
        TimeUnit unit = TimeUnit.of(call.arguments().getFirst());
        Operand count = emitter.operand(call.arguments().get(1), onNull);
        Operand time = working(emitter.operand(call.arguments().get(2), onNull), call.type(), unit.digits());
        long perSecond = time.type().unitsPerSecond();
        if (isPart(unit)) {
            throw Emitter.notSupported("a time can't be moved by " + unit);
        }
        if (unit.months() > 0) {
            if (unit.months() > 1) {
                Operand factor = new Operand(SqlType.BIGINT, () -> emitter.code().loadConstant(unit.months()));
                emitter.invoke(
                        IntegerMath.class,
                        "multiply",
                        null,
                        List.of(count, factor));
                count = emitter.waiting(SqlType.BIGINT);
            }
            emitter.invoke(TimeFunctions.class, "addMonths", null, List.of(time, count), perSecond);
        } else {
            emitter.invoke(TimeFunctions.class, "addUnits", null, List.of(time, count), unit.length(perSecond));
        }
        finish(time.type(), call.type());
    }

    private void timestampDiff(Call call, Label onNull) {
        TimeUnit unit = TimeUnit.of(call.arguments().getFirst());
        if (isPart(unit)) {
            throw Emitter.notSupported("times have no distance in " + unit);
        }
        Operand a = emitter.operand(call.arguments().get(1), onNull);
        Operand b = emitter.operand(call.arguments().get(2), onNull);
        int digits = Math.max(unit.digits(), Math.max(a.type().precision(), b.type().precision()));
        Operand from = working(a, call.type(), digits);
        Operand to = working(b, call.type(), digits);
        long perSecond = from.type().unitsPerSecond();
        if (unit.months() > 0) {
            emitter.invoke(
                    TimeFunctions.class,
                    "monthsBetween",
                    null,
                    List.of(from, to),
                    perSecond,
                    unit.months());
        } else {
            emitter.invoke(TimeFunctions.class, "unitsBetween", null, List.of(from, to), unit.length(perSecond));
        }
        emitter.range(call.type().kind());
    }

    private void format(Call call, Label onNull) {
        checkPattern(call, 1);
        Operand time = emitter.operand(call.arguments().getFirst(), onNull);
        Operand pattern = emitter.operand(call.arguments().get(1), onNull);
        Operand working = working(time, call.type(), 0);
        emitter.invoke(
                DateFormat.class,
                "format",
                null,
                List.of(working, pattern),
                working.type().unitsPerSecond(),
                new DateFormat());
    }

    /** A pattern that is a literal is checked once, and its error is one of the query. */
    private static void checkPattern(Call call, int index) {
        if (call.arguments().size() > index && StringEmitter.isText(call.arguments().get(index))) {
            String pattern = StringEmitter.text(call.arguments().get(index));
            StringEmitter.atCompileTime(() -> DateFormat.check(pattern));
        }
    }

    private void toTimestamp(Call call, Label onNull) {
        checkPattern(call, 1);
        List<Operand> operands = emitter.operands(call.arguments(), onNull);
        long perSecond = call.type().unitsPerSecond();
        int digits = call.type().precision();
        if (operands.size() == 1) {
            emitter.invoke(
                    TimeScanner.class,
                    "timestampOrNull",
                    onNull,
                    operands,
                    perSecond,
                    digits,
                    new TimeScanner());
        } else {
            emitter.invoke(DateFormat.class, "parse", onNull, operands, perSecond, digits, new DateFormat());
        }
    }

    private void toDate(Call call, Label onNull) {
        checkPattern(call, 1);
        List<Operand> operands = emitter.operands(call.arguments(), onNull);
        if (operands.size() == 1) {
            emitter.invoke(TimeScanner.class, "dateOrNull", onNull, operands, new TimeScanner());
        } else {
            emitter.invoke(DateFormat.class, "parseDate", onNull, operands, new DateFormat());
        }
    }

    private void fromUnixTime(Call call, Label onNull) {
        checkPattern(call, 1);
        List<Operand> operands = emitter.operands(call.arguments(), onNull);
        if (operands.size() == 1) {
            operands.add(new Operand(SqlType.STRING, () -> emitter.pushBytes(DEFAULT_PATTERN)));
        }
        emitter.invoke(DateFormat.class, "format", null, operands, 1L, new DateFormat());
    }

    private void unixTimestamp(Call call, Label onNull) {
        checkPattern(call, 1);
        List<Expression> arguments = call.arguments();
        List<Operand> operands = emitter.operands(arguments, onNull);
        if (arguments.size() == 2) {
            emitter.invoke(DateFormat.class, "parseEpoch", null, operands, new DateFormat());
        } else if (arguments.getFirst().type().kind().isCharacter()) {
            emitter.invoke(TimeScanner.class, "timestamp", null, operands, 1L, 0, "TIMESTAMP", new TimeScanner());
        } else {
            Operand time = working(operands.getFirst(), call.type(), 0);
            emitter.invoke(TimeFunctions.class, "epoch", null, List.of(time), time.type().unitsPerSecond());
        }
    }
}
