// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.Vector;

/** 32-bit floating-point numbers, rounded once. */
final class FloatParser implements ValueParser {
    private final NumberText number = new NumberText();
    private final DoubleParser special = new DoubleParser();

    @Override
    public boolean parse(byte[] data, int from, int to, Vector vector, int row) {
        if (!number.read(data, from, to)) {
            return special.parse(data, from, to, vector, row);
        }
        float value = Float.parseFloat(NumberText.toText(data, from, to));
        ((DoubleVector) vector).set(row, value);
        return !Float.isInfinite(value);
    }
}
