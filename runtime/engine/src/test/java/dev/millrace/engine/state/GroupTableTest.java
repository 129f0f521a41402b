// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.type.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
        List<String> keysByGroup = keys(table);
        expected.forEach((key, group) -> assertEquals(key, keysByGroup.get(group)));
    }

    /** Keys of two tables in one, under new numbers, in portions of which some come again. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldTakeGroupsOfOtherTables(long seed) {
        Random random = new Random(seed);
        GroupTable into = new GroupTable(List.of(Storage.LONG, Storage.BYTES), 100_000);
        List<String> expected = new ArrayList<>();
        for (int part = 0; part < 2; part++) {
            GroupTable table = new GroupTable(List.of(Storage.LONG, Storage.BYTES), 100_000);
            Vector[] keys = randomKeys(random);
            for (int row = 0; row < ROWS; row++) {
                if (part == 1) {
                    // No key is in both tables.
                    ((LongVector) keys[0]).set(row, 20 + random.nextInt(20));
                    keys[0].clearNull(row);
                }
            }
            long[] hashes = new long[ROWS];
            KeyHasher.hash(keys, null, ROWS, hashes);
            int[] groups = new int[ROWS];
            table.lookup(keys, allRows(), 0, ROWS, hashes, groups);
            List<Integer> ids = new ArrayList<>();
            for (int group = 0; group < table.size(); group++) {
                ids.add(group);
            }
            Collections.shuffle(ids, random);
            int[] from = ids.stream().mapToInt(Integer::intValue).toArray();
            int size = into.size();
            int[] to = new int[from.length];
            for (int i = 0; i < to.length; i++) {
                to[i] = size + to.length - 1 - i;
            }
            StateWriter all = new StateWriter();
            table.saveKeys(all, GroupSet.of(from, from.length));
            StateWriter again = new StateWriter();
            table.saveKeys(again, GroupSet.of(from, from.length / 2));
            into.restoreKeys(new StateReader(all.finish()), GroupSet.of(to, to.length));
            long bytes = into.bytes();
            for (int i = 0; i < 10; i++) {
                into.restoreKeys(new StateReader(again.finish()), GroupSet.of(to, to.length / 2));
            }
            assertEquals(bytes, into.bytes(), "keys that come again take room");
            String[] added = new String[to.length];
            for (int row = 0; row < ROWS; row++) {
                added[to[ids.indexOf(groups[row])] - size] = key(keys, row);
            }
            expected.addAll(Arrays.asList(added));
        }
        into.rebuild();
        assertEquals(expected, keys(into), "seed " + seed);
        int[] all = new int[into.size()];
        Arrays.setAll(all, i -> i);
        Vector[] keys = written(into);
        long[] hashes = new long[all.length];
        KeyHasher.hash(keys, null, all.length, hashes);
        int[] groups = new int[all.length];
        into.lookup(keys, all, 0, all.length, hashes, groups);
        assertArrayEquals(all, groups);
    }

    /** The keys of all groups. */
    private static Vector[] written(GroupTable table) {
        int size = table.size();
        int[] all = new int[size];
        Arrays.setAll(all, i -> i);
        Vector[] written = {new LongVector(size), new BytesVector(size)};
        table.writeKeys(0, all, all, 0, size, written[0]);
        table.writeKeys(1, all, all, 0, size, written[1]);
        return written;
    }

    private static List<String> keys(GroupTable table) {
        Vector[] written = written(table);
        List<String> keys = new ArrayList<>();
        for (int group = 0; group < table.size(); group++) {
            keys.add(key(written, group));
        }
        return keys;
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
