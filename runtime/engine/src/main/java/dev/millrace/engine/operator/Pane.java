// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.operator.aggregate.Aggregator;
import dev.millrace.engine.plan.StateTtl;
import dev.millrace.engine.state.GroupAges;
import dev.millrace.engine.state.GroupPortions;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.GroupState;
import dev.millrace.engine.state.GroupTable;
import dev.millrace.engine.state.MovedGroups;
import dev.millrace.engine.state.NewGroups;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.Round;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.upgrade.StateMapping;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** The groups of one window, or all groups of an aggregation without windows, with what is aggregated of each. */
final class Pane implements GroupState, GroupAges.Owner {
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

    /** When groups were refreshed; null where they are kept. */
    private final GroupAges ages;

    private final Round ageRound = new Round();
    private final Round[] operandRounds;

    /** By group, how often it was forgotten; null if the groups are kept or have no operands. */
    private int[] incarnations;

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

    /** @param ttl how long groups are kept, null for ever */
    Pane(
            List<Storage> keys, List<AggregateUpdate> aggregates, boolean keepsVisible, boolean gathers, StateTtl ttl,
            int groupsMax) {
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
        ages = GroupAges.of(ttl);
        operandRounds = new Round[operands.length];
        Arrays.setAll(operandRounds, i -> new Round());
        boolean hasOperands = Arrays.stream(operands).anyMatch(Objects::nonNull);
        incarnations = ages != null && hasOperands ? new int[0] : null;
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

    Aggregator aggregator(int index) {
        return aggregators[index];
    }

    GroupTable operands(int index) {
        return operands[index];
    }

    /** What stands for a group in the tables of operands: those of a group that was forgotten aren't found again. */
    long operandKey(int group) {
        return incarnations == null ? group : (long) incarnations[group] << Integer.SIZE | group;
    }

    /** The groups that the rows of the last {@link #use} have made; null where groups are kept. */
    NewGroups made() {
        return ages == null ? null : ages.made();
    }

    /** Takes over the groups of rows after their lookup: makes room, and forgets those that have expired. */
    void use(int[] groups, int from, int to, int groupsBefore) {
        reserve(table.size());
        portions.touch(groups, from, to);
        for (int i = 0; i < table.reusedCount(); i++) {
            resetAggregates(table.reused(i));
            portions.touchKey(table.reused(i));
        }
        if (ages != null) {
            ages.use(table, groupsBefore, groups, from, to, this);
        }
    }

    /** Notes for the next portion what the last lookup has changed in a table of operands. */
    void operandsLookedUp(int index) {
        for (int i = 0; i < operands[index].reusedCount(); i++) {
            operandPortions[index].touchKey(operands[index].reused(i));
        }
    }

    /** Tells the time. */
    void tell(long millis) {
        if (ages != null) {
            ages.clock(millis);
        }
    }

    /**
     * Removes some of the groups that have expired, and of the operands that they have had.
     *
     * @param only whether there is but one group: it stays, since it tells that a row has come
     */
    void sweep(boolean only) {
        if (ages == null) {
            return;
        }
        int looks = ages.takeLooks();
        if (!only) {
            ages.sweep(ageRound, table, looks, this, portions);
        }
        for (int i = 0; i < operands.length; i++) {
            if (operands[i] != null) {
                sweepOperands(i, looks);
            }
        }
    }

    private void sweepOperands(int index, int looks) {
        operandRounds[index].go(operands[index], looks, operand -> {
            boolean isForgotten = isForgotten(operands[index].longKey(0, operand));
            if (isForgotten) {
                operandPortions[index].touchKey(operand);
            }
            return isForgotten;
        });
    }

    /** Whether an operand, given by what {@link #operandKey} says of its group, is of a group that was forgotten. */
    private boolean isForgotten(long operandKey) {
        return incarnations != null && incarnations[(int) operandKey] != (int) (operandKey >>> Integer.SIZE);
    }

    @Override
    public boolean isHeld(int group) {
        return changed != null && changed.isChanged(group);
    }

    @Override
    public void forget(int group) {
        resetAggregates(group);
        if (incarnations != null) {
            incarnations[group]++;
        }
        if (visible != null) {
            visible[group] = false;
        }
        if (isUnseen(group)) {
            unseen[group] = false;
        }
    }

    private void resetAggregates(int group) {
        for (Aggregator aggregator : aggregators) {
            aggregator.reset(group);
        }
    }

    /**
     * From now on an aggregate tells groups that have had no row of it.
     *
     * @param groupsBefore number of groups that the pane had before the rows that are being taken
     */
    void trackPresence(int index, int groupsBefore) {
        if (aggregators[index].trackPresence(groupsBefore) && ages != null) {
            // Those that have the number of a group that was forgotten.
            for (int i = 0; i < ages.made().count(); i++) {
                aggregators[index].reset(ages.made().get(i));
            }
        }
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
    private void reserve(int groups) {
        reserved = Math.max(reserved, groups);
        for (Aggregator aggregator : aggregators) {
            aggregator.reserve(groups);
        }
        if (visible != null && visible.length < groups) {
            visible = Arrays.copyOf(visible, Math.max(groups, visible.length * 2));
        }
        if (incarnations != null && incarnations.length < groups) {
            incarnations = Arrays.copyOf(incarnations, Math.max(groups, incarnations.length * 2));
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
            changed.save(out);
        }
        out.writeBoolean(ages != null);
        if (ages != null) {
            ages.saveClock(out);
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
        if (in.readBoolean()) {
            GroupAges.restoreClock(in, ages);
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
        GroupAges.save(out, ages, values);
        out.writeBoolean(incarnations != null);
        if (incarnations != null) {
            out.writeInts(incarnations, values);
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
        GroupAges.restore(in, ages, values);
        if (in.readBoolean()) {
            incarnations = incarnations == null ? new int[groups] : incarnations;
            in.readInts(incarnations, values);
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
        reserve(table.size());
        if (ages != null) {
            ages.absorb(before.ages, moved);
        }
        for (int i = 0; i < aggregators.length; i++) {
            int same = aggregates.get(i);
            if (same == StateMapping.NONE) {
                continue;
            }
            StateWriter out = new StateWriter();
            before.aggregators[same].save(out, moved.from());
            aggregators[i].restore(new StateReader(out.finish()), moved.to());
            if (operands[i] != null) {
                absorbOperands(i, before, same, moved);
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
    private void absorbOperands(int aggregate, Pane pane, int same, MovedGroups moved) {
        GroupTable before = pane.operands[same];
        int[] numbers = new int[pane.size()];
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
            if (!before.isRemoved(operand) && !pane.isForgotten(before.longKey(0, operand))
                    && numbers[(int) before.longKey(0, operand)] != StateMapping.NONE) {
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
                + portions.bytes() + (changed == null ? 0 : changed.bytes()) + (unseen == null ? 0 : unseen.length)
                + (ages == null ? 0 : ages.bytes()) + (incarnations == null ? 0 : incarnations.length * 4L);
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
