// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class EpochTimesTest {
    private static final long INTERVAL = 1_000;

    @Test
    void shouldEndEpochsAnIntervalApartThoughEachEndsALittleLate() {
        EpochTimes times = new EpochTimes(INTERVAL, 17, 3);
        long first = times.next(-12_345, 0);
        long moment = first;
        for (int i = 1; i <= 100; i++) {
            moment = times.next(moment + i, 0);
            assertEquals(first + i * INTERVAL, moment);
        }
    }

    @Test
    void shouldEndTheFirstEpochAfterHalfAnIntervalToOneAndAHalf() {
        for (int partition = 0; partition < 1_000; partition++) {
            long next = new EpochTimes(INTERVAL, partition * 31, partition).next(5, 0);
            assertTrue(next >= 5 + INTERVAL / 2 && next < 5 + INTERVAL * 3 / 2, "partition " + partition + ": " + next);
        }
    }

    @Test
    void shouldLetAnEpochLastAsLongAsItHasTo() {
        EpochTimes times = new EpochTimes(INTERVAL, 0, 1);
        for (long least = 0; least < 5 * INTERVAL; least += 7) {
            long next = times.next(0, least);
            assertTrue(next >= least && next < Math.max(least, INTERVAL / 2) + INTERVAL, least + ": " + next);
        }
    }

    @Test
    void shouldKeepPartitionsApart() {
        for (int partitions : new int[] {2, 3, 8, 64, 256}) {
            long[] moments = new long[partitions];
            for (int partition = 0; partition < partitions; partition++) {
                moments[partition] = Math.floorMod(new EpochTimes(1_000_000, 4711, partition).next(0, 0), 1_000_000L);
            }
            Arrays.sort(moments);
            for (int i = 0; i < partitions; i++) {
                long following = i + 1 < partitions ? moments[i + 1] : moments[0] + 1_000_000;
                assertTrue(following - moments[i] >= 1_000_000 / partitions / 3,
                        partitions + " partitions: " + moments[i] + " and " + following);
            }
        }
    }
}
