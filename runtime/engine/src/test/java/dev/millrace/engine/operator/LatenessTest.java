// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LatenessTest {

    @Test
    void shouldKeepRowWhenItsWindowIsStillOpenByOneMillisecond() {
        Lateness lateness = new Lateness(50);
        assertFalse(lateness.closes(1_000, 1_048));
        assertTrue(lateness.closes(1_000, 1_049));
    }

    @Test
    void shouldKeepRowWhenItsTimeIsStillAheadByOneMillisecond() {
        Lateness lateness = new Lateness(50);
        assertFalse(lateness.isLate(1_000, 1_049));
        assertTrue(lateness.isLate(1_000, 1_050));
    }

    @Test
    void shouldNotOverflowAtTheEndsOfTime() {
        Lateness unlimited = new Lateness(Long.MAX_VALUE);
        assertFalse(unlimited.isLate(1, Long.MAX_VALUE - 1));
        assertFalse(unlimited.closes(2, Long.MAX_VALUE - 2));
        assertTrue(new Lateness(0).closes(Long.MIN_VALUE, Long.MIN_VALUE + 1));
        assertTrue(new Lateness(0).isLate(Long.MIN_VALUE + 1, Long.MIN_VALUE + 1));
    }

    @Test
    void shouldNotJudgeWithoutAWatermark() {
        assertFalse(new Lateness(0).isLate(Long.MIN_VALUE, Long.MIN_VALUE));
        assertFalse(new Lateness(0).closes(Long.MIN_VALUE, Long.MIN_VALUE));
    }

    @Test
    void shouldRefuseNegativeLateness() {
        assertEquals("negative lateness: -1",
                assertThrows(IllegalArgumentException.class, () -> new Lateness(-1)).getMessage());
    }
}
