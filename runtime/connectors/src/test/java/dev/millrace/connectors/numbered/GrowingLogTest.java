// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.numbered;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class GrowingLogTest {
    private long millis = 1_000;
    private final GrowingLog log = new GrowingLog(2_000, 1_000, () -> millis);

    @Test
    void shouldHoldARowFromItsMomentOn() {
        assertEquals(0, log.take(0, 100, 1));
        millis += 3;
        assertEquals(6, log.take(0, 100, 1));
        assertEquals(4, log.take(0, 4, 1));
        assertEquals(1, log.take(5, 100, 1));
        assertEquals(0, log.take(6, 100, 1));
    }

    @Test
    void shouldCountTheRowsOfOneSplit() {
        millis += 3;
        assertEquals(2, log.take(0, 100, 3));
        assertEquals(1, log.take(4, 100, 3));
    }
}
