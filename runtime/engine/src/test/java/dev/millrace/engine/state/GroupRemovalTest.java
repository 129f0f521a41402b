// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.type.Storage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that are removed, and whose numbers go to others. */
class GroupRemovalTest {
    private static final int ROWS = 300;

    /** A key: a number, and a text of up to 60 bytes that is a function of another number. */
    private record Key(long number, int text) {
        String string() {
            return ("<" + text + ">").repeat(1 + text % 12);
        }
    }

    private static GroupTable newTable() {
        return new GroupTable(List.of(Storage.LONG, Storage.BYTES), 100_000);
    }

    private static int[] lookup(GroupTable table, List<Key> keys, long hashBits) {
        int count = keys.size();
        LongVector numbers = new LongVector(count);
        BytesVector texts = new BytesVector(count);
        int[] rows = new int[count];
        for (int row = 0; row < count; row++) {
            rows[row] = row;
            numbers.set(row, keys.get(row).number());
            texts.append(row, keys.get(row).string());
        }
        Vector[] columns = {numbers, texts};
        long[] hashes = new long[count];
        KeyHasher.hash(columns, null, count, hashes);
        for (int row = 0; row < count; row++) {
            hashes[row] &= hashBits;
        }
        int[] groups = new int[count];
        table.lookup(columns, rows, 0, count, hashes, groups);
        return groups;
    }

    private static String textOf(GroupTable table, int group) {
        BytesVector text = new BytesVector(1);
        table.writeKeys(1, new int[] {group}, new int[] {0}, 0, 1, text);
        return text.getString(0);
    }

    private static GroupTable restored(GroupTable table) {
        StateWriter out = new StateWriter();
        table.save(out);
        GroupTable restored = newTable();
        restored.restore(new StateReader(out.finish()));
        return restored;
    }

    @ParameterizedTest
    @ValueSource(longs = {0xFL, 0xF_0000_0000L, 0xFF_0000_00FFL, -1L})
    void shouldForgetWhatWasRemovedAndKeepTheRest(long hashBits) {
        Random random = new Random(hashBits);
        GroupTable table = newTable();
        Map<Key, Integer> expected = new HashMap<>();
        for (int round = 0; round < 60; round++) {
            List<Key> keys = new ArrayList<>();
            for (int i = 0; i < random.nextInt(ROWS); i++) {
                keys.add(new Key(random.nextInt(5), random.nextInt(120)));
            }
            Set<Integer> taken = new HashSet<>(expected.values());
            int sizeBefore = table.size();
            int[] groups = lookup(table, keys, hashBits);
            Set<Integer> reused = new HashSet<>();
            for (int i = 0; i < table.reusedCount(); i++) {
                assertTrue(reused.add(table.reused(i)));
            }
            for (int i = 0; i < groups.length; i++) {
                Integer known = expected.putIfAbsent(keys.get(i), groups[i]);
                if (known != null) {
                    assertEquals(known, groups[i]);
                } else {
                    assertTrue(taken.add(groups[i]), "two keys have group " + groups[i]);
                    assertEquals(groups[i] < sizeBefore, reused.contains(groups[i]));
                }
            }
            for (Key key : List.copyOf(expected.keySet())) {
                if (random.nextInt(3) == 0) {
                    int group = expected.remove(key);
                    table.remove(group);
                    assertTrue(table.isRemoved(group));
                }
            }
            assertEquals(expected.size(), table.count());
            if (random.nextBoolean()) {
                table = restored(table);
            }
            for (Map.Entry<Key, Integer> entry : expected.entrySet()) {
                assertFalse(table.isRemoved(entry.getValue()));
                assertEquals(entry.getKey().string(), textOf(table, entry.getValue()));
            }
        }
        // All groups there ever were at one time are the most that there is room for.
        assertTrue(table.size() <= 5 * 120);
    }

    @Test
    void shouldGiveTheLowestNumberThatIsFreeToTheNextNewKey() {
        GroupTable table = newTable();
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            keys.add(new Key(i, i));
        }
        lookup(table, keys, -1);
        table.remove(150);
        table.remove(70);
        int[] groups = lookup(table, List.of(new Key(1_000, 1), new Key(1_001, 1), new Key(1_002, 1)), -1);
        assertEquals(70, groups[0]);
        assertEquals(150, groups[1]);
        assertEquals(200, groups[2]);
        assertEquals(2, table.reusedCount());
        assertEquals(201, table.count());
        lookup(table, keys.subList(0, 1), -1);
        assertEquals(0, table.reusedCount());
    }

    @Test
    void shouldNotRemoveWhatIsNotThere() {
        GroupTable table = newTable();
        lookup(table, List.of(new Key(1, 1)), -1);
        assertThrows(IllegalArgumentException.class, () -> table.remove(1));
        table.remove(0);
        assertThrows(IllegalArgumentException.class, () -> table.remove(0));
    }

    @Test
    void shouldHoldNoMoreHoweverManyKeysComeAndGo() {
        GroupTable table = newTable();
        List<Integer> alive = new ArrayList<>();
        long bytes = 0;
        for (int round = 0; round < 400; round++) {
            List<Key> keys = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                // Texts of more than 15 bytes only.
                keys.add(new Key(round * 100L + i, 1_011));
            }
            for (int group : lookup(table, keys, -1)) {
                alive.add(group);
            }
            while (alive.size() > 1_000) {
                table.remove(alive.removeFirst());
            }
            if (round == 40) {
                bytes = table.bytes();
            }
        }
        assertEquals(1_000, table.count());
        assertEquals(1_100, table.size());
        assertTrue(table.bytes() <= bytes, table.bytes() + " bytes after " + bytes);
    }
}
