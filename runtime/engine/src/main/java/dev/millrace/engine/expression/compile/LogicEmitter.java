// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.type.TypeKind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.List;

/** Emits three-valued logic and what chooses between values. Conditions become jumps, not values. */
final class LogicEmitter {
    private final Emitter emitter;
    private final ComparisonEmitter comparison;

    LogicEmitter(Emitter emitter) {
        this.emitter = emitter;
        comparison = new ComparisonEmitter(emitter);
    }

    /** Jumps to one of the labels. */
    void condition(Expression expression, Label ifTrue, Label ifFalse, Label ifNull) {
        CodeBuilder code = emitter.code();
        if (expression instanceof Literal literal) {
            code.goto_(literal.isNull() ? ifNull : (Boolean) literal.value() ? ifTrue : ifFalse);
            return;
        }
        if (!(expression instanceof Call call) || emitter.isPart(call)) {
            byValue(expression, ifTrue, ifFalse, ifNull);
            return;
        }
        List<Expression> arguments = call.arguments();
        switch (call.operation()) {
            case NOT -> condition(arguments.getFirst(), ifFalse, ifTrue, ifNull);
            case AND -> chain(arguments, true, ifTrue, ifFalse, ifNull);
            case OR -> chain(arguments, false, ifTrue, ifFalse, ifNull);
            case IS_NULL -> isNull(arguments.getFirst(), ifTrue, ifFalse);
            case IS_NOT_NULL -> isNull(arguments.getFirst(), ifFalse, ifTrue);
            case IS_TRUE -> condition(arguments.getFirst(), ifTrue, ifFalse, ifFalse);
            case IS_NOT_TRUE -> condition(arguments.getFirst(), ifFalse, ifTrue, ifTrue);
            case IS_FALSE -> condition(arguments.getFirst(), ifFalse, ifTrue, ifFalse);
            case IS_NOT_FALSE -> condition(arguments.getFirst(), ifTrue, ifFalse, ifTrue);
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                    compare(call, ifTrue, ifFalse, ifNull);
            case IS_DISTINCT_FROM -> distinct(arguments, ifTrue, ifFalse);
            case IS_NOT_DISTINCT_FROM -> distinct(arguments, ifFalse, ifTrue);
            default -> byValue(expression, ifTrue, ifFalse, ifNull);
        }
    }

    private void byValue(Expression expression, Label ifTrue, Label ifFalse, Label ifNull) {
        emitter.value(expression, ifNull);
        emitter.code().ifne(ifTrue).goto_(ifFalse);
    }

    private void isNull(Expression expression, Label ifTrue, Label ifFalse) {
        emitter.evaluate(expression, ifTrue);
        emitter.code().goto_(ifFalse);
    }

    /**
     * AND ends with the first false operand, OR with the first true one. A NULL does not end it, but is remembered: it is
     * the result if nothing else decides.
     */
    private void chain(List<Expression> operands, boolean and, Label ifTrue, Label ifFalse, Label ifNull) {
        CodeBuilder code = emitter.code();
        Label decided = and ? ifFalse : ifTrue;
        Label undecided = and ? ifTrue : ifFalse;
        Local sawNull = null;
        if (operands.subList(0, operands.size() - 1).stream().anyMatch(emitter::canBeNull)) {
            sawNull = emitter.newLocal(Storage.BOOLEAN);
            code.iconst_0();
            emitter.store(sawNull);
        }
        for (int i = 0; i < operands.size(); i++) {
            boolean last = i == operands.size() - 1;
            Label next = code.newLabel();
            Label onNull = last ? ifNull : code.newLabel();
            emitter.condition(operands.get(i), and ? next : decided, and ? decided : next, onNull);
            if (!last && emitter.canBeNull(operands.get(i))) {
                code.labelBinding(onNull);
                if (ifNull == decided && operands.subList(i + 1, operands.size()).stream().noneMatch(Traits::canFail)) {
                    code.goto_(ifNull);
                } else {
                    code.iconst_1();
                    emitter.store(sawNull);
                }
            } else if (!last) {
                code.labelBinding(onNull);
            }
            code.labelBinding(next);
        }
        if (sawNull != null) {
            emitter.load(sawNull);
            code.ifne(ifNull);
        }
        code.goto_(undecided);
    }

    private void compare(Call call, Label ifTrue, Label ifFalse, Label ifNull) {
        List<Expression> arguments = call.arguments();
        if (hasUntypedNull(arguments, ifNull)) {
            return;
        }
        Operand a = emitter.operand(arguments.getFirst(), ifNull);
        Operand b = emitter.operand(arguments.getLast(), ifNull);
        comparison.jump(call.operation(), a, b, ifTrue, ifFalse);
    }

    /** Emits the jump if an operand is NULL by its type. */
    private boolean hasUntypedNull(List<Expression> operands, Label ifNull) {
        for (int i = 0; i < operands.size(); i++) {
            if (operands.get(i).type().kind() == TypeKind.NULL) {
                operands.subList(0, i).forEach(operand -> emitter.evaluate(operand, ifNull));
                emitter.evaluate(operands.get(i), ifNull);
                emitter.code().goto_(ifNull);
                return true;
            }
        }
        return false;
    }

    private void distinct(List<Expression> arguments, Label ifDistinct, Label ifSame) {
        CodeBuilder code = emitter.code();
        Expression first = arguments.getFirst();
        Expression second = arguments.getLast();
        Label firstNull = code.newLabel();
        if (first.type().kind() == TypeKind.NULL) {
            emitter.evaluate(first, firstNull);
            code.goto_(firstNull);
        } else if (second.type().kind() == TypeKind.NULL) {
            emitter.evaluate(first, firstNull);
            code.goto_(ifDistinct);
        } else {
            Operand a = emitter.operand(first, firstNull);
            Operand b = emitter.operand(second, ifDistinct);
            comparison.jump(Operation.NOT_EQUAL, a, b, ifDistinct, ifSame);
        }
        code.labelBinding(firstNull);
        if (emitter.canBeNull(first)) {
            isNull(second, ifSame, ifDistinct);
        }
    }

    /** A condition as a value. */
    void truthValue(Call call, Label onNull) {
        CodeBuilder code = emitter.code();
        Label ifTrue = code.newLabel();
        Label ifFalse = code.newLabel();
        Label done = code.newLabel();
        // A copy, as the call itself may be the part whose method is being emitted.
        condition(new Call(call.operation(), call.arguments(), call.type()), ifTrue, ifFalse, onNull);
        code.labelBinding(ifTrue).iconst_1().goto_(done);
        code.labelBinding(ifFalse).iconst_0();
        code.labelBinding(done);
    }

    void caseOf(Call call, Label onNull) {
        CodeBuilder code = emitter.code();
        List<Expression> arguments = call.arguments();
        Label done = code.newLabel();
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
            Label then = code.newLabel();
            Label next = code.newLabel();
            emitter.condition(arguments.get(i), then, next, next);
            code.labelBinding(then);
            emitter.value(arguments.get(i + 1), onNull);
            code.goto_(done);
            code.labelBinding(next);
        }
        emitter.value(arguments.getLast(), onNull);
        code.labelBinding(done);
    }

    void coalesce(Call call, Label onNull) {
        CodeBuilder code = emitter.code();
        Label done = code.newLabel();
        int count = call.arguments().size();
        for (int i = 0; i < count; i++) {
            boolean last = i == count - 1;
            Label next = last ? onNull : code.newLabel();
            emitter.value(call.arguments().get(i), next);
            if (!last) {
                code.goto_(done);
                code.labelBinding(next);
            }
        }
        code.labelBinding(done);
    }

    void nullIf(Call call, Label onNull) {
        CodeBuilder code = emitter.code();
        Expression first = call.arguments().getFirst();
        Expression second = call.arguments().getLast();
        Label keep = code.newLabel();
        Operand value = emitter.operand(first, onNull);
        if (second.type().kind() == TypeKind.NULL) {
            emitter.evaluate(second, keep);
        } else {
            Operand other = emitter.operand(second, keep);
            comparison.jump(Operation.EQUAL, value, other, onNull, keep);
        }
        code.labelBinding(keep);
        value.push().run();
    }

    /** GREATEST and LEAST. */
    void extreme(Call call, Label onNull) {
        CodeBuilder code = emitter.code();
        Operation better = call.operation() == Operation.GREATEST ? Operation.GREATER : Operation.LESS;
        Local best = null;
        for (Expression argument : call.arguments()) {
            Operand operand = emitter.operand(argument, onNull);
            if (best == null) {
                operand.push().run();
                best = emitter.store(argument.type().storage());
                continue;
            }
            Local bestSoFar = best;
            Label take = code.newLabel();
            Label keep = code.newLabel();
            Operand other = new Operand(call.type(), () -> emitter.load(bestSoFar));
            comparison.jump(better, operand, other, take, keep);
            code.labelBinding(take);
            operand.push().run();
            emitter.store(best);
            code.labelBinding(keep);
        }
        emitter.load(best);
    }
}
