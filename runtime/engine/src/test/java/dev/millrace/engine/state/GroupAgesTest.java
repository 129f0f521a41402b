// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.plan.StateTtl.Refresh;
import dev.millrace.engine.type.Storage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GroupAgesTest {
    private static final long TTL = 100;

    private final GroupTable table = new GroupTable(List.of(Storage.LONG), 1_000_000);
    private final Round round = new Round();
    private final GroupPortions portions = new GroupPortions(null);
    private final Set<Integer> held = new HashSet<>();
    private final List<Integer> forgotten = new ArrayList<>();
    private final GroupAges.Owner owner = new GroupAges.Owner() {
        @Override
        public boolean isHeld(int group) {
            return held.contains(group);
        }

        @Override
        public void forget(int group) {
            forgotten.add(group);
        }
    };

    /** Looks keys up; gives how many groups they have made. */
    private int use(GroupAges ages, long... keys) {
        LongVector vector = new LongVector(keys.length);
        int[] rows = new int[keys.length];
        for (int i = 0; i < keys.length; i++) {
            rows[i] = i;
            vector.set(i, keys[i]);
        }
        Vector[] columns = {vector};
        long[] hashes = new long[keys.length];
        KeyHasher.hash(columns, null, keys.length, hashes);
        int before = table.size();
        int[] groups = new int[keys.length];
        table.lookup(columns, rows, 0, keys.length, hashes, groups);
        ages.use(table, before, groups, 0, keys.length, owner);
        return ages.made().count();
    }

    private void sweep(GroupAges ages) {
        ages.sweep(round, table, ages.takeLooks(), owner, portions);
    }

    private static GroupAges ages(Refresh refresh) {
        GroupAges ages = new GroupAges(new StateTtl(TTL, refresh));
        ages.clock(1_000_000);
        return ages;
    }

    private static void after(GroupAges ages, long millis) {
        ages.clock(1_000_000 + millis);
    }

    @Test
    void shouldCountFromTheLastRow() {
        GroupAges ages = ages(Refresh.WRITE);
        assertEquals(1, use(ages, 7));
        after(ages, TTL - 1);
        assertEquals(0, use(ages, 7));
        after(ages, 2 * TTL - 2);
        assertEquals(0, use(ages, 7));
        after(ages, 3 * TTL - 2);
        assertEquals(1, use(ages, 7, 7));
        assertEquals(List.of(0), forgotten);
        assertTrue(ages.made().take(0));
        assertFalse(ages.made().take(0));
    }

    @Test
    void shouldCountFromTheFirstRow() {
        GroupAges ages = ages(Refresh.CREATE);
        assertEquals(1, use(ages, 7));
        after(ages, TTL - 1);
        assertEquals(0, use(ages, 7));
        after(ages, TTL);
        assertEquals(1, use(ages, 7));
        after(ages, 2 * TTL - 1);
        assertEquals(0, use(ages, 7));
        after(ages, 2 * TTL);
        assertEquals(1, use(ages, 7));
    }

    @Test
    void shouldStandStillWhenTheClockGoesBack() {
        GroupAges ages = ages(Refresh.WRITE);
        use(ages, 1);
        after(ages, 60);
        after(ages, -1_000_000);
        use(ages, 2);
        after(ages, 99);
        assertEquals(0, use(ages, 1));
        after(ages, 159);
        assertEquals(0, use(ages, 2));
        after(ages, 50);
        after(ages, 199);
        assertEquals(1, use(ages, 1));
    }

    @Test
    void shouldKeepWhatIsHeld() {
        GroupAges ages = ages(Refresh.WRITE);
        use(ages, 1, 2, 3);
        held.add(1);
        after(ages, TTL);
        sweep(ages);
        assertEquals(List.of(0, 2), forgotten);
        assertEquals(1, table.count());
        assertEquals(0, use(ages, 2));
        assertEquals(1, use(ages, 1));
    }

    @Test
    void shouldLookAtFewGroupsAtATime() {
        GroupAges ages = ages(Refresh.WRITE);
        long[] keys = new long[200_000];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = i;
        }
        use(ages, keys);
        sweep(ages);
        after(ages, TTL);
        int calls = 0;
        for (; table.count() > 0; calls++) {
            int before = table.count();
            ages.clock(1_000_000 + TTL + calls * 10);
            sweep(ages);
            assertTrue(before - table.count() <= 8_192);
        }
        assertTrue(calls >= 24, "all at once");
        assertTrue(calls <= 60, calls + " calls");
    }

    @Test
    void shouldKnowTheAgesAfterARestore() {
        GroupAges ages = ages(Refresh.WRITE);
        use(ages, 1);
        after(ages, 60);
        use(ages, 2);
        StateWriter out = new StateWriter();
        ages.saveClock(out);
        GroupAges.save(out, ages, GroupSet.range(0, 2));
        GroupAges restored = new GroupAges(new StateTtl(TTL, Refresh.WRITE));
        StateReader in = new StateReader(out.finish());
        GroupAges.restoreClock(in, restored);
        GroupAges.restore(in, restored, GroupSet.range(0, 2));
        // Another node's clock, which is behind.
        after(restored, -50);
        assertEquals(0, use(restored, 3 - 1));
        after(restored, 100);
        assertEquals(1, use(restored, 1));
        assertEquals(0, use(restored, 2));
    }

    @Test
    void shouldNotTakeATimeToLiveOfNothing() {
        assertThrows(IllegalArgumentException.class, () -> new StateTtl(0, Refresh.WRITE));
    }
}
