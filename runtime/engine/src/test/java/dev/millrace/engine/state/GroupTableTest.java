// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.hash.ByteWords;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.type.Storage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupTableTest {
    private static final int ROWS = 500;

    private static int[] allRows() {
        int[] rows = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            rows[i] = i;
        }
        return rows;
    }

    /** Keys of a number and a string of up to 20 bytes, each sometimes NULL. */
    private static Vector[] randomKeys(Random random) {
        LongVector numbers = new LongVector(ROWS);
        BytesVector names = new BytesVector(ROWS);
        for (int row = 0; row < ROWS; row++) {
            numbers.set(row, random.nextInt(20));
            names.append(row, "abcdefghijklmnopqrst".substring(0, random.nextInt(21)));
            if (random.nextInt(10) == 0) {
                numbers.setNull(row);
            }
            if (random.nextInt(10) == 0) {
                names.setNull(row);
            }
        }
        return new Vector[] {numbers, names};
    }

    private static String key(Vector[] keys, int row) {
        String number = keys[0].isNull(row) ? "NULL" : "" + ((LongVector) keys[0]).get(row);
        return number + "|" + (keys[1].isNull(row) ? "NULL" : "'" + ((BytesVector) keys[1]).getString(row));
    }

    /** With hashes that collide in the upper half, whole hashes that collide, and good ones. */
    @ParameterizedTest
    @ValueSource(longs = {0, 0xFFL, 0xF_0000_0000L, 0xFF_0000_00FFL, -1L})
    void shouldNumberKeysInTheOrderInWhichTheyCome(long hashBits) {
        Random random = new Random(hashBits);
        GroupTable table = new GroupTable(List.of(Storage.LONG, Storage.BYTES), 100_000);
        Map<String, Integer> expected = new HashMap<>();
        List<String> keysByGroup = new ArrayList<>();
        for (int round = 0; round < 10; round++) {
            Vector[] keys = randomKeys(random);
            long[] hashes = new long[ROWS];
            KeyHasher.hash(keys, null, ROWS, hashes);
            for (int row = 0; row < ROWS; row++) {
                hashes[row] &= hashBits;
            }
            int sizeBefore = table.size();
            int[] groups = new int[ROWS];
            table.lookup(keys, allRows(), 0, ROWS, hashes, groups);
            for (int row = 0; row < ROWS; row++) {
                String key = key(keys, row);
                if (!expected.containsKey(key)) {
                    // Within one lookup new groups may be numbered in another order where hashes collide.
                    assertTrue(groups[row] >= sizeBefore, "a new key got an old group");
                    expected.put(key, groups[row]);
                }
                assertEquals(expected.get(key), groups[row], key);
                assertEquals(hashes[row], table.hash(groups[row]));
            }
            assertEquals(expected.size(), table.size());
            StateWriter out = new StateWriter();
            table.save(out);
            table = new GroupTable(List.of(Storage.LONG, Storage.BYTES), 100_000);
            table.restore(new StateReader(out.finish()));
        }
        int size = table.size();
        int[] groups = new int[size];
        for (int i = 0; i < size; i++) {
            groups[i] = i;
        }
        Vector[] written = {new LongVector(size), new BytesVector(size)};
        table.writeKeys(0, groups, groups, 0, size, written[0]);
        table.writeKeys(1, groups, groups, 0, size, written[1]);
        for (int group = 0; group < size; group++) {
            keysByGroup.add(key(written, group));
        }
        expected.forEach((key, group) -> assertEquals(key, keysByGroup.get(group)));
    }

    @Test
    void shouldReadTheKeysOfVersion1() {
        String[] texts = {"", "abc", "abcd", "abcde", "abcdefgh", "abcdefghi", "abcdefghijkl", "abcdefghijklm",
            "abcdefghijklmno", "abcdefghijklmnop", "abcdefghijklmnopqrstuvwxyz"};
        BytesVector keys = new BytesVector(texts.length);
        StateWriter out = new StateWriter();
        long[] hashes = new long[texts.length];
        long[] words = new long[texts.length * 2];
        byte[] longTexts = new byte[256];
        int textSize = 0;
        for (int i = 0; i < texts.length; i++) {
            byte[] bytes = texts[i].getBytes(StandardCharsets.UTF_8);
            keys.append(i, bytes);
            byte[] padded = Arrays.copyOf(bytes, Math.max(bytes.length, 12));
            words[2 * i] = ByteWords.load(Arrays.copyOf(padded, 8), 0, 4) << 32 | bytes.length;
            words[2 * i + 1] = ByteWords.load(padded, 4);
            if (bytes.length > 12) {
                words[2 * i + 1] = textSize;
                System.arraycopy(bytes, 0, longTexts, textSize, bytes.length);
                textSize += bytes.length;
            }
        }
        KeyHasher.hash(new Vector[] {keys}, null, texts.length, hashes);
        out.writeInt(1);
        out.writeInt(texts.length);
        out.writeLongs(hashes, 0, texts.length);
        out.writeLongs(words, 0, words.length);
        out.writeLong(0);
        out.writeInt(textSize);
        out.writeBytes(longTexts, 0, textSize);

        GroupTable table = new GroupTable(List.of(Storage.BYTES), 100);
        table.restore(new StateReader(out.finish()));

        int[] groups = new int[texts.length];
        table.lookup(new Vector[] {keys}, allRows(), 0, texts.length, hashes, groups);
        assertEquals(texts.length, table.size());
        BytesVector written = new BytesVector(texts.length);
        table.writeKeys(0, groups, allRows(), 0, texts.length, written);
        for (int i = 0; i < texts.length; i++) {
            assertEquals(i, groups[i]);
            assertEquals(texts[i], written.getString(i));
        }
    }

    @Test
    void shouldRefuseOneGroupMoreThanAllowed() {
        GroupTable table = new GroupTable(List.of(Storage.LONG), 100);
        LongVector ids = new LongVector(101);
        int[] rows = new int[101];
        for (int row = 0; row < 101; row++) {
            ids.set(row, row);
            rows[row] = row;
        }
        Vector[] keys = {ids};
        long[] hashes = new long[101];
        KeyHasher.hash(keys, null, 101, hashes);
        table.lookup(keys, rows, 0, 100, hashes, new int[101]);
        assertEquals(100, table.size());
        MillraceException refused = assertThrows(
                MillraceException.class, () -> table.lookup(keys, rows, 100, 101, hashes, new int[101]));
        assertEquals(ErrorCode.STATE_LIMIT, refused.code());
        assertEquals(100, table.size());
    }

    @Test
    void shouldReportMoreBytesWhenItGrows() {
        GroupTable table = new GroupTable(List.of(Storage.LONG, Storage.BYTES), 100_000);
        long before = table.bytes();
        Vector[] keys = randomKeys(new Random(1));
        long[] hashes = new long[ROWS];
        KeyHasher.hash(keys, null, ROWS, hashes);
        table.lookup(keys, allRows(), 0, ROWS, hashes, new int[ROWS]);
        assertTrue(table.bytes() > before + table.size() * 32L);
    }
}
