// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.Vector;

/** 64-bit floating-point numbers. */
final class DoubleParser implements ValueParser {
    private static final long EXACT_MAX = 1L << 53;

    private final NumberText number = new NumberText();

    @Override
    public boolean parse(byte[] data, int from, int to, Vector vector, int row) {
        double value;
        if (number.read(data, from, to)) {
            value = value(data, from, to);
            if (Double.isInfinite(value)) {
                return false;
            }
        } else {
            String text = NumberText.toText(data, from, to);
            switch (text) {
                case "NaN" -> value = Double.NaN;
                case "Infinity", "+Infinity" -> value = Double.POSITIVE_INFINITY;
                case "-Infinity" -> value = Double.NEGATIVE_INFINITY;
                default -> {
                    return false;
                }
            }
        }
        ((DoubleVector) vector).set(row, value);
        return true;
    }

    private double value(byte[] data, int from, int to) {
        int scale = number.scale();
        if (number.isExact() && number.digits() <= EXACT_MAX && Math.abs(scale) <= PowersOfTen.DOUBLE_MAX) {
            // Digits and power are exact, so the one operation rounds correctly.
            double value = scale >= 0
                    ? number.digits() / PowersOfTen.asDouble(scale)
                    : number.digits() * PowersOfTen.asDouble(-scale);
            return number.isNegative() ? -value : value;
        }
        return Double.parseDouble(NumberText.toText(data, from, to));
    }
}
