// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SplitWatermarkTest {

    @Test
    void shouldLeaveTheArrayAloneWhenRowsAreInOrder() {
        SplitWatermark watermark = new SplitWatermark(Long.MIN_VALUE);
        long[] before = {7, 7, 7};
        assertFalse(watermark.advance(new long[] {10, 20, 30}, new long[] {10, 20, 30}, before, 3));
        assertArrayEquals(new long[] {7, 7, 7}, before);
        assertEquals(29, watermark.watermark());
    }

    @Test
    void shouldIgnoreRowsWithoutTime() {
        SplitWatermark watermark = new SplitWatermark(100);
        long[] times = {SplitWatermark.NO_TIME, 90, SplitWatermark.NO_TIME};
        long[] before = new long[3];
        assertTrue(watermark.advance(times, times, before, 3));
        assertArrayEquals(new long[] {SplitWatermark.NOT_BEFORE, 100, SplitWatermark.NOT_BEFORE}, before);
        assertEquals(100, watermark.watermark());
    }

    @Test
    void shouldNotDependOnBatchBoundaries() {
        long seed = 42;
        Random random = new Random(seed);
        for (int run = 0; run < 200; run++) {
            int count = random.nextInt(40);
            long[] rowTimes = new long[count];
            long[] watermarkTimes = new long[count];
            long[] expected = new long[count];
            long current = random.nextBoolean() ? Long.MIN_VALUE : 50;
            SplitWatermark watermark = new SplitWatermark(current);
            for (int row = 0; row < count; row++) {
                rowTimes[row] = random.nextInt(10) == 0 ? SplitWatermark.NO_TIME : random.nextInt(100);
                watermarkTimes[row] = random.nextInt(10) == 0 ? SplitWatermark.NO_TIME : rowTimes[row];
                boolean isBefore = rowTimes[row] != SplitWatermark.NO_TIME && rowTimes[row] <= current;
                expected[row] = isBefore ? current : SplitWatermark.NOT_BEFORE;
                if (watermarkTimes[row] != SplitWatermark.NO_TIME) {
                    current = Math.max(current, watermarkTimes[row] - 1);
                }
            }
            for (int from = 0; from < count;) {
                int length = Math.min(count - from, 1 + random.nextInt(10));
                long[] before = new long[length];
                boolean any = watermark.advance(Arrays.copyOfRange(watermarkTimes, from, from + length),
                        Arrays.copyOfRange(rowTimes, from, from + length), before, length);
                boolean anyExpected = false;
                for (int row = 0; row < length; row++) {
                    anyExpected |= expected[from + row] != SplitWatermark.NOT_BEFORE;
                    if (any) {
                        assertEquals(expected[from + row], before[row], "seed " + seed + " run " + run);
                    }
                }
                assertEquals(anyExpected, any, "seed " + seed + " run " + run);
                from += length;
            }
            assertEquals(current, watermark.watermark(), "seed " + seed + " run " + run);
        }
    }
}
