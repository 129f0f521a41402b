// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.lane;

import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Delivery;
import dev.millrace.cluster.protocol.Session;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchCodec;
import dev.millrace.engine.error.ErrorCode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A delivery as raw bytes: of the rows those that are selected, column by column, with their hashes, so that the
 * partition computes none.
 *
 * <pre>
 *   version 1, flags 1 (1 end, 2 idle), incarnation 8, reader 8, round 4, from 8, to 8, watermark 8, bytes 8, input text
 *   frames 4, of each:     decoded 4, bad records 4, batch (see {@link BatchCodec}),
 *                          combined 1 (0 or 1), with 1 the batch of combined rows, the bad records
 *   of each bad record:    position 8, code text, reason text, length 4, bytes
 *   a text:                length 4, UTF-8                                              all numbers little-endian
 * </pre>
 */
final class DeliveryCodec {
    private static final byte VERSION = 1;
    private static final int END = 1;
    private static final int IDLE = 2;
    private static final int HEAD_BYTES = 2 + 8 + 8 + 4 + 8 + 8 + 8 + 8 + 4;
    private static final int FRAME_BYTES = 4 + 1 + 4;
    private static final int RECORD_BYTES = 8 + 4;
    private static final int LENGTH_BYTES = 4;

    private DeliveryCodec() {}

    /** The delivery in an array of its own. */
    static byte[] encode(Delivery<Rows> delivery) {
        byte[] input = utf8(delivery.input());
        long bytes = HEAD_BYTES + LENGTH_BYTES + input.length;
        for (Rows rows : delivery.frames()) {
            bytes += FRAME_BYTES + BatchCodec.encodedBytes(rows.batch());
            bytes += rows.combined() == null ? 0 : BatchCodec.encodedBytes(rows.combined());
            for (BadRecord record : rows.badRecords()) {
                bytes += RECORD_BYTES + record.bytes().length + 2 * LENGTH_BYTES
                        + utf8(record.code().name()).length + utf8(record.reason()).length;
            }
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
        Session session = delivery.session();
        out.put(VERSION).put((byte) ((delivery.end() ? END : 0) | (delivery.idle() ? IDLE : 0)));
        out.putLong(session.incarnation()).putLong(session.reader()).putInt(session.round());
        out.putLong(delivery.from()).putLong(delivery.to()).putLong(delivery.watermark()).putLong(delivery.bytes());
        putText(out, input);
        out.putInt(delivery.frames().size());
        for (Rows rows : delivery.frames()) {
            out.putInt(rows.decoded()).putInt(rows.badRecords().size());
            out.position(BatchCodec.encode(rows.batch(), out.array(), out.position()));
            out.put((byte) (rows.combined() == null ? 0 : 1));
            if (rows.combined() != null) {
                out.position(BatchCodec.encode(rows.combined(), out.array(), out.position()));
            }
            for (BadRecord record : rows.badRecords()) {
                out.putLong(record.position());
                putText(out, utf8(record.code().name()));
                putText(out, utf8(record.reason()));
                putText(out, record.bytes());
            }
        }
        return out.array();
    }

    /**
     * The delivery, with rows in memory of their own.
     *
     * @throws IllegalArgumentException if the bytes are none of this version
     */
    static Delivery<Rows> decode(ByteBuffer source) {
        ByteBuffer in = source.order(ByteOrder.LITTLE_ENDIAN);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalArgumentException("delivery of version " + version + ", known is " + VERSION);
        }
        int flags = in.get();
        Session session = new Session(in.getLong(), in.getLong(), in.getInt());
        long from = in.getLong();
        long to = in.getLong();
        long watermark = in.getLong();
        long bytes = in.getLong();
        String input = getText(in);
        int frames = in.getInt();
        List<Rows> rows = new ArrayList<>();
        for (int i = 0; i < frames; i++) {
            rows.add(getRows(in));
        }
        return new Delivery<>(
                input, session, from, to, watermark, (flags & END) != 0, (flags & IDLE) != 0, bytes, rows);
    }

    private static Rows getRows(ByteBuffer in) {
        int decoded = in.getInt();
        int bad = in.getInt();
        Batch batch = BatchCodec.decode(in);
        Batch combined = in.get() == 0 ? null : BatchCodec.decode(in);
        List<BadRecord> records = new ArrayList<>();
        for (int i = 0; i < bad; i++) {
            long position = in.getLong();
            ErrorCode code = ErrorCode.valueOf(getText(in));
            String reason = getText(in);
            records.add(new BadRecord(position, getBytes(in), code, reason));
        }
        return new Rows(batch, combined, records, decoded, null);
    }

    private static void putText(ByteBuffer out, byte[] text) {
        out.putInt(text.length).put(text);
    }

    private static String getText(ByteBuffer in) {
        return new String(getBytes(in), StandardCharsets.UTF_8);
    }

    private static byte[] getBytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a text of " + length + " bytes in " + in.remaining());
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
