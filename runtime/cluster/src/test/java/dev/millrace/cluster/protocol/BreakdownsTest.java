// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BreakdownsTest {
    private static final RowRange WIDE = new RowRange("a", 100, 200);

    @Test
    void shouldLeaveOutARowAtTheThirdBreakdown() {
        Breakdowns first = Breakdowns.NONE.after(WIDE, "boom");
        assertTrue(first.concern(RowRange.row("a", 199)));
        assertFalse(first.concern(RowRange.row("a", 200)));
        assertFalse(first.concern(RowRange.row("b", 150)));
        Breakdowns second = first.after(RowRange.row("a", 150), "boom");
        assertNull(second.leftOut("a", 150));
        assertFalse(second.concern(RowRange.row("a", 149)));
        Breakdowns third = second.after(RowRange.row("a", 150), "boom");
        assertEquals("boom", third.leftOut("a", 150).reason());
        assertNull(third.leftOut("b", 150));
        assertNull(third.suspect());
        assertTrue(third.concern(WIDE));
    }

    @Test
    void shouldNeverLeaveOutMoreThanOneRowAtATime() {
        Breakdowns breakdowns = Breakdowns.NONE;
        for (int i = 0; i < 5; i++) {
            breakdowns = breakdowns.after(WIDE, "boom");
        }
        assertTrue(breakdowns.leftOut().isEmpty());
        assertNotNull(breakdowns.after(RowRange.row("a", 150), "boom").leftOut("a", 150));
    }

    @Test
    void shouldBeginAnewElsewhere() {
        Breakdowns breakdowns = Breakdowns.NONE
                .after(RowRange.row("a", 1), "boom")
                .after(RowRange.row("a", 1), "boom")
                .after(RowRange.row("a", 2), "boom");
        assertEquals(1, breakdowns.times());
        assertTrue(breakdowns.leftOut().isEmpty());
    }

    @Test
    void shouldStopLeavingOutRowsWhenTheyAreTooMany() {
        Breakdowns breakdowns = Breakdowns.NONE;
        for (int row = 0; row <= Breakdowns.LEFT_OUT_MAX; row++) {
            for (int i = 0; i < Breakdowns.TIMES_MAX; i++) {
                breakdowns = breakdowns.after(RowRange.row("a", row), "boom");
            }
        }
        assertEquals(Breakdowns.LEFT_OUT_MAX, breakdowns.leftOut().size());
        assertNull(breakdowns.leftOut("a", Breakdowns.LEFT_OUT_MAX));
    }

    @Test
    void shouldBeBehindAPartitionOnlyWhenItHasPassedAllRows() {
        Breakdowns suspected = Breakdowns.NONE.after(WIDE, "boom");
        assertFalse(suspected.areBehind(at(199, false)));
        assertTrue(suspected.areBehind(at(200, false)));
        Breakdowns leftOut = new Breakdowns(null, 0, List.of(new BrokenRow("a", 150, "boom")));
        assertFalse(leftOut.areBehind(at(150, false)));
        assertTrue(leftOut.areBehind(at(151, false)));
        assertTrue(leftOut.areBehind(at(150, true)), "nothing comes any more");
    }

    private static InputVector at(long position, boolean finished) {
        Standing standing = new Standing(position, Long.MIN_VALUE, finished);
        return new InputVector(1, Long.MIN_VALUE, List.of(new InputVector.Entry("a", standing)));
    }
}
