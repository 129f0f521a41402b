// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.function.ByteSlice;
import dev.millrace.engine.expression.function.Bytes;
import dev.millrace.engine.expression.function.LikeMatcher;
import dev.millrace.engine.expression.function.LikePattern;
import dev.millrace.engine.expression.function.RegularExpression;
import dev.millrace.engine.expression.function.RowFailure;
import dev.millrace.engine.expression.function.StringFunctions;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.type.TypeKind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.List;
import java.util.function.Supplier;

/** Emits the functions on strings. */
final class StringEmitter {
    private static final byte[] BLANK = {' '};
    private static final byte[] EMPTY = {};

    private final Emitter emitter;

    StringEmitter(Emitter emitter) {
        this.emitter = emitter;
    }

    void emit(Call call, Label onNull) {
        int count = call.arguments().size();
        switch (call.operation()) {
            case UPPER -> plain(call, "upper", onNull);
            case LOWER -> plain(call, "lower", onNull);
            case INITCAP -> plain(call, "initcap", onNull);
            case REVERSE -> plain(call, "reverse", onNull);
            case REPEAT -> plain(call, "repeat", onNull);
            case REPLACE -> plain(call, "replace", onNull);
            case POSITION -> plain(call, "position", onNull);
            case CHAR_LENGTH -> plain(call, "charLength", onNull);
            case OCTET_LENGTH -> plain(call, "octetLength", onNull);
            case LEFT -> plain(call, "left", onNull);
            case RIGHT -> plain(call, "right", onNull);
            case SPLIT_INDEX -> plain(call, "splitIndex", onNull);
            case SUBSTRING -> plain(call, count == 2 ? "substring" : "substringFor", onNull);
            case TRIM -> withDefault(call, "trim", 2, BLANK, onNull);
            case LTRIM -> withDefault(call, "ltrim", 2, BLANK, onNull);
            case RTRIM -> withDefault(call, "rtrim", 2, BLANK, onNull);
            case LPAD -> withDefault(call, "lpad", 3, BLANK, onNull);
            case RPAD -> withDefault(call, "rpad", 3, BLANK, onNull);
            case STARTS_WITH -> emitter.invoke(
                    Bytes.class,
                    "startsWith",
                    onNull,
                    emitter.operands(call.arguments(), onNull));
            case ENDS_WITH -> emitter.invoke(
                    Bytes.class,
                    "endsWith",
                    onNull,
                    emitter.operands(call.arguments(), onNull));
            case CONCAT -> concat(call, onNull);
            case CONCAT_WS -> concatWithSeparator(call, onNull);
            case LIKE -> like(call, onNull);
            case REGEXP_LIKE -> regularExpression(call, "like", onNull);
            case REGEXP_REPLACE -> regularExpression(call, "replace", onNull);
            case REGEXP_EXTRACT -> regularExpression(call, "extract", onNull);
            default -> throw Emitter.undefined(call);
        }
    }

    private void plain(Call call, String function, Label onNull) {
        emitter.invoke(StringFunctions.class, function, onNull, emitter.operands(call.arguments(), onNull));
    }

    private void withDefault(Call call, String function, int count, byte[] last, Label onNull) {
        List<Operand> operands = emitter.operands(call.arguments(), onNull);
        if (operands.size() < count) {
            operands.add(literal(last));
        }
        emitter.invoke(StringFunctions.class, function, onNull, operands);
    }

    private Operand literal(byte[] value) {
        return new Operand(SqlType.STRING, () -> emitter.pushBytes(value));
    }

    private void concat(Call call, Label onNull) {
        ByteSlice result = new ByteSlice();
        emitter.invoke(StringFunctions.class, "begin", null, List.of(), result);
        for (Expression argument : call.arguments()) {
            Operand operand = emitter.operand(argument, onNull);
            emitter.invoke(StringFunctions.class, "append", null, List.of(operand), result);
        }
        emitter.pushHeld(result);
    }

    private void concatWithSeparator(Call call, Label onNull) {
        CodeBuilder code = emitter.code();
        Operand separator = emitter.operand(call.arguments().getFirst(), onNull);
        ByteSlice result = new ByteSlice();
        Local started = emitter.newLocal(Storage.BOOLEAN);
        code.iconst_0();
        emitter.store(started);
        emitter.invoke(StringFunctions.class, "begin", null, List.of(), result);
        for (Expression argument : call.arguments().subList(1, call.arguments().size())) {
            Label skip = code.newLabel();
            Label first = code.newLabel();
            if (argument.type().kind() == TypeKind.NULL) {
                emitter.evaluate(argument, skip);
            } else {
                Operand operand = emitter.operand(argument, skip);
                emitter.load(started);
                code.ifeq(first);
                emitter.invoke(StringFunctions.class, "append", null, List.of(separator), result);
                code.labelBinding(first);
                emitter.invoke(StringFunctions.class, "append", null, List.of(operand), result);
                code.iconst_1();
                emitter.store(started);
            }
            code.labelBinding(skip);
        }
        emitter.pushHeld(result);
    }

    private void like(Call call, Label onNull) {
        List<Expression> arguments = call.arguments();
        boolean constant = arguments.subList(1, arguments.size()).stream().allMatch(StringEmitter::isText);
        if (constant) {
            String pattern = text(arguments.get(1));
            String escape = arguments.size() > 2 ? text(arguments.get(2)) : "";
            LikePattern compiled = atCompileTime(() -> LikePattern.of(pattern, escape));
            Operand value = emitter.operand(arguments.getFirst(), onNull);
            emitter.invoke(LikePattern.class, "like", null, List.of(value), compiled);
        } else {
            List<Operand> operands = emitter.operands(arguments, onNull);
            if (operands.size() == 2) {
                operands.add(literal(EMPTY));
            }
            emitter.invoke(LikeMatcher.class, "like", null, operands, new LikeMatcher());
        }
    }

    private void regularExpression(Call call, String function, Label onNull) {
        List<Expression> arguments = call.arguments();
        if (isText(arguments.get(1))) {
            atCompileTime(() -> RegularExpression.check(text(arguments.get(1))));
        }
        List<Operand> operands = emitter.operands(arguments, onNull);
        if (function.equals("extract") && operands.size() == 2) {
            operands.add(new Operand(SqlType.BIGINT, () -> emitter.code().loadConstant(0L)));
        }
        emitter.invoke(RegularExpression.class, function, onNull, operands, new RegularExpression());
    }

    static boolean isText(Expression expression) {
        return expression instanceof Literal literal && literal.value() instanceof String;
    }

    static String text(Expression literal) {
        return (String) ((Literal) literal).value();
    }

    /** What is wrong with a literal is an error of the query, not of each row. */
    static <T> T atCompileTime(Supplier<T> check) {
        try {
            return check.get();
        } catch (RowFailure failure) {
            throw new MillraceException(ErrorCode.INVALID_QUERY, failure.getMessage(), null, null, failure);
        }
    }
}
