// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupPortionsTest {
    private static final int GROUPS = 20_000;
    private static final int GROUP_BYTES = 2 * Long.BYTES;

    /** A long as key and a long as what is kept, by group. */
    private static final class Numbers implements GroupState {
        private final GroupPortions portions = new GroupPortions(this);
        private long[] keys = new long[GROUPS];
        private long[] values = new long[GROUPS];
        private int size;

        @Override
        public int size() {
            return size;
        }

        @Override
        public void clear() {
            keys = new long[GROUPS];
            values = new long[GROUPS];
            size = 0;
            portions.clear();
        }

        @Override
        public void save(StateWriter out, GroupSet keySet, GroupSet valueSet) {
            out.writeLongs(keys, keySet);
            out.writeLongs(values, valueSet);
        }

        @Override
        public void restore(StateReader in, GroupSet keySet, GroupSet valueSet) {
            in.readLongs(keys, keySet);
            in.readLongs(values, valueSet);
            size = Math.max(size, keySet.end());
        }

        void add(int count, Random random) {
            for (int i = 0; i < count && size < GROUPS; i++) {
                keys[size] = random.nextLong();
                values[size++] = random.nextLong();
            }
        }

        void change(int rows, Random random) {
            int[] groups = new int[size == 0 ? 0 : rows];
            for (int i = 0; i < groups.length; i++) {
                groups[i] = random.nextInt(size);
                values[groups[i]] = random.nextLong();
            }
            portions.touch(groups, 0, groups.length);
        }

        void changeKey(Random random) {
            if (size > 0) {
                int group = random.nextInt(size);
                keys[group] = random.nextLong();
                values[group] = random.nextLong();
                portions.touchKey(group);
            }
        }

        private boolean completes;

        List<byte[]> portion(boolean begins, long slice) {
            StateWriter out = new StateWriter();
            completes = portions.save(out, Portion.next(begins, slice));
            return out.finish();
        }
    }

    private static long bytes(List<byte[]> chunks) {
        return chunks.stream().mapToLong(chunk -> chunk.length).sum();
    }

    private static Numbers restored(List<List<byte[]>> row) {
        Numbers restored = new Numbers();
        for (List<byte[]> portion : row) {
            StateReader in = new StateReader(portion);
            restored.portions.restore(in);
            assertTrue(in.isAtEnd());
        }
        return restored;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldHoldAllFromTheBeginOfACompleteImageOn(long seed) {
        Random random = new Random(seed);
        Numbers numbers = new Numbers();
        List<List<byte[]>> row = new ArrayList<>();
        int begin = 0;
        int complete = -1;
        for (int epoch = 0; epoch < 100; epoch++) {
            switch (random.nextInt(8)) {
                case 0 -> numbers.add(random.nextInt(2_000), random);
                case 1 -> numbers.change(20_000, random);
                case 2 -> numbers.changeKey(random);
                case 3 -> {
                    if (random.nextInt(8) == 0) {
                        numbers.clear();
                    }
                }
                default -> {
                }
            }
            numbers.change(random.nextInt(100), random);
            boolean begins = row.isEmpty() || complete >= 0 && random.nextInt(8) == 0;
            begin = begins ? row.size() : begin;
            row.add(numbers.portion(begins, random.nextInt(40_000)));
            complete = numbers.completes ? begin : complete;
            if (complete >= 0) {
                Numbers restored = restored(row.subList(complete, row.size()));
                assertEquals(numbers.size, restored.size, "seed " + seed);
                assertArrayEquals(numbers.keys, restored.keys, "seed " + seed);
                assertArrayEquals(numbers.values, restored.values, "seed " + seed);
                numbers = random.nextInt(4) == 0 ? restored : numbers;
            }
        }
        assertTrue(complete > 0, "no image completed, seed " + seed);
    }

    @Test
    void shouldWriteWhatHasChangedAndASlice() {
        Random random = new Random(1);
        Numbers numbers = new Numbers();
        numbers.add(10_000, random);
        assertTrue(bytes(numbers.portion(true, 0)) >= 10_000 * GROUP_BYTES);
        assertTrue(numbers.completes, "all was new");

        assertTrue(bytes(numbers.portion(false, 1_000_000)) < 10, "nothing has changed and no image is due");
        numbers.change(100, random);
        numbers.add(10, random);
        assertTrue(bytes(numbers.portion(false, 0)) < 100 * 12 + 10 * GROUP_BYTES + 100);

        numbers.change(100, random);
        long slice = 20_000;
        long left = 10_010L * GROUP_BYTES;
        for (boolean begins = true; !numbers.completes || begins; begins = false) {
            long bytes = bytes(numbers.portion(begins, slice)) - (begins ? 100 * 12 : 0);
            assertTrue(bytes < 2 * slice, bytes + " bytes for a slice of " + slice);
            assertTrue(numbers.completes || bytes >= slice, bytes + " bytes of a slice of " + slice);
            left -= bytes;
        }
        assertTrue(left < 0, "an image of too few bytes");
    }

    @Test
    void shouldWriteAllContentButNoKeysWhenMostHasChanged() {
        Random random = new Random(1);
        Numbers numbers = new Numbers();
        numbers.add(10_000, random);
        numbers.portion(true, 0);
        numbers.change(40_000, random);
        long bytes = bytes(numbers.portion(false, 0));
        assertTrue(bytes > 10_000 * Long.BYTES && bytes < 10_000 * Long.BYTES + 100, bytes + " bytes");

        // Many rows of a few groups are no reason.
        for (int i = 0; i < 100; i++) {
            int[] groups = new int[1_000];
            Arrays.setAll(groups, row -> row % 50);
            numbers.portions.touch(groups, 0, groups.length);
        }
        bytes = bytes(numbers.portion(false, 0));
        assertTrue(bytes < 50 * 12 + 100, bytes + " bytes");
    }

    @Test
    void shouldNotBeDisturbedByACopyOfAll() {
        Random random = new Random(1);
        Numbers numbers = new Numbers();
        numbers.add(1_000, random);
        List<List<byte[]>> row = new ArrayList<>();
        row.add(numbers.portion(true, 0));
        numbers.change(10, random);
        row.add(numbers.portion(true, 100));
        assertFalse(numbers.completes);
        numbers.change(10, random);
        StateWriter out = new StateWriter();
        assertTrue(numbers.portions.save(out, Portion.whole()));
        row.add(numbers.portion(false, 1_000_000));
        assertTrue(numbers.completes);
        assertArrayEquals(numbers.values, restored(row).values);
        assertArrayEquals(numbers.values, restored(row.subList(1, 3)).values);
        assertArrayEquals(numbers.values, restored(List.of(out.finish())).values);
    }
}
