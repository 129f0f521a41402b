// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import dev.millrace.engine.plan.StateTtl;
import java.util.Arrays;

/**
 * When the groups of a table were refreshed last, and so which have expired. A row of an expired group finds a new one,
 * whether the group was removed yet or not; the groups of which no row comes are found by going round, a few with each
 * reading of the clock.
 *
 * <p>The clock is what the driver tells. Its readings may go back: then time stands still until they have caught up, so no
 * group comes back and none expires early.
 */
public final class GroupAges {
    /** What is kept by group. */
    public interface Owner {
        /** Whether a group can't be forgotten now, since something of it is still to be given. */
        boolean isHeld(int group);

        /** Makes what is kept of a group as if it had never come. */
        void forget(int group);
    }

    /** For each row so many groups are looked at: so the expired ones that wait stay few beside the others. */
    private static final int LOOKS_PER_ROW = 4;

    /** For each millisecond that has passed: about a thousandth of the time goes into looking. */
    private static final int LOOKS_PER_MILLI = 1_000;

    /** Looks of one call: well below a millisecond where nothing is removed. */
    private static final int LOOKS_MAX = 1 << 16;

    private final long ttlMillis;
    private final boolean refreshedByRows;
    private final NewGroups made = new NewGroups();
    private long[] refreshed = new long[0];
    private long now;
    private long looks;

    public GroupAges(StateTtl ttl) {
        ttlMillis = ttl.millis();
        refreshedByRows = ttl.refresh() == StateTtl.Refresh.WRITE;
    }

    /** Ages of groups of which there is a time to live, else null. */
    public static GroupAges of(StateTtl ttl) {
        return ttl == null ? null : new GroupAges(ttl);
    }

    /**
     * Takes over the groups that a lookup has given: those that have expired are forgotten and become new.
     *
     * @param table where the lookup was made
     * @param sizeBefore the table's size before the lookup
     * @param groups the groups of rows
     */
    public void use(GroupTable table, int sizeBefore, int[] groups, int from, int to, Owner owner) {
        reserve(table.size());
        made.clear();
        made.addMade(table, sizeBefore);
        final long[] refreshed = this.refreshed;
        final long now = this.now;
        for (int i = 0; i < made.count(); i++) {
            refreshed[made.get(i)] = now;
        }
        final long newest = now - ttlMillis;
        final boolean refreshes = refreshedByRows;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            if (refreshed[group] <= newest && !owner.isHeld(group)) {
                owner.forget(group);
                made.add(group);
                refreshed[group] = now;
            } else if (refreshes) {
                refreshed[group] = now;
            }
        }
        looks += (long) LOOKS_PER_ROW * (to - from);
    }

    private void reserve(int groups) {
        if (refreshed.length < groups) {
            refreshed = Arrays.copyOf(refreshed, Math.max(groups, refreshed.length * 2));
        }
    }

    /** The groups that the last {@link #use} has made, or made anew. */
    public NewGroups made() {
        return made;
    }

    /** A group begins anew, though its number was not given up. */
    public void restart(int group) {
        refreshed[group] = now;
    }

    /** Tells the time, in milliseconds since 1970, by which the next rows come. */
    public void clock(long millis) {
        if (now == 0) {
            // What is there was restored without ages.
            Arrays.fill(refreshed, millis);
            now = millis;
        } else if (millis > now) {
            looks += Math.min(LOOKS_MAX, (millis - now) * LOOKS_PER_MILLI);
            now = millis;
        }
    }

    /** How many groups may be looked at now, by the rows and the time since this was asked. */
    public int takeLooks() {
        int taken = (int) Math.min(looks, LOOKS_MAX);
        looks = 0;
        return taken;
    }

    /**
     * Removes those that have expired of the next groups of a round.
     *
     * @param portions where it is noted
     */
    public void sweep(Round round, GroupTable table, int looks, Owner owner, GroupPortions portions) {
        final long newest = now - ttlMillis;
        round.go(table, looks, group -> {
            if (refreshed[group] > newest || owner.isHeld(group)) {
                return false;
            }
            owner.forget(group);
            portions.touchKey(group);
            return true;
        });
    }

    /** Bytes of memory held. */
    public long bytes() {
        return refreshed.length * 8L + made.bytes();
    }

    /**
     * Takes over the ages of groups that have moved here.
     *
     * @param before theirs; null if they had none: then they begin with the first reading of the clock
     */
    public void absorb(GroupAges before, MovedGroups moved) {
        reserve(moved.to().end());
        if (before == null) {
            return;
        }
        now = Math.max(now, before.now);
        for (int i = 0; i < moved.count(); i++) {
            refreshed[moved.to().id(i)] = before.refreshed[moved.from().id(i)];
        }
    }

    /** Writes the clock. */
    public void saveClock(StateWriter out) {
        out.writeLong(now);
    }

    /**
     * Reads what {@link #saveClock} wrote.
     *
     * @param ages null if the state is kept for ever now
     */
    public static void restoreClock(StateReader in, GroupAges ages) {
        long clock = in.readLong();
        if (ages != null) {
            ages.now = clock;
        }
    }

    /**
     * Writes the ages of some groups.
     *
     * @param ages null if there are none
     */
    public static void save(StateWriter out, GroupAges ages, GroupSet groups) {
        out.writeBoolean(ages != null);
        if (ages != null) {
            out.writeLongs(ages.refreshed, groups);
        }
    }

    /**
     * Reads what {@link #save} wrote of as many groups. Where there were no ages they begin now.
     *
     * @param ages null if none are wanted now
     */
    public static void restore(StateReader in, GroupAges ages, GroupSet groups) {
        boolean saved = in.readBoolean();
        if (ages == null) {
            for (int i = 0; saved && i < groups.count(); i++) {
                in.readLong();
            }
            return;
        }
        ages.reserve(groups.end());
        if (saved) {
            in.readLongs(ages.refreshed, groups);
        } else {
            groups.fill(ages.refreshed, ages.now);
        }
    }
}
