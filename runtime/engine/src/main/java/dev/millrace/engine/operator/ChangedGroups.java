// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.state.GroupBits;
import dev.millrace.engine.state.NewGroups;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;

/**
 * The groups of a pane that have changed since they were last shown. They are shown in the order of their numbers, in which
 * what is kept of them lies in memory.
 *
 * <p>Groups are numbered in the order in which they came, and a new group has always changed: so those below a number
 * have been shown before, and the others have not. Except for those that have the number of one that was forgotten.
 */
final class ChangedGroups {
    private final GroupBits changed = new GroupBits();

    /** Those that were made anew and not shown since; null as long as there was none. */
    private GroupBits renewed;

    /** Groups below this have been shown. */
    private int shown;

    /** While changes are being shown: those below this have been taken. */
    private int next;

    private boolean showing;

    /**
     * Notes the groups of rows.
     *
     * @param size number of groups that the pane has
     * @param made those that the rows have made; null where that follows from their numbers
     */
    void add(int[] ofRows, int from, int to, int size, NewGroups made) {
        for (int i = 0; made != null && i < made.count(); i++) {
            if (made.get(i) < shown) {
                renewed = renewed == null ? new GroupBits() : renewed;
                renewed.reserve(shown);
                renewed.add(made.get(i));
            }
        }
        changed.reserve(size);
        changed.addAll(ofRows, from, to);
    }

    boolean isChanged(int group) {
        return changed.has(group);
    }

    /** Whether {@link #take} has something to give. */
    boolean isShowing() {
        return showing;
    }

    /** From now on the changes can be taken, until none is left; no rows may come meanwhile. */
    void show() {
        showing = !isEmpty();
    }

    /**
     * The next groups to show.
     *
     * @param max most of them
     * @param into where they go
     * @return how many
     */
    int take(int max, int[] into) {
        int number = changed.list(next, max, into);
        next = number == 0 ? next : into[number - 1] + 1;
        return number;
    }

    /** What was taken has been shown; ends the showing when nothing is left. */
    void taken(int size) {
        if (changed.next(next) < 0) {
            changed.clear();
            if (renewed != null) {
                renewed.clear();
            }
            next = 0;
            shown = size;
            showing = false;
        }
    }

    /** Whether a group was shown before the changes that are being shown. */
    boolean wasShown(int group) {
        return group < shown && (renewed == null || !renewed.has(group));
    }

    /** Whether there is nothing to show. */
    boolean isEmpty() {
        return changed.next(0) < 0;
    }

    /** All groups there are count as shown, and none as changed. */
    void takeAsShown(int size) {
        shown = size;
    }

    void clear() {
        changed.clear();
        renewed = null;
        next = 0;
        shown = 0;
        showing = false;
    }

    long bytes() {
        return changed.bytes() + (renewed == null ? 0 : renewed.bytes());
    }

    /** Writes all there is, whatever an earlier portion has. */
    void save(StateWriter out) {
        changed.save(out);
        out.writeInt(shown);
        out.writeInt(next);
        out.writeBoolean(showing);
        out.writeBoolean(renewed != null);
        if (renewed != null) {
            renewed.save(out);
        }
    }

    void restore(StateReader in) {
        changed.restore(in);
        shown = in.readInt();
        next = in.readInt();
        showing = in.readBoolean();
        renewed = in.readBoolean() ? new GroupBits() : null;
        if (renewed != null) {
            renewed.restore(in);
        }
    }
}
