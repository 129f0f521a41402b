// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.millrace.cluster.message.Rows;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import java.util.ArrayList;
import java.util.List;

/** Rows without their owner: on the other node they have memory of their own. */
final class RowsSerializer extends Serializer<Rows> {
    @Override
    public void write(Kryo kryo, Output output, Rows rows) {
        kryo.writeObject(output, rows.batch());
        kryo.writeObjectOrNull(output, rows.combined(), Batch.class);
        output.writeVarInt(rows.decoded(), true);
        output.writeVarInt(rows.badRecords().size(), true);
        for (BadRecord record : rows.badRecords()) {
            kryo.writeObject(output, record);
        }
    }

    @Override
    public Rows read(Kryo kryo, Input input, Class<? extends Rows> type) {
        Batch batch = kryo.readObject(input, Batch.class);
        Batch combined = kryo.readObjectOrNull(input, Batch.class);
        int decoded = input.readVarInt(true);
        int count = input.readVarInt(true);
        List<BadRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(kryo.readObject(input, BadRecord.class));
        }
        return new Rows(batch, combined, records, decoded, null);
    }
}
