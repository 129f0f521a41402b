// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.hash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyHasherTest {
    private static final String[] STRINGS = {
        "", "a", "abcdefg", "abcdefgh", "abcdefghi", "abcdefghijklmnop", "abcdefghijklmnopq", "日本語"};

    private static final long[] LONGS = {0, 1, -1, 42, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 1_700_000_000_000L};

    private static final double[] DOUBLES = {0.0, 1.0, -1.0, 1.5, Double.MAX_VALUE, Double.MIN_VALUE,
        Double.POSITIVE_INFINITY, Double.NaN};

    private static BytesVector strings() {
        BytesVector vector = new BytesVector(STRINGS.length);
        for (int row = 0; row < STRINGS.length; row++) {
            vector.append(row, STRINGS[row]);
        }
        return vector;
    }

    private static LongVector longs() {
        LongVector vector = new LongVector(LONGS.length);
        System.arraycopy(LONGS, 0, vector.values(), 0, LONGS.length);
        return vector;
    }

    private static DoubleVector doubles() {
        DoubleVector vector = new DoubleVector(DOUBLES.length);
        System.arraycopy(DOUBLES, 0, vector.values(), 0, DOUBLES.length);
        return vector;
    }

    private static DecimalVector decimals() {
        DecimalVector vector = new DecimalVector(8);
        for (int row = 0; row < 8; row++) {
            vector.set(row, row - 4, row * 0x1234_5678_9ABC_DEF0L);
        }
        return vector;
    }

    private static BooleanVector booleans() {
        BooleanVector vector = new BooleanVector(8);
        for (int row = 0; row < 8; row++) {
            vector.set(row, row % 2 == 0);
        }
        vector.setNull(7);
        return vector;
    }

    private static long[] hash(Vector... keys) {
        long[] hashes = new long[8];
        KeyHasher.hash(keys, null, 8, hashes);
        return hashes;
    }

    /** Stored state and routes depend on these numbers: they never change under the same version. */
    @Test
    void shouldKeepTheHashesOfVersionOne() {
        assertEquals(1, KeyHasher.VERSION);
        assertArrayEquals(
                new long[] {0x880A8AFDC2B2E2F5L, 0xF246940DF9CD4813L, 0x95D28A9F93A531EBL, 0x1EFCDD5976D181ABL,
                    0x1E9877C05DE61B3BL, 0x5C5CBF19C02DBFA3L, 0xE1E223D3D7681404L, 0xE08981BD416DFDD8L},
                hash(strings()));
        assertArrayEquals(new long[] {0x880A8AFDC2B2E2F5L, 0xA6D5490156BAB3B8L, 0x8EA6B3DAD22A7407L,
            0xC2F5BCC5A9014529L, 0xD4DD8C331E65E43BL, 0xDB79B51007F572CDL, 0x32ED163ABC43C72DL, 0xC2A070583E3DBB64L},
                hash(longs()));
        assertArrayEquals(
                new long[] {0x880A8AFDC2B2E2F5L, 0xDCBF600FC0170807L, 0x8FEC5ED8134436D0L, 0xAE028A6DFF52E265L,
                    0xD9C67DD0EDBABA0DL, 0xA6D5490156BAB3B8L, 0x0328E0AA5F8088A2L, 0xD46C0B08453C6300L},
                hash(doubles()));
        assertArrayEquals(
                new long[] {0xE1E65CA57495A839L, 0x9C1967D64B956424L, 0x040B60A4424D921DL, 0xF9A77AFB022C5406L,
                    0x220663DA10F4833BL, 0xCADAB42F66604CF4L, 0xD44FB329C7CD92B8L, 0x9FD8D719445F163CL},
                hash(decimals()));
        assertArrayEquals(
                new long[] {0xA6D5490156BAB3B8L, 0x880A8AFDC2B2E2F5L, 0xA6D5490156BAB3B8L, 0x880A8AFDC2B2E2F5L,
                    0xA6D5490156BAB3B8L, 0x880A8AFDC2B2E2F5L, 0xA6D5490156BAB3B8L, 0x4B0E345BECEA8482L},
                hash(booleans()));
        assertArrayEquals(
                new long[] {0x4772695909BB4346L, 0x64D9579352D46415L, 0x1AE9201E7CF0EAD6L, 0xD920E019A755E9D2L,
                    0xE6087B274191F47BL, 0xB5F98BEE179E3E36L, 0x0D7A37815FC31504L, 0x3FA662F31FF81DB5L},
                hash(strings(), longs(), doubles()));
        assertEquals(0x66F46AC664C23FEDL, hash()[0]);
    }

    @Test
    void shouldGiveEqualHashesWhateverTheSelection() {
        Batch batch = Batch.of(new Vector[] {longs(), strings(), booleans()}, 8);
        KeyHasher hasher = new KeyHasher(List.of(1, 2));
        long[] all = new long[8];
        hasher.hash(batch, all);
        long[] some = new long[8];
        Arrays.fill(some, 7);
        hasher.hash(batch.withSelection(new int[] {1, 4, 7}, 3), some);
        assertArrayEquals(new long[] {7, all[1], 7, 7, all[4], 7, 7, all[7]}, some);
        assertArrayEquals(hash(strings(), booleans()), all);
    }

    @Test
    void shouldGiveEqualHashesToEqualDoubles() {
        DoubleVector vector = doubles();
        vector.set(1, -0.0);
        vector.set(2, Double.longBitsToDouble(0x7FF8_0000_0000_1234L));
        long[] hashes = hash(vector);
        assertEquals(hashes[0], hashes[1]);
        assertEquals(hashes[7], hashes[2]);
    }

    @Test
    void shouldNotLookAtTheValueOfANull() {
        for (Vector vector : new Vector[] {longs(), strings(), doubles(), decimals(), booleans()}) {
            vector.setNull(0);
            vector.setNull(5);
            assertEquals(hash(vector)[0], hash(vector)[5]);
        }
    }

    @Test
    void shouldTellWhichColumnTheBytesAreIn() {
        BytesVector left = new BytesVector(8);
        BytesVector right = new BytesVector(8);
        String text = "abcdefg";
        for (int row = 0; row < 8; row++) {
            left.append(row, text.substring(0, row));
            right.append(row, text.substring(row));
        }
        Set<Long> hashes = new HashSet<>();
        for (long hash : hash(left, right)) {
            hashes.add(hash);
        }
        assertEquals(8, hashes.size());
        assertNotEquals(hash(left, right)[3], hash(right, left)[3]);
    }

    /** Tables index by the low bits and partitions by the high ones: both must differ for keys that differ anywhere. */
    @Test
    void shouldSpreadEveryBitOfAKeyOverAllBits() {
        int rows = 4096;
        DoubleVector doubles = new DoubleVector(rows);
        LongVector longs = new LongVector(rows);
        BytesVector strings = new BytesVector(rows);
        for (int row = 0; row < rows; row++) {
            doubles.set(row, row);
            longs.set(row, (long) row << 48);
            strings.append(row, "SYM" + row);
        }
        for (Vector key : new Vector[] {doubles, longs, strings}) {
            long[] hashes = new long[rows];
            KeyHasher.hash(new Vector[] {key}, null, rows, hashes);
            assertTrue(fullest(hashes, 0) <= 40, key.storage() + ": low bits");
            assertTrue(fullest(hashes, 56) <= 40, key.storage() + ": high bits");
        }
    }

    /** With 16 rows expected in each of 256 buckets, how many the fullest has. */
    private static int fullest(long[] hashes, int shift) {
        int[] buckets = new int[256];
        for (long hash : hashes) {
            buckets[(int) (hash >>> shift) & 255]++;
        }
        return Arrays.stream(buckets).max().getAsInt();
    }
}
