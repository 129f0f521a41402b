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

    /** Tells the time, in milliseconds since 1970, by which the next rows come. */
    public void clock(long millis) {
        if (millis > now) {
            looks += now == 0 ? 0 : Math.min(LOOKS_MAX, (millis - now) * LOOKS_PER_MILLI);
            now = millis;
        }
    }

    /** How many groups may be looked at now, by the rows and the time since this was asked. */
    public int takeLooks() {
        int taken = (int) Math.min(looks, LOOKS_MAX);
        looks = 0;
        return taken;
    }

    /** Removes those that have expired of the next groups of a round. */
    public void sweep(Round round, GroupTable table, int looks, Owner owner) {
        final long newest = now - ttlMillis;
        round.go(table, looks, group -> {
            if (refreshed[group] > newest || owner.isHeld(group)) {
                return false;
            }
            owner.forget(group);
            return true;
        });
    }

    /** Bytes of memory held. */
    public long bytes() {
        return refreshed.length * 8L + made.bytes();
    }

    /** Writes the clock. */
    public void saveClock(StateWriter out) {
        out.writeLong(now);
    }

    /** Reads what {@link #saveClock} wrote. */
    public void restoreClock(StateReader in) {
        now = in.readLong();
    }

    /** Writes the ages of some groups. */
    public void save(StateWriter out, GroupSet groups) {
        out.writeLongs(refreshed, groups);
    }

    /** Reads what {@link #save} wrote of as many groups. */
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        in.readLongs(refreshed, groups);
    }
}
