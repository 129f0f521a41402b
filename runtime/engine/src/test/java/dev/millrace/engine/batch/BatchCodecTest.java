// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.engine.type.Storage;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchCodecTest {
    @Test
    void shouldGiveBackTheSelectedRowsOfEveryStorage() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            int rows = random.nextInt(40);
            Vector[] columns = new Vector[Storage.values().length];
            for (Storage storage : Storage.values()) {
                columns[storage.ordinal()] = fill(Vector.create(storage, rows), rows, random);
            }
            long[] positions = random.longs(rows).toArray();
            long[] hashes = random.nextBoolean() ? random.longs(rows).toArray() : null;
            byte[] kinds = random.nextBoolean() ? new byte[rows] : null;
            if (kinds != null) {
                for (int i = 0; i < rows; i++) {
                    kinds[i] = (byte) random.nextInt(4);
                }
            }
            Batch all = new Batch(columns, rows, null, rows, positions, kinds, hashes, null);
            int[] selection = random.ints(rows, 0, Math.max(rows, 1)).sorted().distinct().toArray();
            Batch batch = random.nextBoolean() ? all : all.withSelection(selection, selection.length);

            Batch copy = BatchCodec.copy(batch);

            assertEquals(batch.size(), copy.size());
            assertNull(copy.selection());
            for (int i = 0; i < batch.size(); i++) {
                int row = batch.row(i);
                assertEquals(positions[row], copy.positions()[i]);
                assertEquals(batch.kind(row), copy.kind(i));
                assertEquals(hashes == null ? 0 : hashes[row], hashes == null ? 0 : copy.hashes()[i]);
                for (int c = 0; c < columns.length; c++) {
                    assertSame(columns[c], row, copy.column(c), i);
                }
            }
        }
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        byte[] bytes = BatchCodec.encode(Batch.of(new Vector[] {new LongVector(0)}, 0));
        bytes[0] = 9;
        assertThrows(IllegalArgumentException.class, () -> BatchCodec.decode(bytes));
    }

    @Test
    void shouldNotAllocateWhatTheBytesCannotHold() {
        byte[] bytes = BatchCodec.encode(Batch.of(new Vector[] {new LongVector(0)}, 0));
        bytes[4] = 0x7F;
        assertThrows(IllegalArgumentException.class, () -> BatchCodec.decode(bytes));
    }

    private static Vector fill(Vector vector, int rows, Random random) {
        boolean withNulls = random.nextBoolean();
        for (int i = 0; i < rows; i++) {
            if (withNulls && random.nextInt(3) == 0) {
                vector.setNull(i);
                continue;
            }
            switch (vector) {
                case LongVector v -> v.set(i, random.nextLong());
                case DoubleVector v -> v.set(i, random.nextDouble());
                case DecimalVector v -> v.set(i, random.nextLong(), random.nextLong());
                case BooleanVector v -> v.set(i, random.nextBoolean());
                case BytesVector v -> v.append(i, "xyz0123456789".repeat(random.nextInt(4)) + i);
            }
        }
        return vector;
    }

    private static void assertSame(Vector expected, int row, Vector actual, int copied) {
        assertEquals(expected.isNull(row), actual.isNull(copied));
        if (expected.isNull(row)) {
            return;
        }
        switch (expected) {
            case LongVector v -> assertEquals(v.get(row), ((LongVector) actual).get(copied));
            case DoubleVector v -> assertEquals(v.get(row), ((DoubleVector) actual).get(copied));
            case DecimalVector v -> {
                assertEquals(v.high()[row], ((DecimalVector) actual).high()[copied]);
                assertEquals(v.low()[row], ((DecimalVector) actual).low()[copied]);
            }
            case BooleanVector v -> assertEquals(v.get(row), ((BooleanVector) actual).get(copied));
            case BytesVector v -> assertArrayEquals(v.get(row), ((BytesVector) actual).get(copied));
        }
    }
}
