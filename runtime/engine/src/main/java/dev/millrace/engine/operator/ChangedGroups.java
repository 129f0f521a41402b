// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.NewGroups;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/**
 * The groups of a pane that have changed since they were last shown.
 *
 * <p>Groups are numbered in the order in which they came, and a new group has always changed: so those below a number
 * have been shown before, and the others have not. Except for those that have the number of one that was forgotten.
 */
final class ChangedGroups {
    private boolean[] changed = new boolean[0];
    private int[] groups = new int[0];
    private int count;

    /** Those that the portions before the next one hold. */
    private int saved;

    /** By group, whether it was made anew and not shown since; null as long as there was none. */
    private boolean[] renewed;

    /** Groups below this have been shown. */
    private int shown;

    /** While changes are being shown: the index of the next one in {@link #groups}. */
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
                renew(made.get(i));
            }
        }
        if (changed.length < size) {
            int grown = Math.max(size, changed.length * 2);
            changed = Arrays.copyOf(changed, grown);
            groups = Arrays.copyOf(groups, grown);
        }
        final boolean[] changed = this.changed;
        final int[] groups = this.groups;
        int count = this.count;
        for (int i = from; i < to; i++) {
            int group = ofRows[i];
            if (!changed[group]) {
                changed[group] = true;
                groups[count++] = group;
            }
        }
        this.count = count;
    }

    private void renew(int group) {
        if (renewed == null || renewed.length <= group) {
            int room = Math.max(shown, group + 1);
            renewed = renewed == null ? new boolean[room] : Arrays.copyOf(renewed, room);
        }
        renewed[group] = true;
    }

    boolean isChanged(int group) {
        return group < changed.length && changed[group];
    }

    /** Whether {@link #take} has something to give. */
    boolean isShowing() {
        return showing;
    }

    /** From now on the changes can be taken, until none is left; no rows may come meanwhile. */
    void show() {
        showing = count > 0;
    }

    /**
     * The next groups to show.
     *
     * @param max most of them
     * @param into where they go
     * @return how many
     */
    int take(int max, int[] into) {
        int number = Math.min(max, count - next);
        System.arraycopy(groups, next, into, 0, number);
        next += number;
        return number;
    }

    /** What was taken has been shown; ends the showing when nothing is left. */
    void taken(int size) {
        if (next == count) {
            for (int i = 0; i < count; i++) {
                changed[groups[i]] = false;
                if (isRenewed(groups[i])) {
                    renewed[groups[i]] = false;
                }
            }
            count = 0;
            saved = 0;
            next = 0;
            shown = size;
            showing = false;
        }
    }

    /** Whether a group was shown before the changes that are being shown. */
    boolean wasShown(int group) {
        return group < shown && !isRenewed(group);
    }

    private boolean isRenewed(int group) {
        return renewed != null && group < renewed.length && renewed[group];
    }

    /** Whether there is nothing to show. */
    boolean isEmpty() {
        return count == 0;
    }

    /** All groups there are count as shown, and none as changed. */
    void takeAsShown(int size) {
        shown = size;
    }

    void clear() {
        Arrays.fill(changed, false);
        renewed = null;
        count = 0;
        saved = 0;
        next = 0;
        shown = 0;
        showing = false;
    }

    long bytes() {
        return changed.length * 5L + (renewed == null ? 0 : renewed.length);
    }

    /** Writes the groups that have come since the portion before; all if an image begins. */
    void save(StateWriter out, Portion portion) {
        int from = portion.begins() ? 0 : saved;
        out.writeInt(from);
        out.writeInt(count - from);
        out.writeInts(groups, from, count - from);
        out.writeInt(shown);
        out.writeInt(next);
        out.writeBoolean(showing);
        out.writeBoolean(renewed != null);
        for (int i = from; renewed != null && i < count; i++) {
            out.writeBoolean(isRenewed(groups[i]));
        }
        saved = portion.isWhole() ? saved : count;
    }

    void restore(StateReader in) {
        if (in.readInt() == 0) {
            clear();
        }
        int[] more = new int[in.readInt()];
        in.readInts(more, 0, more.length);
        add(more, 0, more.length, GroupSet.of(more, more.length).end(), null);
        shown = in.readInt();
        next = in.readInt();
        showing = in.readBoolean();
        boolean anyRenewed = in.readBoolean();
        for (int i = 0; anyRenewed && i < more.length; i++) {
            if (in.readBoolean()) {
                renew(more[i]);
            }
        }
        saved = count;
    }
}
