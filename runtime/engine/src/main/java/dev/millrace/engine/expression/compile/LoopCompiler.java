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
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.function.RowFailure;
import dev.millrace.engine.type.Storage;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Generates the class of one loop:
 *
 * <pre>
 *   arrays of columns and result to locals
 *   for i in 0 .. size - 1:
 *       row = i, or selection[i]
 *       try:   result[row] = value, or NULL        (a filter: passed[n] = row; n += condition)
 *       catch: failures.add(row, failure)
 * </pre>
 *
 * <p>The handler leads to a loop header of its own, so that the inner loop stays free of it. Large parts of the
 * expression are moved into methods of their own, since the JIT compiles no method of more than 8,000 bytes.
 */
final class LoopCompiler {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final ClassDesc THIS = ClassDesc.of(LOOKUP.lookupClass().getPackageName(), "GeneratedLoop");
    private static final ClassDesc FAILED_ROWS = Emitter.desc(FailedRows.class);
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(
            ConstantDescs.CD_int,
            Emitter.desc(Vector[].class),
            ConstantDescs.CD_int,
            Emitter.desc(int[].class),
            ConstantDescs.CD_int,
            Emitter.desc(Vector.class),
            Emitter.desc(int[].class),
            FAILED_ROWS);

    private static final int COLUMNS = 1;
    private static final int ROW_COUNT = 2;
    private static final int SELECTION = 3;
    private static final int SIZE = 4;
    private static final int RESULT = 5;
    private static final int PASSED = 6;
    private static final int FAILURES = 7;
    private static final int FIRST_FREE = 8;

    private final Expression expression;
    private final boolean filter;
    private final LoopShape shape;
    private final Constants constants = new Constants();
    private final Outline outline;

    private LoopCompiler(Expression expression, boolean filter, LoopShape shape) {
        this.expression = expression;
        this.filter = filter;
        this.shape = shape;
        outline = new Outline(THIS, expression);
    }

    /** @param filter whether the loop narrows a selection rather than computes a column */
    static Loop compile(Expression expression, boolean filter, LoopShape shape) {
        return new LoopCompiler(expression, filter, shape).compile();
    }

    private Loop compile() {
        byte[] bytes;
        try {
            bytes = ClassFile.of().build(THIS, this::buildClass);
        } catch (IllegalArgumentException tooLarge) {
            // What the library refuses is the size of a method or of the constant pool.
            if (!tooLarge.getStackTrace()[0].getClassName().startsWith("jdk.internal.classfile.")) {
                throw tooLarge;
            }
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED,
                    "an expression is too large to be compiled",
                    null,
                    "compute parts of it as columns of a view",
                    tooLarge);
        }
        try {
            MethodHandles.Lookup generated = LOOKUP.defineHiddenClassWithClassData(bytes, constants.values(), true);
            return (Loop) generated.findConstructor(generated.lookupClass(), MethodType.methodType(void.class))
                    .invoke();
        } catch (Throwable broken) {
            throw new IllegalStateException("generated class is not valid", broken);
        }
    }

    private void buildClass(ClassBuilder builder) {
        builder.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER | ClassFile.ACC_SYNTHETIC);
        builder.withInterfaceSymbols(Emitter.desc(Loop.class));
        builder.withMethodBody(
                ConstantDescs.INIT_NAME,
                ConstantDescs.MTD_void,
                ClassFile.ACC_PUBLIC,
                code -> code.aload(0)
                        .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                        .return_());
        builder.withMethodBody("run", RUN, ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL, this::buildRun);
        for (Outline.Part part = outline.next(); part != null; part = outline.next()) {
            buildPart(builder, part);
        }
    }

    private void buildRun(CodeBuilder code) {
        int index = FIRST_FREE;
        int row = index + 1;
        int passedCount = row + 1;
        int failure = passedCount + 1;
        int store = failure + 1;
        Emitter emitter = new Emitter(code, constants, outline, shape.columnNulls(), row, store + 4);
        emitter.openColumns(expression, COLUMNS, ROW_COUNT);
        int sliced = filter ? -1 : Traits.slicedColumn(expression);
        if (!emitter.hasColumn(sliced)) {
            sliced = -1;
        }
        if (!filter) {
            openResult(code, emitter, store, sliced);
        }
        code.iconst_0().istore(passedCount);
        code.iconst_0().istore(index);

        Label restart = code.newLabel();
        Label head = code.newLabel();
        Label next = code.newLabel();
        Label end = code.newLabel();
        Label tryStart = code.newLabel();
        Label tryEnd = code.newLabel();
        code.labelBinding(restart);
        code.labelBinding(head);
        code.iload(index).iload(SIZE).if_icmpge(end);
        if (shape.selected()) {
            code.aload(SELECTION).iload(index).iaload().istore(row);
        } else {
            code.iload(index).istore(row);
        }
        code.labelBinding(tryStart);
        if (filter) {
            emitFilter(code, emitter, row, passedCount);
        } else {
            emitValue(code, emitter, row, store, sliced, next);
        }
        code.labelBinding(tryEnd);
        code.labelBinding(next);
        code.iinc(index, 1).goto_(head);

        if (Traits.canFail(expression)) {
            Label handler = code.newLabel();
            code.labelBinding(handler);
            code.astore(failure);
            code.aload(FAILURES).iload(row).aload(failure);
            code.invokevirtual(
                    FAILED_ROWS,
                    "add",
                    MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int, Emitter.desc(RowFailure.class)));
            code.iinc(index, 1).goto_(restart);
            code.exceptionCatch(tryStart, tryEnd, handler, Emitter.desc(RowFailure.class));
        }
        code.labelBinding(end);
        code.iload(passedCount).ireturn();
    }

    private void openResult(CodeBuilder code, Emitter emitter, int store, int sliced) {
        switch (expression.type().storage()) {
            case LONG -> openArray(code, LongVector.class, "values", long[].class, store);
            case DOUBLE -> openArray(code, DoubleVector.class, "values", double[].class, store);
            case BOOLEAN -> openArray(code, BooleanVector.class, "values", boolean[].class, store);
            case DECIMAL128 -> {
                openArray(code, DecimalVector.class, "high", long[].class, store);
                openArray(code, DecimalVector.class, "low", long[].class, store + 1);
            }
            case BYTES -> {
                openArray(code, BytesVector.class, "starts", int[].class, store);
                openArray(code, BytesVector.class, "lengths", int[].class, store + 1);
                code.aload(RESULT).checkcast(Emitter.desc(BytesVector.class)).astore(store + 2);
                if (sliced >= 0) {
                    code.aload(store + 2);
                    emitter.pushData(sliced);
                    code.invokevirtual(
                            Emitter.desc(BytesVector.class),
                            "share",
                            MethodTypeDesc.of(ConstantDescs.CD_void, Emitter.desc(byte[].class)));
                }
            }
        }
    }

    private static void openArray(CodeBuilder code, Class<?> vector, String accessor, Class<?> array, int slot) {
        code.aload(RESULT).checkcast(Emitter.desc(vector));
        code.invokevirtual(Emitter.desc(vector), accessor, MethodTypeDesc.of(Emitter.desc(array)));
        code.astore(slot);
    }

    private void emitFilter(CodeBuilder code, Emitter emitter, int row, int passedCount) {
        Label pass = code.newLabel();
        Label drop = code.newLabel();
        Label count = code.newLabel();
        emitter.condition(expression, pass, drop, drop);
        // Writing every row and counting those that pass lets the JIT do without a branch.
        code.labelBinding(pass).iconst_1().goto_(count);
        code.labelBinding(drop).iconst_0();
        code.labelBinding(count);
        code.aload(PASSED).iload(passedCount).iload(row).iastore();
        code.iload(passedCount).iadd().istore(passedCount);
    }

    private void emitValue(CodeBuilder code, Emitter emitter, int row, int store, int sliced, Label next) {
        Label onNull = code.newLabel();
        emitter.value(expression, onNull);
        Local value = emitter.store(expression.type().storage());
        switch (expression.type().storage()) {
            case LONG -> {
                code.aload(store).iload(row).lload(value.slot()).lastore();
            }
            case DOUBLE -> {
                code.aload(store).iload(row).dload(value.slot()).dastore();
            }
            case BOOLEAN -> {
                code.aload(store).iload(row).iload(value.slot()).bastore();
            }
            case DECIMAL128 -> {
                code.aload(store).iload(row).lload(value.slot()).lastore();
                code.aload(store + 1).iload(row).lload(value.slot() + 2).lastore();
            }
            case BYTES -> {
                if (sliced >= 0) {
                    code.aload(store).iload(row).iload(value.slot() + 1).iastore();
                    code.aload(store + 1).iload(row).iload(value.slot() + 2).iastore();
                } else {
                    emitter.load(value);
                    code.aload(store + 2).iload(row);
                    code.invokestatic(
                            Emitter.desc(ResultBytes.class),
                            "append",
                            MethodTypeDesc.of(
                                    ConstantDescs.CD_void,
                                    Emitter.desc(byte[].class),
                                    ConstantDescs.CD_int,
                                    ConstantDescs.CD_int,
                                    Emitter.desc(BytesVector.class),
                                    ConstantDescs.CD_int));
                }
            }
        }
        if (Traits.canBeNull(expression, shape.columnNulls())) {
            code.goto_(next);
            code.labelBinding(onNull);
            code.aload(RESULT).iload(row);
            code.invokevirtual(
                    Emitter.desc(Vector.class),
                    "setNull",
                    MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int));
        } else {
            code.labelBinding(onNull);
        }
    }

    /** A method for a part of the expression: computes it for one row into a holder, or gives false for NULL. */
    private void buildPart(ClassBuilder builder, Outline.Part part) {
        Call call = part.call();
        Storage storage = call.type().storage();
        builder.withMethodBody(
                part.name(),
                Outline.descriptor(storage),
                ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC,
                code -> {
                    Emitter emitter = new Emitter(
                            code,
                            constants,
                            outline,
                            shape.columnNulls(),
                            Outline.ROW,
                            Outline.FIRST_FREE);
                    emitter.openColumns(call, Outline.COLUMNS, Outline.ROW_COUNT);
                    Label onNull = code.newLabel();
                    emitter.call(call, onNull);
                    Local value = emitter.store(storage);
                    Outline.emitPut(code, emitter, storage, value);
                    code.iconst_1().ireturn();
                    code.labelBinding(onNull);
                    code.iconst_0().ireturn();
                });
    }
}
