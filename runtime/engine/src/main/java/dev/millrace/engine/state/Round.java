// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

import java.util.function.IntPredicate;

/** Goes round the groups of a table, a few with each call, and removes those that are no longer wanted. */
public final class Round {
    /** Groups removed in one call: a millisecond or two. */
    private static final int REMOVALS_MAX = 1 << 13;

    private int next;

    /**
     * Looks at the next groups.
     *
     * @param looks how many, at most
     * @param dead whether a group is to be removed; what is kept of it is then made as new
     */
    public void go(GroupTable table, int looks, IntPredicate dead) {
        int removals = 0;
        for (int left = Math.min(looks, table.size()); left > 0 && removals < REMOVALS_MAX; left--) {
            int group = next < table.size() ? next : 0;
            next = group + 1;
            if (!table.isRemoved(group) && dead.test(group)) {
                table.remove(group);
                removals++;
            }
        }
    }
}
