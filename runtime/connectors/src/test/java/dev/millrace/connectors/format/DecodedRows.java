// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format;

import dev.millrace.connectors.text.JsonRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.type.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Decodes a text and shows rows as {@code position{…}} and bad records as {@code position!reason}. */
public final class DecodedRows implements RecordErrors {
    public final List<String> rows = new ArrayList<>();
    public final List<String> bad = new ArrayList<>();
    private BatchBuilder into;

    public static DecodedRows of(RecordDecoder decoder, Schema schema, String text) {
        return of(decoder, schema, text.getBytes(StandardCharsets.UTF_8), 100);
    }

    public static DecodedRows of(RecordDecoder decoder, Schema schema, byte[] text, int batchRows) {
        DecodedRows result = new DecodedRows();
        byte[] data = padded(text);
        BatchArena arena = new BatchArena();
        int at = decoder.skipHeader(data, 0, text.length, true);
        while (at < text.length) {
            arena.reset();
            result.into = new BatchBuilder(schema, batchRows, arena);
            at = decoder.decode(data, at, text.length, true, at, result.into, result);
            if (at < 0) {
                result.bad.add((-1 - at) + "!too large");
                break;
            }
            result.show(schema);
        }
        return result;
    }

    public static byte[] padded(byte[] text) {
        byte[] data = Arrays.copyOf(text, text.length + RecordDecoder.PADDING);
        data[text.length] = '\n';
        return data;
    }

    private void show(Schema schema) {
        Batch batch = into.build();
        JsonRowFormat format = new JsonRowFormat(schema);
        TextBuffer text = new TextBuffer();
        for (int r = 0; r < batch.size(); r++) {
            text.clear();
            format.append(batch, r, text);
            rows.add(batch.positions()[r] + text.toString().strip());
        }
        for (BadRecord record : into.badRecords()) {
            bad.add(record.position() + "!" + record.reason());
        }
    }

    @Override
    public void reject(byte[] data, int from, int to, ErrorCode code, String reason) {
        into.reject(new BadRecord(from, Arrays.copyOfRange(data, from, to), code, reason));
    }
}
