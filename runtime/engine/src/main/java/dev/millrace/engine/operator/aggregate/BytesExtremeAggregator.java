// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/**
 * MIN and MAX of byte strings, compared as unsigned bytes, which for UTF-8 is the order of code points.
 *
 * <p>The values lie in one array. A value is replaced in place where the new one is not longer, else behind the last;
 * when more than half of the array is left behind, the values are moved together.
 */
final class BytesExtremeAggregator extends Aggregator {
    private static final int ABSENT = -1;
    private static final int COMPACTED_BYTES_MIN = 4096;
    private static final int ARRAY_MAX = Integer.MAX_VALUE - 16;

    private final boolean greatest;
    private byte[] data = new byte[BytesVector.PADDING];
    private int size;
    private int wasted;
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
            int order = Arrays.compareUnsigned(bytes, start, start + length, data, at, at + held);
            if (greatest ? order <= 0 : order >= 0) {
                continue;
            }
            replace(group, bytes, start, length);
        }
        compactIfWasted();
    }

    private void compactIfWasted() {
        if (wasted > size / 2 && size > COMPACTED_BYTES_MIN) {
            compact();
        }
    }

    /** Puts a value in the place of one that a group has. */
    private void replace(int group, byte[] bytes, int start, int length) {
        int held = lengths[group];
        if (length <= held) {
            System.arraycopy(bytes, start, data, starts[group], length);
            lengths[group] = length;
            wasted += held - length;
        } else {
            wasted += held;
            append(group, bytes, start, length);
        }
    }

    private void append(int group, byte[] bytes, int start, int length) {
        long needed = (long) size + length + BytesVector.PADDING;
        if (needed > ARRAY_MAX) {
            throw new MillraceException(
                    ErrorCode.STATE_LIMIT,
                    "the values of one MIN or MAX take more than " + ARRAY_MAX + " bytes",
                    "use more partitions, a window, or a key with fewer values");
        }
        if (needed > data.length) {
            data = Arrays.copyOf(data, (int) Math.min(ARRAY_MAX, Math.max(needed, data.length * 2L)));
        }
        System.arraycopy(bytes, start, data, size, length);
        starts[group] = size;
        lengths[group] = length;
        size += length;
    }

    private void compact() {
        byte[] old = data;
        data = new byte[size - wasted + BytesVector.PADDING];
        size = 0;
        wasted = 0;
        for (int group = 0; group < lengths.length; group++) {
            if (lengths[group] != ABSENT) {
                append(group, old, starts[group], lengths[group]);
            }
        }
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        BytesVector out = (BytesVector) results;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            if (lengths[group] == ABSENT) {
                out.setNull(rows[i]);
            } else {
                out.append(rows[i], data, starts[group], lengths[group]);
            }
        }
    }

    @Override
    public void clear(int groups) {
        Arrays.fill(lengths, 0, groups, ABSENT);
        size = 0;
        wasted = 0;
    }

    @Override
    public long bytes() {
        return data.length + lengths.length * 8L;
    }

    @Override
    public void save(StateWriter out, GroupSet groups) {
        out.writeInts(lengths, groups);
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            if (lengths[group] != ABSENT) {
                out.writeBytes(data, starts[group], lengths[group]);
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
                wasted += Math.max(0, lengths[group]);
                lengths[group] = ABSENT;
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
        compactIfWasted();
    }
}
