// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.batch.BytesVector;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The objects that a generated class gets as its class data; the JIT treats them as constants. */
final class Constants {
    private static final DirectMethodHandleDesc CLASS_DATA_AT = MethodHandleDesc.ofMethod(
            DirectMethodHandleDesc.Kind.STATIC,
            MethodHandles.class.describeConstable().orElseThrow(),
            "classDataAt",
            MethodTypeDesc.of(
                    ConstantDescs.CD_Object,
                    ConstantDescs.CD_MethodHandles_Lookup,
                    ConstantDescs.CD_String,
                    ConstantDescs.CD_Class,
                    ConstantDescs.CD_int));

    private final List<Object> values = new ArrayList<>();
    private final Map<Object, Integer> indexes = new IdentityHashMap<>();

    /** Emits the loading of an object. */
    void load(CodeBuilder code, Object value, Class<?> type) {
        ConstantDesc index = indexes.computeIfAbsent(value, added -> {
            values.add(added);
            return values.size() - 1;
        });
        code.loadConstant(
                DynamicConstantDesc.ofNamed(
                        CLASS_DATA_AT,
                        ConstantDescs.DEFAULT_NAME,
                        type.describeConstable().orElseThrow(),
                        index));
    }

    /** Emits the loading of a byte string: data, start and length. */
    void loadBytes(CodeBuilder code, byte[] value) {
        load(code, Arrays.copyOf(value, value.length + BytesVector.PADDING), byte[].class);
        code.loadConstant(0);
        code.loadConstant(value.length);
    }

    static byte[] bytes(Object literal) {
        return literal instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) literal;
    }

    List<Object> values() {
        return values;
    }
}
