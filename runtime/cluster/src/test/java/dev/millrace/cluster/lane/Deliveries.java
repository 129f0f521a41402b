// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.lane;

import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Delivery;
import dev.millrace.cluster.protocol.Session;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import java.util.List;
import java.util.Random;

/** Deliveries of every size. */
final class Deliveries {
    private Deliveries() {}

    /** Every second row of a batch with a number and a text, some of them NULL; the texts are made of a few letters. */
    static Delivery<Rows> ofRows(int rows, int textBytes, Random random) {
        LongVector numbers = new LongVector(rows);
        BytesVector texts = new BytesVector(rows);
        long[] positions = new long[rows];
        int[] selection = new int[(rows + 1) / 2];
        for (int row = 0; row < rows; row++) {
            numbers.set(row, random.nextLong());
            if (random.nextInt(10) == 0) {
                texts.setNull(row);
            } else {
                texts.append(row, text(textBytes, 'a', 4, random));
            }
            positions[row] = 100 + 3L * row;
            selection[row / 2] = row - row % 2;
        }
        Batch batch = new Batch(new Vector[] {numbers, texts}, rows, selection, selection.length, positions, null,
                random.longs(rows).toArray(), null);
        return of(new Rows(batch, random.nextBoolean() ? batch : null, List.of(), rows, null));
    }

    /** Bad records, whose bytes can't be compressed. */
    static Delivery<Rows> ofBadRecords(int count, int recordBytes, Random random) {
        List<BadRecord> records = random.ints(count, 0, 1_000)
                .mapToObj(position -> new BadRecord(position, text(recordBytes, (char) 0, 256, random),
                        ErrorCode.RECORD_MALFORMED, "not JSON: \u20ac"))
                .toList();
        return of(new Rows(Batch.of(new Vector[0], 0), null, records, count, null));
    }

    /** No rows: the end of the input. */
    static Delivery<Rows> end() {
        return new Delivery<>("input", new Session(3, 2, 1), 100, 100, Long.MAX_VALUE, true, false, 0, List.of());
    }

    private static Delivery<Rows> of(Rows rows) {
        Session session = new Session(3, 2, 1);
        return new Delivery<>("input", session, 100, 1_000_000, 77, false, true, 4711, List.of(rows, rows));
    }

    private static byte[] text(int bytes, char first, int letters, Random random) {
        byte[] text = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            text[i] = (byte) (first + random.nextInt(letters));
        }
        return text;
    }
}
