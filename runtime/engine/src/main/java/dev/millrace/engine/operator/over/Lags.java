// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.Arrays;

/**
 * LAG of what {@link SortableLongs} holds: of the ring's place that the current row takes, the value that stood there.
 * Results are NULL where there is no row so far back; the operator puts the default there.
 */
final class Lags extends FrameFunction {
    private final Frame frame;

    /** By group: the last values. */
    private long[][] rings = new long[0][];

    /** By group: whether the last values are NULL; null if none is. */
    private boolean[][] nulls = new boolean[0][];

    private long ringBytes;
    private long[] values = new long[0];

    Lags(Frame frame) {
        this.frame = frame;
    }

    @Override
    void reserve(int groups) {
        if (rings.length < groups) {
            int grown = Math.max(groups, rings.length * 2);
            rings = Arrays.copyOf(rings, grown);
            nulls = Arrays.copyOf(nulls, grown);
        }
    }

    @Override
    boolean update(Vector argument, int[] groups, int count, Vector results, boolean[] failed) {
        if (values.length < count) {
            values = new long[count];
        }
        SortableLongs.read(argument, count, values);
        boolean[] argumentNulls = argument.nulls();
        int[] at = frame.at();
        int rows = frame.rows();
        for (int i = 0; i < count; i++) {
            int group = groups[i];
            int place = at[i] < rows ? at[i] : at[i] - rows;
            boolean isNull = argumentNulls != null && argumentNulls[i];
            long value = values[i];
            if (at[i] < rows) {
                if (rings[group] == null || place >= rings[group].length) {
                    grow(group, place);
                }
                results.setNull(i);
            } else if (nulls[group] != null && nulls[group][place]) {
                results.setNull(i);
            } else {
                values[i] = rings[group][place];
            }
            rings[group][place] = value;
            if (isNull && nulls[group] == null) {
                nulls[group] = new boolean[rows];
                ringBytes += rows;
            }
            if (nulls[group] != null) {
                nulls[group][place] = isNull;
            }
        }
        SortableLongs.write(values, count, results);
        return false;
    }

    private void grow(int group, int place) {
        long[] ring = rings[group] == null ? new long[0] : rings[group];
        int places = grown(ring.length, place, frame.rows());
        ringBytes += (places - ring.length) * 8L;
        rings[group] = Arrays.copyOf(ring, places);
    }

    @Override
    void forget(int group) {
        ringBytes -= nulls[group] == null ? 0 : frame.rows();
        nulls[group] = null;
        ringBytes -= rings[group] == null ? 0 : rings[group].length * 8L;
        rings[group] = null;
    }

    @Override
    long bytes() {
        return rings.length * 8L + ringBytes + values.length * 8L;
    }

    @Override
    void save(StateWriter out, GroupSet groups) {
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            int places = frame.placesUsed(group);
            if (places > 0) {
                out.writeLongs(rings[group], 0, places);
                out.writeBoolean(nulls[group] != null);
                if (nulls[group] != null) {
                    out.writeBooleans(nulls[group], 0, places);
                }
            }
        }
    }

    @Override
    void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            int places = frame.placesUsed(group);
            if (places > 0) {
                grow(group, places - 1);
                in.readLongs(rings[group], 0, places);
                ringBytes -= nulls[group] == null ? 0 : frame.rows();
                nulls[group] = null;
                if (in.readBoolean()) {
                    nulls[group] = new boolean[frame.rows()];
                    ringBytes += frame.rows();
                    in.readBooleans(nulls[group], 0, places);
                }
            }
        }
    }
}
