// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

import dev.millrace.engine.type.Storage;
import java.util.Arrays;

/**
 * The values of one column of a batch, in primitive arrays indexed by row, with a mask of the rows that are NULL.
 *
 * <p>What the value arrays hold at a NULL row is unspecified but readable. Vectors are reused: whoever keeps a value
 * beyond the batch copies it.
 */
public abstract sealed class Vector permits LongVector, DoubleVector, DecimalVector, BooleanVector, BytesVector {
    private boolean[] nulls;
    private boolean hasNulls;

    /** A vector for values of this storage with room for this many rows. */
    public static Vector create(Storage storage, int capacity) {
        return switch (storage) {
            case LONG -> new LongVector(capacity);
            case DOUBLE -> new DoubleVector(capacity);
            case DECIMAL128 -> new DecimalVector(capacity);
            case BOOLEAN -> new BooleanVector(capacity);
            case BYTES -> new BytesVector(capacity);
        };
    }

    public abstract Storage storage();

    /** Rows that fit without growing. */
    public abstract int capacity();

    /** Grows so that rows 0 to {@code rows - 1} can be set; keeps what is there. */
    public abstract void ensureCapacity(int rows);

    /** Bytes of memory held, for accounting. */
    public abstract long bytes();

    /** Sets a row to the value, or the NULL, of a row of a vector of the same storage. */
    public final void copyFrom(int row, Vector from, int fromRow) {
        if (from.isNull(fromRow)) {
            setNull(row);
        } else {
            copyValue(row, from, fromRow);
        }
    }

    /** Whether two rows hold the same value, or both are NULL; all NaNs are the same, the two zeros are not. */
    public final boolean isSame(int row, int other) {
        return isNull(row) || isNull(other) ? isNull(row) == isNull(other) : isSameValue(row, other);
    }

    abstract boolean isSameValue(int row, int other);

    abstract void copyValue(int row, Vector from, int fromRow);

    abstract void resetValues();

    /** The mask of NULL rows, or null when no row is NULL. The array may be longer than the batch. */
    public final boolean[] nulls() {
        return hasNulls ? nulls : null;
    }

    public final boolean isNull(int row) {
        return hasNulls && row < nulls.length && nulls[row];
    }

    public final void setNull(int row) {
        nullMask(row + 1)[row] = true;
    }

    /** Makes the row not NULL, whatever it was. */
    public final void clearNull(int row) {
        if (hasNulls && row < nulls.length) {
            nulls[row] = false;
        }
    }

    /**
     * The mask of NULL rows for writing, with room for so many rows; from now on {@link #nulls()} is not null. For
     * loops that set many rows: get it once.
     */
    public final boolean[] nullMask(int rows) {
        int size = Math.max(rows, capacity());
        if (nulls == null) {
            nulls = new boolean[size];
        } else if (nulls.length < size) {
            nulls = Arrays.copyOf(nulls, size);
        }
        hasNulls = true;
        return nulls;
    }

    /** Forgets all values and NULLs; the arrays stay for the next use. */
    public final void reset() {
        if (hasNulls) {
            Arrays.fill(nulls, false);
            hasNulls = false;
        }
        resetValues();
    }

    final long nullBytes() {
        return nulls == null ? 0 : nulls.length;
    }
}
