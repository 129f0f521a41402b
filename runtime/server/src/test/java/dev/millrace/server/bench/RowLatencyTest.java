// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.connectors.workload.Gen;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A row is due each millisecond; which rows belong to a group is known from the generator. */
final class RowLatencyTest {
    private static final int KEYS = 100;
    private static final int ROWS = 10_000;
    private static final long NANOS_PER_ROW = 1_000_000;
    private static final Gen GEN = Gen.of(KEYS, Gen.DEFAULT_ROWS_PER_MILLI);

    @Test
    void shouldMeasureEachRowFromItsDueTimeToTheFirstResultThatCountsIt() {
        RowLatency latency = new RowLatency(GEN, 1_000, ROWS, 0);
        List<Long> rows = rowsOf(7);

        latency.onResult(7, 1, rows.get(0) * NANOS_PER_ROW + 400_000);
        // The third result counts two rows more; the older of them has waited since it was due.
        long now = rows.get(2) * NANOS_PER_ROW + 100_000;
        latency.onResult(7, 3, now);
        latency.onResult(7, 3, now + 5);

        assertEquals(3, latency.measuredRows());
        assertNear(now - rows.get(1) * NANOS_PER_ROW, latency.atPercentile(100));
        assertNear(400_000, latency.atPercentile(50));
    }

    @Test
    void shouldChargeAPauseToEveryRowThatWasDueInIt() {
        RowLatency latency = new RowLatency(GEN, 1_000, ROWS, 0);
        long end = ROWS * NANOS_PER_ROW;

        for (int group = 0; group < KEYS; group++) {
            latency.onResult(group, rowsOf(group).size(), end);
        }

        assertEquals(ROWS, latency.measuredRows());
        assertNear(end / 2, latency.atPercentile(50));
        assertNear(end, latency.atPercentile(100));
    }

    @Test
    void shouldLeaveOutTheWarmUp() {
        RowLatency latency = new RowLatency(GEN, 1_000, ROWS, ROWS - 10);

        for (int group = 0; group < KEYS; group++) {
            latency.onResult(group, rowsOf(group).size(), ROWS * NANOS_PER_ROW);
        }

        assertEquals(10, latency.measuredRows());
    }

    @Test
    void shouldTellHowManyRowsAreDueAndNotCounted() {
        RowLatency latency = new RowLatency(GEN, 1_000, ROWS, 0);
        latency.onResult(7, 3, 5_000 * NANOS_PER_ROW);

        assertEquals(4_997, latency.lag(5_000 * NANOS_PER_ROW));
        assertEquals(ROWS - 3, latency.lag(2 * ROWS * NANOS_PER_ROW));
    }

    @Test
    void shouldRefuseACountThatTheRowsCannotGive() {
        RowLatency latency = new RowLatency(GEN, 1_000, ROWS, 0);

        assertThrows(IllegalStateException.class, () -> latency.onResult(7, rowsOf(7).size() + 1, 0));
    }

    private static List<Long> rowsOf(int group) {
        List<Long> rows = new ArrayList<>();
        for (long row = 0; row < ROWS; row++) {
            if (GEN.key(GEN.hash(row)) == group) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static void assertNear(long expected, long nanos) {
        assertEquals(expected, nanos, expected / 1000.0 + 1);
    }
}
