// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchCodec;

/** A batch as its raw column bytes. */
final class BatchSerializer extends Serializer<Batch> {
    @Override
    public void write(Kryo kryo, Output output, Batch batch) {
        byte[] bytes = BatchCodec.encode(batch);
        output.writeInt(bytes.length);
        output.writeBytes(bytes);
    }

    @Override
    public Batch read(Kryo kryo, Input input, Class<? extends Batch> type) {
        return BatchCodec.decode(input.readBytes(input.readInt()));
    }
}
