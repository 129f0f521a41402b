// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.state;

/**
 * Writes state by group in portions, and notes for the next one which groups have changed.
 *
 * <p>A portion is a row of sections, each of some keys and of what is kept of some groups:
 *
 * <pre>
 *   groups   0 ............ cursor ............ image end ....... known ............ size
 *                           [ slice ]                             [ new: key and content ]
 *              changed since the portion before: content
 *
 *   portion  starts anew boolean, then by section: 1 byte, keys, groups, keys' content, groups' content; then 0 byte
 * </pre>
 *
 * <p>Where many groups change between portions, to note them would cost more than it saves: then all content is written
 * and nothing is noted any more. Nothing is noted either before the first portion.
 */
public final class GroupPortions {
    /** Groups of the first piece of a slice; each is as large as all before it, until the slice is used up. */
    private static final int PIECE_GROUPS = 16;

    /** All content is written if at least one group of so many has changed. */
    private static final int DENSE_FACTOR = 2;

    private static final GroupSet NONE = GroupSet.range(0, 0);

    private final GroupState state;

    /** Groups from here on came after the last portion. */
    private int known;

    /** Whether the groups of earlier portions have all gone. */
    private boolean startsAnew;

    /** The known groups that have changed; without meaning if all are to be written. */
    private final GroupBits changed = new GroupBits();

    private boolean allChanged;

    /** Rows noted, and how many lead to a look at how many groups these were. */
    private long rows;

    private long rowsMax;

    /** The known groups whose key has changed; null as long as there is none. */
    private GroupBits rekeyed;

    /** The image that is being written lacks the groups from here to its end. */
    private int cursor;

    private int imageEnd;

    public GroupPortions(GroupState state) {
        this.state = state;
    }

    /** Notes the groups of rows: what is kept of them is changing. */
    public void touch(int[] groups, int from, int to) {
        if (known == 0 || allChanged) {
            return;
        }
        changed.addBelow(known, groups, from, to);
        noted(to - from);
    }

    /** Notes a group: what is kept of it is changing. */
    public void touch(int group) {
        if (group < known && !allChanged) {
            changed.add(group);
            noted(1);
        }
    }

    private void noted(int count) {
        rows += count;
        if (rows > rowsMax) {
            allChanged = changed.count() >= known / DENSE_FACTOR;
            rowsMax = rows * 2;
        }
    }

    /** Notes that a group has another key than before, or none. */
    public void touchKey(int group) {
        if (group < known) {
            rekeyed = rekeyed == null ? new GroupBits() : rekeyed;
            rekeyed.reserve(known);
            rekeyed.add(group);
        }
    }

    /** All groups have gone. */
    public void clear() {
        expect(0);
        startsAnew = true;
    }

    /** Up to now all is written: the groups are as the next portion expects them to be. */
    private void expect(int groups) {
        known = groups;
        changed.reserve(groups);
        if (rows > 0) {
            changed.clear();
        }
        rows = 0;
        rowsMax = groups / DENSE_FACTOR;
        allChanged = false;
        rekeyed = null;
        startsAnew = false;
        imageEnd = Math.min(imageEnd, groups);
        cursor = Math.min(cursor, imageEnd);
    }

    /**
     * Writes a portion.
     *
     * @return whether the image that began last is complete
     */
    public boolean save(StateWriter out, Portion portion) {
        int size = state.size();
        if (portion.isWhole()) {
            out.writeBoolean(true);
            section(out, GroupSet.range(0, size), GroupSet.range(0, size));
            out.writeBoolean(false);
            return true;
        }
        out.writeBoolean(startsAnew);
        if (portion.begins()) {
            cursor = 0;
            imageEnd = known;
        }
        saveChanges(out, size);
        if (cursor < imageEnd && portion.hasSlice()) {
            saveSlice(out, portion);
        }
        out.writeBoolean(false);
        expect(size);
        return cursor == imageEnd;
    }

    private void saveChanges(StateWriter out, int size) {
        GroupSet added = GroupSet.range(known, size);
        if (rekeyed != null) {
            GroupSet groups = rekeyed.groups();
            section(out, groups, groups);
        }
        if (allChanged) {
            section(out, added, GroupSet.range(0, size));
            return;
        }
        if (rows > 0) {
            section(out, NONE, changed.groups());
        }
        section(out, added, added);
    }

    private void saveSlice(StateWriter out, Portion portion) {
        int from = cursor;
        while (cursor < imageEnd && portion.hasSlice()) {
            long before = out.size();
            int end = (int) Math.min(imageEnd, (long) cursor + Math.max(PIECE_GROUPS, cursor - from));
            GroupSet piece = GroupSet.range(cursor, end);
            section(out, piece, allChanged ? NONE : piece);
            cursor = end;
            portion.use(out.size() - before);
        }
    }

    private void section(StateWriter out, GroupSet keys, GroupSet values) {
        if (keys.count() == 0 && values.count() == 0) {
            return;
        }
        out.writeBoolean(true);
        keys.save(out);
        values.save(out);
        state.save(out, keys, values);
    }

    /** Takes over a portion. */
    public void restore(StateReader in) {
        if (in.readBoolean()) {
            state.clear();
        }
        while (in.readBoolean()) {
            GroupSet keys = GroupSet.restore(in);
            state.restore(in, keys, GroupSet.restore(in));
        }
        expect(state.size());
        // An image that goes on from here, not from where it stood, is none the worse.
        cursor = 0;
        imageEnd = known;
    }

    /** Bytes of memory held. */
    public long bytes() {
        return changed.bytes() + (rekeyed == null ? 0 : rekeyed.bytes());
    }
}
