// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.RowKind;
import java.util.Arrays;
import java.util.List;

/**
 * A row in boxed form: Long, Double, BigInteger (128 bits), Boolean, String or null per column.
 *
 * @param kind what it does
 * @param values its columns
 */
record TestRow(RowKind kind, List<Object> values) {
    private static final double TOLERANCE = 1e-9;

    static TestRow of(RowKind kind, Object... values) {
        return new TestRow(kind, Arrays.asList(values));
    }

    static TestRow insert(Object... values) {
        return of(RowKind.INSERT, values);
    }

    /** Equal, doubles up to rounding. */
    boolean matches(TestRow other) {
        if (kind != other.kind || values.size() != other.values.size()) {
            return false;
        }
        for (int i = 0; i < values.size(); i++) {
            if (!matches(values.get(i), other.values.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(Object a, Object b) {
        if (a instanceof Double x && b instanceof Double y && Double.isFinite(x) && Double.isFinite(y)) {
            return Math.abs(x - y) <= TOLERANCE * Math.max(1, Math.max(Math.abs(x), Math.abs(y)));
        }
        return a == null ? b == null : a.equals(b);
    }

    @Override
    public String toString() {
        return kind.symbol() + values;
    }
}
