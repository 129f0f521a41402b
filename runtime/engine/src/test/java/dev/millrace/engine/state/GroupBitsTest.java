// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupBitsTest {
    private static final int END = 5_000;

    private static int[] ids(GroupBits bits) {
        GroupSet groups = bits.groups();
        return IntStream.range(0, groups.count()).map(groups::id).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 100, 3_000, 20_000})
    void shouldHoldEachGroupOnceInOrderAndReadWhatItWrote(int rows) {
        int[] ofRows = new Random(rows).ints(rows, 0, END).toArray();
        int[] expected = Arrays.stream(ofRows).distinct().sorted().toArray();
        GroupBits bits = new GroupBits();
        bits.reserve(END);
        bits.addAll(ofRows, 0, rows / 2);
        for (int i = rows / 2; i < rows; i++) {
            bits.add(ofRows[i]);
        }
        assertArrayEquals(expected, ids(bits));
        assertEquals(expected.length, bits.count());
        assertTrue(IntStream.of(expected).allMatch(bits::has));
        assertFalse(bits.has(END * 64));

        int[] taken = new int[END];
        int count = 0;
        for (int next = 0; count < expected.length; next = taken[count - 1] + 1) {
            assertEquals(expected[count], bits.next(next));
            int[] some = new int[7];
            int number = bits.list(next, some.length, some);
            System.arraycopy(some, 0, taken, count, number);
            count += number;
        }
        assertArrayEquals(expected, Arrays.copyOf(taken, count));
        assertEquals(-1, bits.next(expected.length == 0 ? 0 : expected[expected.length - 1] + 1));

        StateWriter out = new StateWriter();
        bits.save(out);
        out.writeByte(77);
        assertTrue(out.size() <= 6 + Math.min(END / 8 + 8, expected.length * 4), "bytes: " + out.size());
        GroupBits restored = new GroupBits();
        restored.reserve(2 * END);
        restored.add(2 * END - 1);
        StateReader in = new StateReader(out.finish());
        restored.restore(in);
        assertEquals(77, in.readByte());
        assertArrayEquals(expected, ids(restored));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 64, 77, END})
    void shouldAddGroupsBelowANumberOnly(int end) {
        int[] ofRows = new Random(42).ints(2_000, 0, END).toArray();
        GroupBits bits = new GroupBits();
        bits.reserve(end);
        bits.addBelow(end, ofRows, 10, 1_990);
        assertArrayEquals(
                Arrays.stream(ofRows, 10, 1_990).filter(group -> group < end).distinct().sorted().toArray(), ids(bits));
        bits.clear();
        assertEquals(0, bits.count());
    }
}
