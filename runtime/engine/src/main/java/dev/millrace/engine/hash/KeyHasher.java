// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.hash;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import java.util.List;

/**
 * One 64-bit hash per row over its key columns.
 *
 * <p>Rows with equal keys have equal hashes in every batch, process and release of one {@link #VERSION}: NULL equals
 * NULL, -0.0 equals 0.0, all NaNs are equal. The keys' types and their order count. All bits are well mixed; the high
 * ones choose the partition (a range of hashes each), so tables inside a partition index by the low ones.
 */
public final class KeyHasher {
    /** Version of the function. Stored state and routes depend on it: another function needs another version. */
    public static final int VERSION = 1;

    private static final long SEED = 0x6A09E667F3BCC909L;
    private static final long ROUND_FACTOR = 0x9E3779B97F4A7C15L;
    private static final long FINISH_FACTOR = 0xD6E8FEB86659FD93L;
    private static final long LENGTH_FACTOR = 0xFF51AFD7ED558CCDL;
    private static final long NULL_WORD = 0xBB67AE8584CAA73BL;

    private final int[] columns;

    /** @param columns indexes of the key columns; without any, all rows have the same hash */
    public KeyHasher(List<Integer> columns) {
        this.columns = columns.stream().mapToInt(Integer::intValue).toArray();
    }

    /**
     * Hashes the selected rows.
     *
     * @param hashes where the hashes go, by row number
     */
    public void hash(Batch batch, long[] hashes) {
        Vector[] keys = new Vector[columns.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = batch.column(columns[i]);
        }
        hash(keys, batch.selection(), batch.size(), hashes);
    }

    /**
     * Hashes rows.
     *
     * @param keys the key columns, in order
     * @param rows the row numbers, or null for the rows from 0 on
     * @param count number of rows
     * @param hashes where the hashes go, by row number
     */
    public static void hash(Vector[] keys, int[] rows, int count, long[] hashes) {
        for (int i = 0; i < count; i++) {
            hashes[rows == null ? i : rows[i]] = SEED;
        }
        for (Vector key : keys) {
            switch (key) {
                case LongVector v -> addLongs(v.values(), v.nulls(), rows, count, hashes);
                case DoubleVector v -> addDoubles(v.values(), v.nulls(), rows, count, hashes);
                case DecimalVector v -> addDecimals(v.high(), v.low(), v.nulls(), rows, count, hashes);
                case BooleanVector v -> addBooleans(v.values(), v.nulls(), rows, count, hashes);
                case BytesVector v -> addBytes(v.data(), v.starts(), v.lengths(), v.nulls(), rows, count, hashes);
            }
        }
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            long h = hashes[row] * FINISH_FACTOR;
            hashes[row] = h ^ (h >>> 32);
        }
    }

    /** The bits of a key of type DOUBLE: equal keys have equal bits. */
    public static long normalisedBits(double value) {
        // Adding zero turns -0.0 into 0.0 and changes nothing else; doubleToLongBits makes all NaNs one.
        return Double.doubleToLongBits(value + 0.0);
    }

    private static long round(long hash, long word) {
        long h = (hash ^ word) * ROUND_FACTOR;
        return h ^ (h >>> 32);
    }

    private static void addLongs(long[] values, boolean[] nulls, int[] rows, int count, long[] hashes) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            hashes[row] = round(hashes[row], nulls != null && nulls[row] ? NULL_WORD : values[row]);
        }
    }

    private static void addDoubles(double[] values, boolean[] nulls, int[] rows, int count, long[] hashes) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            long word = nulls != null && nulls[row] ? NULL_WORD : normalisedBits(values[row]);
            hashes[row] = round(hashes[row], word);
        }
    }

    private static void addDecimals(
            long[] high, long[] low, boolean[] nulls, int[] rows, int count, long[] hashes) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            long h = hashes[row];
            hashes[row] = nulls != null && nulls[row] ? round(h, NULL_WORD) : round(round(h, high[row]), low[row]);
        }
    }

    private static void addBooleans(boolean[] values, boolean[] nulls, int[] rows, int count, long[] hashes) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            long word = nulls != null && nulls[row] ? NULL_WORD : values[row] ? 1 : 0;
            hashes[row] = round(hashes[row], word);
        }
    }

    private static void addBytes(
            byte[] data, int[] starts, int[] lengths, boolean[] nulls, int[] rows, int count, long[] hashes) {
        for (int i = 0; i < count; i++) {
            int row = rows == null ? i : rows[i];
            long h = hashes[row];
            if (nulls != null && nulls[row]) {
                hashes[row] = round(h, NULL_WORD);
                continue;
            }
            int at = starts[row];
            int left = lengths[row];
            // The length is mixed in, so that bytes can't move from one column to the next unnoticed.
            h ^= left * LENGTH_FACTOR;
            while (left > 8) {
                h = round(h, ByteWords.load(data, at));
                at += 8;
                left -= 8;
            }
            hashes[row] = round(h, ByteWords.load(data, at, left));
        }
    }
}
