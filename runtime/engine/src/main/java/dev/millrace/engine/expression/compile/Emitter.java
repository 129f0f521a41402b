// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.expression.function.ByteSlice;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.expression.function.LongSlot;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.type.TypeKind;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Emits the code of expressions in one method.
 *
 * <p>Every expression is emitted where the stack is empty. Its value ends on the stack, or the code jumps to a label for
 * NULL, again with an empty stack; values that have to wait for others wait in locals. On the stack a byte string is
 * data, start and length, a wide decimal is high and low, a truth value is 0 or 1.
 */
final class Emitter {
    /** The arrays of a column: the values and, for bytes and wide decimals, further ones; the mask or -1. */
    private record ColumnSlots(int values, int second, int third, int nulls) {}

    private final CodeBuilder code;
    private final Constants constants;
    private final Outline outline;
    private final boolean columnNulls;
    private final int rowSlot;
    private final Map<Integer, ColumnSlots> columns = new HashMap<>();
    private final LogicEmitter logic = new LogicEmitter(this);
    private final ArithmeticEmitter arithmetic = new ArithmeticEmitter(this);
    private final NumberEmitter numbers = new NumberEmitter(this);
    private final CastEmitter casts = new CastEmitter(this);
    private final StringEmitter strings = new StringEmitter(this);
    private final TimeEmitter times = new TimeEmitter(this);
    private int columnsSlot;
    private int rowCountSlot;
    private int nextSlot;

    /**
     * @param columnNulls whether columns of nullable types have NULLs in them
     * @param rowSlot the local that holds the row number
     * @param firstFree the first local that is free
     */
    Emitter(CodeBuilder code, Constants constants, Outline outline, boolean columnNulls, int rowSlot, int firstFree) {
        this.code = code;
        this.constants = constants;
        this.outline = outline;
        this.columnNulls = columnNulls;
        this.rowSlot = rowSlot;
        nextSlot = firstFree;
    }

    static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    CodeBuilder code() {
        return code;
    }

    int rowSlot() {
        return rowSlot;
    }

    int columnsSlot() {
        return columnsSlot;
    }

    int rowCountSlot() {
        return rowCountSlot;
    }

    boolean canBeNull(Expression expression) {
        return Traits.canBeNull(expression, columnNulls);
    }

    // Columns.

    /** Takes the arrays of all columns that the expression uses into locals. */
    void openColumns(Expression expression, int columnsLocal, int rowCountLocal) {
        columnsSlot = columnsLocal;
        rowCountSlot = rowCountLocal;
        open(expression);
    }

    private void open(Expression expression) {
        if (expression instanceof Call call) {
            for (Expression argument : call.arguments()) {
                // A part that is a method opens its own columns.
                if (!(argument instanceof Call part && outline.contains(part))) {
                    open(argument);
                }
            }
        } else if (expression instanceof ColumnReference column
                && column.type().kind() != TypeKind.NULL
                && !columns.containsKey(column.index())) {
            columns.put(column.index(), open(column));
        }
    }

    private ColumnSlots open(ColumnReference column) {
        int nulls = -1;
        if (columnNulls && column.type().nullable()) {
            nulls = newSlots(1);
            code.aload(columnsSlot).loadConstant(column.index()).aaload().iload(rowCountSlot);
            code.invokestatic(
                    desc(NullMasks.class),
                    "of",
                    MethodTypeDesc.of(desc(boolean[].class), desc(Vector.class), ConstantDescs.CD_int));
            code.astore(nulls);
        }
        return switch (column.type().storage()) {
            case LONG -> new ColumnSlots(array(column, LongVector.class, "values", long[].class), -1, -1, nulls);
            case DOUBLE -> new ColumnSlots(array(column, DoubleVector.class, "values", double[].class), -1, -1, nulls);
            case BOOLEAN ->
                    new ColumnSlots(array(column, BooleanVector.class, "values", boolean[].class), -1, -1, nulls);
            case DECIMAL128 -> new ColumnSlots(
                    array(column, DecimalVector.class, "high", long[].class),
                    array(column, DecimalVector.class, "low", long[].class),
                    -1,
                    nulls);
            case BYTES -> new ColumnSlots(
                    array(column, BytesVector.class, "data", byte[].class),
                    array(column, BytesVector.class, "starts", int[].class),
                    array(column, BytesVector.class, "lengths", int[].class),
                    nulls);
        };
    }

    private int array(ColumnReference column, Class<?> vector, String accessor, Class<?> array) {
        int slot = newSlots(1);
        code.aload(columnsSlot).loadConstant(column.index()).aaload().checkcast(desc(vector));
        code.invokevirtual(desc(vector), accessor, MethodTypeDesc.of(desc(array)));
        code.astore(slot);
        return slot;
    }

    /** Pushes the byte array of a column. */
    void pushData(int column) {
        code.aload(columns.get(column).values);
    }

    private void pushColumn(ColumnReference column) {
        ColumnSlots slots = columns.get(column.index());
        code.aload(slots.values);
        switch (column.type().storage()) {
            case LONG -> code.iload(rowSlot).laload();
            case DOUBLE -> code.iload(rowSlot).daload();
            case BOOLEAN -> code.iload(rowSlot).baload();
            case DECIMAL128 -> code.iload(rowSlot).laload().aload(slots.second).iload(rowSlot).laload();
            case BYTES -> code.aload(slots.second)
                    .iload(rowSlot)
                    .iaload()
                    .aload(slots.third)
                    .iload(rowSlot)
                    .iaload();
        }
    }

    /** Jumps if the column is NULL in this row. */
    void jumpIfNull(ColumnReference column, Label onNull) {
        if (column.type().kind() == TypeKind.NULL) {
            code.goto_(onNull);
        } else if (canBeNull(column)) {
            code.aload(columns.get(column.index()).nulls).iload(rowSlot).baload().ifne(onNull);
        }
    }

    // Locals.

    private int newSlots(int count) {
        int slot = nextSlot;
        nextSlot += count;
        return slot;
    }

    Local newLocal(Storage storage) {
        return new Local(storage, newSlots(Local.slots(storage)));
    }

    /** Takes a value from the stack into a new local. */
    Local store(Storage storage) {
        Local local = newLocal(storage);
        store(local);
        return local;
    }

    void store(Local local) {
        int slot = local.slot();
        switch (local.storage()) {
            case LONG -> code.lstore(slot);
            case DOUBLE -> code.dstore(slot);
            case BOOLEAN -> code.istore(slot);
            case DECIMAL128 -> code.lstore(slot + 2).lstore(slot);
            case BYTES -> code.istore(slot + 2).istore(slot + 1).astore(slot);
        }
    }

    void load(Local local) {
        int slot = local.slot();
        switch (local.storage()) {
            case LONG -> code.lload(slot);
            case DOUBLE -> code.dload(slot);
            case BOOLEAN -> code.iload(slot);
            case DECIMAL128 -> code.lload(slot).lload(slot + 2);
            case BYTES -> code.aload(slot).iload(slot + 1).iload(slot + 2);
        }
    }

    // Values.

    void value(Expression expression, Label onNull) {
        switch (expression) {
            case Literal literal -> {
                if (literal.isNull()) {
                    code.goto_(onNull);
                } else {
                    pushLiteral(literal);
                }
            }
            case ColumnReference column -> {
                jumpIfNull(column, onNull);
                if (column.type().kind() != TypeKind.NULL) {
                    pushColumn(column);
                }
            }
            case Call call -> {
                if (outline.contains(call)) {
                    outline.emitCall(code, constants, this, call, onNull);
                } else {
                    call(call, onNull);
                }
            }
        }
    }

    /** Emits a condition: jumps to one of the labels. */
    void condition(Expression expression, Label ifTrue, Label ifFalse, Label ifNull) {
        logic.condition(expression, ifTrue, ifFalse, ifNull);
    }

    boolean isPart(Expression expression) {
        return expression instanceof Call call && outline.contains(call);
    }

    /** Emits a call here, even if it has a method of its own. */
    void call(Call call, Label onNull) {
        int mark = nextSlot;
        if (isStrict(call.operation()) && hasUntypedNull(call)) {
            untypedNull(call, onNull);
            return;
        }
        switch (call.operation()) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, MODULO, NEGATE -> {
                if (TimeEmitter.isTimeArithmetic(call)) {
                    times.arithmetic(call, onNull);
                } else {
                    arithmetic.emit(call, onNull);
                }
            }
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, IS_DISTINCT_FROM,
                    IS_NOT_DISTINCT_FROM, AND, OR, NOT, IS_NULL, IS_NOT_NULL, IS_TRUE, IS_NOT_TRUE, IS_FALSE,
                    IS_NOT_FALSE -> logic.truthValue(call, onNull);
            case CASE -> logic.caseOf(call, onNull);
            case COALESCE -> logic.coalesce(call, onNull);
            case NULLIF -> logic.nullIf(call, onNull);
            case GREATEST, LEAST -> logic.extreme(call, onNull);
            case CAST -> casts.cast(call, onNull);
            case TRY_CAST -> casts.tryCast(call, onNull);
            case ABS, SIGN, FLOOR, CEIL, ROUND, TRUNCATE, POWER, SQRT, EXP, LN, LOG10 -> numbers.emit(call, onNull);
            case UPPER, LOWER, TRIM, LTRIM, RTRIM, SUBSTRING, CHAR_LENGTH, OCTET_LENGTH, CONCAT, CONCAT_WS, LIKE,
                    POSITION, REPLACE, LPAD, RPAD, LEFT, RIGHT, STARTS_WITH, ENDS_WITH, REVERSE, INITCAP, REPEAT,
                    SPLIT_INDEX, REGEXP_LIKE, REGEXP_REPLACE, REGEXP_EXTRACT -> strings.emit(call, onNull);
            case EXTRACT, DATE_TRUNC, TIMESTAMP_ADD, TIMESTAMP_DIFF, DATE_FORMAT, TO_TIMESTAMP, TO_DATE,
                    FROM_UNIXTIME, UNIX_TIMESTAMP -> times.emit(call, onNull);
        }
        nextSlot = mark;
    }

    /** Whether the operation is NULL as soon as an operand is NULL. */
    private static boolean isStrict(Operation operation) {
        return switch (operation) {
            case IS_DISTINCT_FROM, IS_NOT_DISTINCT_FROM, AND, OR, IS_NULL, IS_NOT_NULL, IS_TRUE, IS_NOT_TRUE, IS_FALSE,
                    IS_NOT_FALSE, CASE, COALESCE, NULLIF, CONCAT_WS -> false;
            default -> true;
        };
    }

    private static boolean hasUntypedNull(Call call) {
        return call.arguments().stream().anyMatch(argument -> argument.type().kind() == TypeKind.NULL);
    }

    /** The operands before the one that is always NULL can still fail. What follows is not reached. */
    private void untypedNull(Call call, Label onNull) {
        for (Expression argument : call.arguments()) {
            if (argument.type().kind() == TypeKind.NULL) {
                break;
            }
            evaluate(argument, onNull);
        }
        code.goto_(onNull);
    }

    private void drop(Storage storage) {
        switch (storage) {
            case BOOLEAN -> code.pop();
            case LONG, DOUBLE -> code.pop2();
            case BYTES -> code.pop2().pop();
            case DECIMAL128 -> code.pop2().pop2();
        }
    }

    /** Emits the evaluation of an expression of which only errors and NULL matter. */
    void evaluate(Expression expression, Label onNull) {
        if (expression instanceof ColumnReference column) {
            jumpIfNull(column, onNull);
        } else if (expression instanceof Literal literal) {
            if (literal.isNull()) {
                code.goto_(onNull);
            }
        } else {
            value(expression, onNull);
            drop(expression.type().storage());
        }
    }

    boolean hasColumn(int column) {
        return columns.containsKey(column);
    }

    /** Pushes an operand in another type. */
    void convert(Operand operand, SqlType to) {
        casts.convert(operand, to);
    }

    /** Checks the value on the stack against the range of an integer type. */
    void range(TypeKind kind) {
        arithmetic.range(kind);
    }

    Operand operand(Expression expression, Label onNull) {
        if (expression instanceof Literal literal && !literal.isNull()) {
            return new Operand(literal.type(), () -> pushLiteral(literal));
        }
        if (expression instanceof ColumnReference column && column.type().kind() != TypeKind.NULL) {
            jumpIfNull(column, onNull);
            return new Operand(column.type(), () -> pushColumn(column));
        }
        value(expression, onNull);
        return waiting(expression.type());
    }

    List<Operand> operands(List<Expression> expressions, Label onNull) {
        List<Operand> operands = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            operands.add(operand(expression, onNull));
        }
        return operands;
    }

    /** Takes a value of this type from the stack and makes it an operand. */
    Operand waiting(SqlType type) {
        Local local = store(type.storage());
        return new Operand(type, () -> load(local));
    }

    private void pushLiteral(Literal literal) {
        switch (literal.type().storage()) {
            case LONG -> code.loadConstant((long) (Long) literal.value());
            case DOUBLE -> code.loadConstant((double) (Double) literal.value());
            case BOOLEAN -> code.loadConstant((Boolean) literal.value() ? 1 : 0);
            case DECIMAL128 -> {
                BigInteger value = (BigInteger) literal.value();
                code.loadConstant(value.shiftRight(64).longValue()).loadConstant(value.longValue());
            }
            case BYTES -> pushBytes(Constants.bytes(literal.value()));
        }
    }

    void pushBytes(byte[] value) {
        constants.loadBytes(code, value);
    }

    // Calls of functions.

    /**
     * Emits the call of a static function with these operands, then with constants, then, where the function has one more
     * parameter, with a holder for its result.
     *
     * @param constantArguments of type Integer, Long and String as such, others as class data
     */
    void invoke(Class<?> owner, String name, Label onNull, List<Operand> operands, Object... constantArguments) {
        Method function = function(owner, name);
        Class<?>[] parameters = function.getParameterTypes();
        List<Class<?>> pushed = new ArrayList<>();
        for (Operand operand : operands) {
            operand.push().run();
            pushed.addAll(onStack(operand.type().storage()));
        }
        for (Object constant : constantArguments) {
            switch (constant) {
                case Integer value -> {
                    code.loadConstant((int) value);
                    pushed.add(int.class);
                }
                case Long value -> {
                    code.loadConstant((long) value);
                    pushed.add(long.class);
                }
                case String value -> {
                    code.loadConstant(value);
                    pushed.add(String.class);
                }
                default -> {
                    Class<?> type = constant instanceof Enum<?> e ? e.getDeclaringClass() : constant.getClass();
                    constants.load(code, constant, type);
                    pushed.add(type);
                }
            }
        }
        Object holder = null;
        if (parameters.length == pushed.size() + 1) {
            Class<?> type = parameters[parameters.length - 1];
            holder = type == ByteSlice.class ? new ByteSlice() : type == Int128.class ? new Int128() : new LongSlot();
            constants.load(code, holder, type);
            pushed.add(type);
        }
        if (!pushed.equals(List.of(parameters))) {
            throw new IllegalArgumentException(function + " called with " + pushed);
        }
        invokeStatic(function);
        if (holder != null) {
            if (function.getReturnType() == boolean.class) {
                code.ifeq(onNull);
            }
            pushHeld(holder);
        }
    }

    private void invokeStatic(Method function) {
        List<ClassDesc> parameters = new ArrayList<>();
        for (Class<?> parameter : function.getParameterTypes()) {
            parameters.add(desc(parameter));
        }
        code.invokestatic(
                desc(function.getDeclaringClass()),
                function.getName(),
                MethodTypeDesc.of(desc(function.getReturnType()), parameters));
    }

    /** Pushes the value of a holder. */
    void pushHeld(Object holder) {
        ClassDesc type = desc(holder.getClass());
        MethodTypeDesc getLong = MethodTypeDesc.of(ConstantDescs.CD_long);
        MethodTypeDesc getInt = MethodTypeDesc.of(ConstantDescs.CD_int);
        switch (holder) {
            case ByteSlice slice -> {
                constants.load(code, slice, ByteSlice.class);
                code.invokevirtual(type, "data", MethodTypeDesc.of(desc(byte[].class)));
                constants.load(code, slice, ByteSlice.class);
                code.invokevirtual(type, "start", getInt);
                constants.load(code, slice, ByteSlice.class);
                code.invokevirtual(type, "length", getInt);
            }
            case Int128 wide -> {
                constants.load(code, wide, Int128.class);
                code.invokevirtual(type, "high", getLong);
                constants.load(code, wide, Int128.class);
                code.invokevirtual(type, "low", getLong);
            }
            default -> {
                constants.load(code, holder, holder.getClass());
                code.invokevirtual(type, "value", getLong);
            }
        }
    }

    private static Method function(Class<?> owner, String name) {
        Method found = null;
        for (Method method : owner.getDeclaredMethods()) {
            if (method.getName().equals(name)
                    && Modifier.isPublic(method.getModifiers())
                    && Modifier.isStatic(method.getModifiers())) {
                if (found != null) {
                    throw new IllegalStateException("two functions are named " + owner + "." + name);
                }
                found = method;
            }
        }
        if (found == null) {
            throw new IllegalStateException("no function is named " + owner + "." + name);
        }
        return found;
    }

    private static List<Class<?>> onStack(Storage storage) {
        return switch (storage) {
            case LONG -> List.of(long.class);
            case DOUBLE -> List.of(double.class);
            case BOOLEAN -> List.of(boolean.class);
            case DECIMAL128 -> List.of(long.class, long.class);
            case BYTES -> List.of(byte[].class, int.class, int.class);
        };
    }

    static IllegalArgumentException undefined(Call call) {
        List<SqlType> types = call.arguments().stream().map(Expression::type).toList();
        return new IllegalArgumentException(call.operation() + types.toString() + " as " + call.type());
    }

    static MillraceException notSupported(String what) {
        return new MillraceException(ErrorCode.NOT_SUPPORTED, what, null);
    }
}
