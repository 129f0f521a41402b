// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Views made by {@link Collections#unmodifiableList}. */
final class UnmodifiableListSerializer extends ImmutableSerializer<List<?>> {
    @Override
    public void write(Kryo kryo, Output output, List<?> list) {
        output.writeVarInt(list.size(), true);
        for (Object element : list) {
            kryo.writeClassAndObject(output, element);
        }
    }

    @Override
    public List<?> read(Kryo kryo, Input input, Class<? extends List<?>> type) {
        int size = input.readVarInt(true);
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(kryo.readClassAndObject(input));
        }
        return Collections.unmodifiableList(list);
    }
}
