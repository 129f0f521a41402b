// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.OwnedBytes;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.List;

/**
 * MIN and MAX of byte strings, compared as unsigned bytes, which for UTF-8 is the order of code points.
 *
 * <p>A value is replaced in place where the new one is as long.
 */
final class BytesExtremeAggregator extends Aggregator {
    private static final int ABSENT = -1;

    private final boolean greatest;
    private final OwnedBytes values = new OwnedBytes("the values of one MIN or MAX");

    /** By group; where in {@link #values} its own begins. */
    private int[] starts = new int[0];

    /** By group; {@link #ABSENT} where no row has come. */
    private int[] lengths = new int[0];

    BytesExtremeAggregator(boolean greatest) {
        this.greatest = greatest;
    }

    @Override
    public void reserve(int groups) {
        int before = lengths.length;
        if (before < groups) {
            int grown = Math.max(groups, before * 2);
            starts = Arrays.copyOf(starts, grown);
            lengths = Arrays.copyOf(lengths, grown);
            Arrays.fill(lengths, before, grown, ABSENT);
        }
    }

    @Override
    public void update(Vector argument, int[] rows, int[] groups, int from, int to) {
        BytesVector operands = (BytesVector) argument;
        byte[] bytes = operands.data();
        for (int i = from; i < to; i++) {
            int group = groups[i];
            int start = operands.starts()[rows[i]];
            int length = operands.lengths()[rows[i]];
            int held = lengths[group];
            if (held == ABSENT) {
                append(group, bytes, start, length);
                continue;
            }
            int at = starts[group];
            int order = Arrays.compareUnsigned(bytes, start, start + length, values.data(), at, at + held);
            if (greatest ? order <= 0 : order >= 0) {
                continue;
            }
            replace(group, bytes, start, length);
        }
        values.tidy(this::moved);
    }

    private void moved(int group, int fromPlace, int toPlace) {
        starts[group] = toPlace;
    }

    /** Puts a value in the place of one that a group has. */
    private void replace(int group, byte[] bytes, int start, int length) {
        if (length == lengths[group]) {
            System.arraycopy(bytes, start, values.data(), starts[group], length);
        } else {
            values.giveUp(starts[group]);
            append(group, bytes, start, length);
        }
    }

    private void append(int group, byte[] bytes, int start, int length) {
        starts[group] = values.add(group, bytes, start, length);
        lengths[group] = length;
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        BytesVector out = (BytesVector) results;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            if (lengths[group] == ABSENT) {
                out.setNull(rows[i]);
            } else {
                out.append(rows[i], values.data(), starts[group], lengths[group]);
            }
        }
    }

    @Override
    public List<Storage> partials() {
        return List.of(Storage.BYTES);
    }

    @Override
    public void reset(int group) {
        remove(group);
        values.tidy(this::moved);
    }

    private void remove(int group) {
        if (lengths[group] != ABSENT) {
            values.giveUp(starts[group]);
            lengths[group] = ABSENT;
        }
    }

    @Override
    public void clear(int groups) {
        Arrays.fill(lengths, 0, groups, ABSENT);
        values.clear();
    }

    @Override
    public long bytes() {
        return values.bytes() + lengths.length * 8L;
    }

    @Override
    public void save(StateWriter out, GroupSet groups) {
        out.writeInts(lengths, groups);
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            if (lengths[group] != ABSENT) {
                out.writeBytes(values.data(), starts[group], lengths[group]);
            }
        }
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        int[] restored = new int[groups.count()];
        in.readInts(restored, 0, restored.length);
        byte[] value = new byte[0];
        for (int i = 0; i < restored.length; i++) {
            int group = groups.id(i);
            int length = restored[i];
            if (length == ABSENT) {
                remove(group);
                continue;
            }
            value = value.length < length ? new byte[length] : value;
            in.readBytes(value, 0, length);
            if (lengths[group] == ABSENT) {
                append(group, value, 0, length);
            } else {
                replace(group, value, 0, length);
            }
        }
        values.tidy(this::moved);
    }
}
