// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Rings of texts and wide decimals, as one object a value: byte[] or BigInteger, null for NULL. These are rare in frames,
 * and texts have no fixed size.
 */
final class BoxedRings {
    /** About what an object takes beside its bytes. */
    private static final int OBJECT_BYTES = 24;

    private final Frame frame;
    private final Storage storage;
    private final int placesMax;

    /** By group. */
    private Object[][] rings = new Object[0][];

    private long ringBytes;

    /** @param placesMax places of a full ring */
    BoxedRings(Frame frame, Storage storage, int placesMax) {
        this.frame = frame;
        this.storage = storage;
        this.placesMax = placesMax;
    }

    void reserve(int groups) {
        if (rings.length < groups) {
            rings = Arrays.copyOf(rings, Math.max(groups, rings.length * 2));
        }
    }

    /** The ring of a group, with this place. */
    Object[] ring(int group, int place) {
        Object[] ring = rings[group];
        if (ring == null || place >= ring.length) {
            int length = ring == null ? 0 : ring.length;
            int places = FrameFunction.grown(length, place, placesMax);
            ringBytes += (places - length) * (long) OBJECT_BYTES;
            rings[group] = ring == null ? new Object[places] : Arrays.copyOf(ring, places);
        }
        return rings[group];
    }

    Object read(Vector from, int row) {
        if (from.isNull(row)) {
            return null;
        }
        return switch (from) {
            case BytesVector v -> v.get(row);
            case DecimalVector v -> Int128.toBigInteger(v.high()[row], v.low()[row]);
            default -> throw new IllegalArgumentException("not boxed: " + from.storage());
        };
    }

    void write(Object value, Vector into, int row) {
        switch (value) {
            case null -> into.setNull(row);
            case byte[] bytes -> ((BytesVector) into).append(row, bytes);
            default -> {
                BigInteger number = (BigInteger) value;
                ((DecimalVector) into).set(row, number.shiftRight(64).longValue(), number.longValue());
            }
        }
    }

    int compare(Object left, Object right) {
        return storage == Storage.BYTES ? Arrays.compareUnsigned((byte[]) left, (byte[]) right)
                : ((BigInteger) left).compareTo((BigInteger) right);
    }

    void forget(int group) {
        ringBytes -= rings[group] == null ? 0 : rings[group].length * (long) OBJECT_BYTES;
        rings[group] = null;
    }

    long bytes() {
        return rings.length * 8L + ringBytes;
    }

    void save(StateWriter out, GroupSet groups) {
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            for (int place = 0; place < frame.placesUsed(group); place++) {
                save(rings[group][place], out);
            }
        }
    }

    void save(Object value, StateWriter out) {
        out.writeBoolean(value != null);
        if (value != null) {
            byte[] bytes = value instanceof byte[] text ? text : ((BigInteger) value).toByteArray();
            out.writeInt(bytes.length);
            out.writeBytes(bytes, 0, bytes.length);
        }
    }

    void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        for (int i = 0; i < groups.count(); i++) {
            int group = groups.id(i);
            for (int place = 0; place < frame.placesUsed(group); place++) {
                ring(group, place)[place] = restoreValue(in);
            }
        }
    }

    Object restoreValue(StateReader in) {
        if (!in.readBoolean()) {
            return null;
        }
        byte[] bytes = new byte[in.readInt()];
        in.readBytes(bytes, 0, bytes.length);
        return storage == Storage.BYTES ? bytes : new BigInteger(bytes);
    }
}
