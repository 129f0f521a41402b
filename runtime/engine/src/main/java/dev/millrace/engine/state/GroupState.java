// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

/**
 * State by group: of each group its key, which does not change, and what is kept under it, which does.
 * {@link GroupPortions} says which groups are written when.
 */
public interface GroupState {
    /** Number of groups; all have numbers below it. */
    int size();

    /** Forgets all groups. */
    void clear();

    /** Writes the keys of some groups, and what is kept of some. */
    void save(StateWriter out, GroupSet keys, GroupSet values);

    /**
     * Reads what {@link #save} wrote, in place of what is kept of these groups. What is kept of a group may come before its
     * key.
     */
    void restore(StateReader in, GroupSet keys, GroupSet values);
}
