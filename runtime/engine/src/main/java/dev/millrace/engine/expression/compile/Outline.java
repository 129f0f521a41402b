// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.function.ByteSlice;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.expression.function.LongSlot;
import dev.millrace.engine.type.Storage;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which parts of a large expression get methods of their own, and how those are called: {@code boolean part(columns,
 * rowCount, row, holder)}, false for NULL.
 */
final class Outline {
    /** A part and the name of its method. */
    record Part(Call call, String name) {}

    // Parameters of a part's method.
    static final int COLUMNS = 0;
    static final int ROW_COUNT = 1;
    static final int ROW = 2;
    static final int HOLDER = 3;
    static final int FIRST_FREE = 4;

    /** Estimated bytes of code of one method; the JIT's limit is 8,000. */
    private static final int METHOD_BYTES_MAX = 4_000;

    // Rough estimates.
    private static final int CALL_BYTES = 30;
    private static final int LEAF_BYTES = 12;
    private static final int PART_BYTES = 30;

    private final ClassDesc owner;
    private final Map<Call, Part> parts = new IdentityHashMap<>();
    private final Deque<Part> toBuild = new ArrayDeque<>();

    Outline(ClassDesc owner, Expression root) {
        this.owner = owner;
        estimate(root);
    }

    /** The bytes of code of an expression; makes parts of its largest operands until it is small enough. */
    private int estimate(Expression expression) {
        if (!(expression instanceof Call call)) {
            return LEAF_BYTES;
        }
        record Operand(Expression expression, int bytes) {}
        List<Operand> operands = new ArrayList<>();
        int bytes = CALL_BYTES;
        for (Expression argument : call.arguments()) {
            int argumentBytes = estimate(argument);
            operands.add(new Operand(argument, argumentBytes));
            bytes += argumentBytes;
        }
        if (bytes > METHOD_BYTES_MAX) {
            operands.sort(Comparator.comparingInt(Operand::bytes).reversed());
            for (Operand operand : operands) {
                if (bytes <= METHOD_BYTES_MAX || operand.bytes <= PART_BYTES) {
                    break;
                }
                if (operand.expression instanceof Call part && parts.get(part) == null) {
                    parts.put(part, new Part(part, "part" + parts.size()));
                    bytes += PART_BYTES - operand.bytes;
                }
            }
        }
        return bytes;
    }

    boolean contains(Call call) {
        return parts.containsKey(call);
    }

    /** The next part whose method is called but not built yet, or null. */
    Part next() {
        return toBuild.poll();
    }

    static MethodTypeDesc descriptor(Storage storage) {
        return MethodTypeDesc.of(
                ConstantDescs.CD_boolean,
                Emitter.desc(Vector[].class),
                ConstantDescs.CD_int,
                ConstantDescs.CD_int,
                Emitter.desc(holder(storage).getClass()));
    }

    private static Object holder(Storage storage) {
        return switch (storage) {
            case LONG, DOUBLE, BOOLEAN -> new LongSlot();
            case BYTES -> new ByteSlice();
            case DECIMAL128 -> new Int128();
        };
    }

    /** Emits the call of a part's method; its value ends on the stack. */
    void emitCall(CodeBuilder code, Constants constants, Emitter emitter, Call call, Label onNull) {
        Part part = parts.get(call);
        toBuild.add(part);
        Storage storage = call.type().storage();
        Object holder = holder(storage);
        code.aload(emitter.columnsSlot()).iload(emitter.rowCountSlot()).iload(emitter.rowSlot());
        constants.load(code, holder, holder.getClass());
        code.invokestatic(owner, part.name(), descriptor(storage));
        code.ifeq(onNull);
        emitter.pushHeld(holder);
        if (storage == Storage.BOOLEAN) {
            code.l2i();
        } else if (storage == Storage.DOUBLE) {
            code.invokestatic(
                    ConstantDescs.CD_Double,
                    "longBitsToDouble",
                    MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_long));
        }
    }

    /** Emits, inside a part's method, the putting of its value into the holder. */
    static void emitPut(CodeBuilder code, Emitter emitter, Storage storage, Local value) {
        code.aload(HOLDER);
        emitter.load(value);
        switch (storage) {
            case BOOLEAN -> code.i2l();
            case DOUBLE -> code.invokestatic(
                    ConstantDescs.CD_Double,
                    "doubleToRawLongBits",
                    MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_double));
            default -> {}
        }
        Object holder = holder(storage);
        MethodTypeDesc put = switch (storage) {
            case BYTES -> MethodTypeDesc.of(
                    ConstantDescs.CD_void,
                    Emitter.desc(byte[].class),
                    ConstantDescs.CD_int,
                    ConstantDescs.CD_int);
            case DECIMAL128 -> MethodTypeDesc.of(
                    ConstantDescs.CD_void,
                    ConstantDescs.CD_long,
                    ConstantDescs.CD_long);
            default -> MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long);
        };
        code.invokevirtual(Emitter.desc(holder.getClass()), storage == Storage.BYTES ? "point" : "set", put);
    }
}
