// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.operator.aggregate.Aggregator;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.GroupTable;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;

/** The groups of one window, or all groups of an aggregation without windows, with what is aggregated of each. */
final class Pane {
    private final GroupTable table;
    private final Aggregator[] aggregators;

    /** By aggregate: the operands that a group has had, as groups of (group, operand); null without DISTINCT. */
    private final GroupTable[] operands;

    /** By group, whether the last row given of it stands; null where that isn't asked for. */
    private boolean[] visible;

    /**
     * By group, whether no change of it has been given, because its results were out of range; null as long as there was
     * no such group. May be shorter than the groups are many.
     */
    private boolean[] unseen;

    /** What has changed since it was shown; null where changes aren't gathered. */
    private final ChangedGroups changed;

    /** By group, scratch of the batch that is being processed; without meaning between batches. */
    private int[] marks = new int[0];

    private int[] sources = new int[0];
    private int lastMark;
    private int batchOrdinal = -1;
    private long start;

    Pane(List<Storage> keys, List<AggregateUpdate> aggregates, boolean keepsVisible, boolean gathers, int groupsMax) {
        table = new GroupTable(keys, groupsMax);
        aggregators = new Aggregator[aggregates.size()];
        operands = new GroupTable[aggregates.size()];
        for (int i = 0; i < aggregators.length; i++) {
            aggregators[i] = Aggregator.of(aggregates.get(i).call());
            operands[i] = aggregates.get(i).newOperandTable(groupsMax);
        }
        visible = keepsVisible ? new boolean[0] : null;
        changed = gathers ? new ChangedGroups() : null;
    }

    /** Start of the window in milliseconds; without meaning where there are no windows. */
    long start() {
        return start;
    }

    void setStart(long value) {
        start = value;
    }

    /** Number of the pane among those that the batch being processed touches, or -1. */
    int batchOrdinal() {
        return batchOrdinal;
    }

    void setBatchOrdinal(int value) {
        batchOrdinal = value;
    }

    GroupTable table() {
        return table;
    }

    int size() {
        return table.size();
    }

    Aggregator aggregator(int index) {
        return aggregators[index];
    }

    GroupTable operands(int index) {
        return operands[index];
    }

    /** By group; for reading and writing, up to {@link #size()}. */
    boolean[] visible() {
        return visible;
    }

    /** Whether there may be groups that have changed but were never given. */
    boolean hasUnseen() {
        return unseen != null;
    }

    boolean isUnseen(int group) {
        return unseen != null && group < unseen.length && unseen[group];
    }

    void setUnseen(int group, boolean value) {
        if (unseen == null) {
            unseen = new boolean[table.size()];
        } else if (unseen.length <= group) {
            unseen = Arrays.copyOf(unseen, Math.max(table.size(), unseen.length * 2));
        }
        unseen[group] = value;
    }

    /** Null where changes aren't gathered. */
    ChangedGroups changed() {
        return changed;
    }

    /** Makes room in everything for the groups that the table has now. */
    void reserve() {
        int groups = table.size();
        for (Aggregator aggregator : aggregators) {
            aggregator.reserve(groups);
        }
        if (visible != null && visible.length < groups) {
            visible = Arrays.copyOf(visible, Math.max(groups, visible.length * 2));
        }
    }

    /** An array by group in which no element is the mark, see {@link #mark}. */
    int[] marks() {
        if (marks.length < table.size()) {
            marks = Arrays.copyOf(marks, Math.max(table.size(), marks.length * 2));
        }
        if (++lastMark == Integer.MAX_VALUE) {
            Arrays.fill(marks, 0);
            lastMark = 1;
        }
        return marks;
    }

    /** An array by group with any content: scratch beside {@link #marks}. */
    int[] sources() {
        if (sources.length < table.size()) {
            sources = new int[Math.max(table.size(), sources.length * 2)];
        }
        return sources;
    }

    /** The mark for the array that {@link #marks} gave last. */
    int mark() {
        return lastMark;
    }

    /** Forgets all groups; the memory stays. */
    void clear() {
        int groups = table.size();
        for (Aggregator aggregator : aggregators) {
            aggregator.clear(groups);
        }
        for (GroupTable operand : operands) {
            if (operand != null) {
                operand.clear();
            }
        }
        if (visible != null) {
            Arrays.fill(visible, 0, groups, false);
        }
        unseen = null;
        if (changed != null) {
            changed.clear();
        }
        table.clear();
    }

    void save(StateWriter out) {
        out.writeLong(start);
        table.save(out);
        for (Aggregator aggregator : aggregators) {
            aggregator.save(out, GroupSet.range(0, table.size()));
        }
        for (GroupTable operand : operands) {
            if (operand != null) {
                operand.save(out);
            }
        }
        if (visible != null) {
            out.writeBooleans(visible, 0, table.size());
        }
        if (changed != null) {
            changed.save(out);
        }
        out.writeBoolean(unseen != null);
        for (int group = 0; unseen != null && group < table.size(); group++) {
            out.writeBoolean(isUnseen(group));
        }
    }

    void restore(StateReader in) {
        start = in.readLong();
        table.restore(in);
        reserve();
        for (Aggregator aggregator : aggregators) {
            aggregator.restore(in, GroupSet.range(0, table.size()));
        }
        for (GroupTable operand : operands) {
            if (operand != null) {
                operand.restore(in);
            }
        }
        if (visible != null) {
            in.readBooleans(visible, 0, table.size());
        }
        if (changed != null) {
            changed.restore(in, table.size());
        }
        unseen = null;
        if (in.readBoolean()) {
            unseen = new boolean[table.size()];
            in.readBooleans(unseen, 0, table.size());
        }
    }

    long bytes() {
        long bytes = table.bytes() + (marks.length + sources.length) * 4L + (visible == null ? 0 : visible.length)
                + (changed == null ? 0 : changed.bytes()) + (unseen == null ? 0 : unseen.length);
        for (Aggregator aggregator : aggregators) {
            bytes += aggregator.bytes();
        }
        for (GroupTable operand : operands) {
            bytes += operand == null ? 0 : operand.bytes();
        }
        return bytes;
    }
}
