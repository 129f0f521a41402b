// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.aggregate.Aggregator;
import dev.millrace.engine.state.GroupPortions;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.GroupState;
import dev.millrace.engine.state.GroupTable;
import dev.millrace.engine.state.MovedGroups;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.upgrade.StateMapping;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The groups of one window, or all groups of an aggregation without windows, with what is aggregated of each. */
final class Pane implements GroupState {
    private final GroupTable table;
    private final Aggregator[] aggregators;
    private final GroupPortions portions = new GroupPortions(this);

    /** By aggregate: the operands that a group has had, as groups of (group, operand); null without DISTINCT. */
    private final GroupTable[] operands;

    private final GroupPortions[] operandPortions;
    private final Storage[] operandStorages;

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

    /** Groups that there is room for, and that may hold something. */
    private int reserved;

    private int batchOrdinal = -1;
    private long start;

    Pane(List<Storage> keys, List<AggregateUpdate> aggregates, boolean keepsVisible, boolean gathers, int groupsMax) {
        table = new GroupTable(keys, groupsMax);
        aggregators = new Aggregator[aggregates.size()];
        operands = new GroupTable[aggregates.size()];
        operandPortions = new GroupPortions[aggregates.size()];
        operandStorages = new Storage[aggregates.size()];
        for (int i = 0; i < aggregators.length; i++) {
            aggregators[i] = Aggregator.of(aggregates.get(i).call());
            operands[i] = aggregates.get(i).newOperandTable(groupsMax);
            operandStorages[i] = operands[i] == null ? null : aggregates.get(i).call().argumentType().storage();
            operandPortions[i] = operands[i] == null ? null : new GroupPortions(new Keys(operands[i]));
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

    @Override
    public int size() {
        return table.size();
    }

    /** Notes for the next portion that rows are taken into groups. */
    void touch(int[] groups, int from, int to) {
        portions.touch(groups, from, to);
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
            unseen = new boolean[Math.max(group + 1, table.size())];
        } else if (unseen.length <= group) {
            unseen = Arrays.copyOf(unseen, Math.max(group + 1, unseen.length * 2));
        }
        unseen[group] = value;
        portions.touch(group);
    }

    /** Null where changes aren't gathered. */
    ChangedGroups changed() {
        return changed;
    }

    /** Makes room in everything for the groups that the table has now. */
    void reserve() {
        reserve(table.size());
    }

    private void reserve(int groups) {
        reserved = Math.max(reserved, groups);
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
    @Override
    public void clear() {
        int groups = reserved;
        reserved = 0;
        for (Aggregator aggregator : aggregators) {
            aggregator.clear(groups);
        }
        for (GroupTable operand : operands) {
            if (operand != null) {
                operand.clear();
            }
        }
        for (GroupPortions portion : operandPortions) {
            if (portion != null) {
                portion.clear();
            }
        }
        portions.clear();
        if (visible != null) {
            Arrays.fill(visible, 0, groups, false);
        }
        unseen = null;
        if (changed != null) {
            changed.clear();
        }
        table.clear();
    }

    /** Writes a portion; gives whether the image is complete. */
    boolean save(StateWriter out, Portion portion) {
        boolean complete = portions.save(out, portion);
        for (GroupPortions operand : operandPortions) {
            complete &= operand == null || operand.save(out, portion);
        }
        if (changed != null) {
            changed.save(out, portion);
        }
        return complete;
    }

    void restorePortion(StateReader in) {
        portions.restore(in);
        for (GroupPortions operand : operandPortions) {
            if (operand != null) {
                operand.restore(in);
            }
        }
        if (changed != null) {
            changed.restore(in);
        }
    }

    /** The last portion was taken over. */
    void restored() {
        table.rebuild();
        for (GroupTable operand : operands) {
            if (operand != null) {
                operand.rebuild();
            }
        }
    }

    @Override
    public void save(StateWriter out, GroupSet keys, GroupSet values) {
        table.saveKeys(out, keys);
        for (Aggregator aggregator : aggregators) {
            aggregator.save(out, values);
        }
        if (visible != null) {
            out.writeBooleans(visible, values);
        }
        out.writeBoolean(unseen != null);
        for (int i = 0; unseen != null && i < values.count(); i++) {
            out.writeBoolean(isUnseen(values.id(i)));
        }
    }

    @Override
    public void restore(StateReader in, GroupSet keys, GroupSet values) {
        table.restoreKeys(in, keys);
        int groups = Math.max(table.size(), values.end());
        reserve(groups);
        for (Aggregator aggregator : aggregators) {
            aggregator.restore(in, values);
        }
        if (visible != null) {
            in.readBooleans(visible, values);
        }
        boolean anyUnseen = in.readBoolean();
        for (int i = 0; anyUnseen && i < values.count(); i++) {
            setUnseen(values.id(i), in.readBoolean());
        }
    }

    /**
     * Takes over what is kept of groups that have moved here.
     *
     * @param aggregates by aggregate, the same one of the pane before, or {@link StateMapping#NONE}
     * @param given whether changes were given of these groups
     */
    void absorb(Pane before, MovedGroups moved, List<Integer> aggregates, boolean given) {
        if (before.changed != null && !before.changed.isEmpty()) {
            throw new IllegalStateException("changes that were not shown can't be taken over");
        }
        for (int i = 0; i < aggregators.length; i++) {
            if (aggregates.get(i) == StateMapping.NONE) {
                // The groups have had no row yet, as far as this one is concerned.
                aggregators[i].trackPresence(0);
            }
        }
        reserve();
        for (int i = 0; i < aggregators.length; i++) {
            int same = aggregates.get(i);
            if (same == StateMapping.NONE) {
                continue;
            }
            StateWriter out = new StateWriter();
            before.aggregators[same].save(out, moved.from());
            aggregators[i].restore(new StateReader(out.finish()), moved.to());
            if (operands[i] != null) {
                absorbOperands(i, before.operands[same], before.size(), moved);
            }
        }
        for (int i = 0; i < moved.count(); i++) {
            int old = moved.from().id(i);
            int group = moved.to().id(i);
            boolean stands = given && !before.isUnseen(old) && (before.visible == null || before.visible[old]);
            if (visible != null) {
                visible[group] = stands;
            } else if (!stands) {
                setUnseen(group, true);
            }
        }
        if (changed != null) {
            changed.takeAsShown(table.size());
        }
    }

    /** Takes over the operands that groups have had. */
    private void absorbOperands(int aggregate, GroupTable before, int groupsBefore, MovedGroups moved) {
        int[] numbers = new int[groupsBefore];
        Arrays.fill(numbers, StateMapping.NONE);
        for (int i = 0; i < moved.count(); i++) {
            numbers[moved.from().id(i)] = moved.to().id(i);
        }
        int[] ids = new int[Batch.ROWS];
        int[] rows = IntStream.range(0, Batch.ROWS).toArray();
        int[] found = new int[Batch.ROWS];
        long[] hashes = new long[Batch.ROWS];
        int count = 0;
        for (int operand = 0; operand < before.size(); operand++) {
            if (!before.isRemoved(operand) && numbers[(int) before.longKey(0, operand)] != StateMapping.NONE) {
                ids[count++] = operand;
            }
            if (count == Batch.ROWS || operand == before.size() - 1) {
                LongVector groups = new LongVector(Batch.ROWS);
                for (int i = 0; i < count; i++) {
                    groups.set(i, numbers[(int) before.longKey(0, ids[i])]);
                }
                Vector values = Vector.create(operandStorages[aggregate], Batch.ROWS);
                before.writeKeys(1, ids, rows, 0, count, values);
                Vector[] columns = {groups, values};
                KeyHasher.hash(columns, null, count, hashes);
                operands[aggregate].lookup(columns, rows, 0, count, hashes, found);
                count = 0;
            }
        }
    }

    /** Of operands there is nothing but the keys. */
    private record Keys(GroupTable table) implements GroupState {
        @Override
        public int size() {
            return table.size();
        }

        @Override
        public void clear() {
            table.clear();
        }

        @Override
        public void save(StateWriter out, GroupSet keys, GroupSet values) {
            table.saveKeys(out, keys);
        }

        @Override
        public void restore(StateReader in, GroupSet keys, GroupSet values) {
            table.restoreKeys(in, keys);
        }
    }

    long bytes() {
        long bytes = table.bytes() + (marks.length + sources.length) * 4L + (visible == null ? 0 : visible.length)
                + portions.bytes() + (changed == null ? 0 : changed.bytes()) + (unseen == null ? 0 : unseen.length);
        for (Aggregator aggregator : aggregators) {
            bytes += aggregator.bytes();
        }
        for (GroupTable operand : operands) {
            bytes += operand == null ? 0 : operand.bytes();
        }
        for (GroupPortions portion : operandPortions) {
            bytes += portion == null ? 0 : portion.bytes();
        }
        return bytes;
    }
}
