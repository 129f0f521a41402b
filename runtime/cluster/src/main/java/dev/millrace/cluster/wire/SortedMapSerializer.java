package dev.millrace.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.serializers.MapSerializer;
import java.util.Map;
import java.util.TreeMap;

/** The options of tables and jobs: sorted maps that nobody may change. Their records protect them again when read. */
final class SortedMapSerializer extends MapSerializer<Map<Object, Object>> {
    @Override
    protected Map<Object, Object> create(
            Kryo kryo, Input input, Class<? extends Map<Object, Object>> type, int size) {
        return new TreeMap<>();
    }
}
