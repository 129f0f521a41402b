// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.text;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Base64;

/** Writes single values as bare text, without quotes or escapes. */
public final class ValueText {
    private static final long DOUBLE_PLAIN_MAX = 10_000_000;
    private static final long[] POWERS_OF_TEN = powersOfTen();

    private ValueText() {}

    /** Appends the value of a row that is not NULL. */
    public static void append(SqlType type, Vector vector, int row, TextBuffer out) {
        switch (type.kind()) {
            case BOOLEAN, NULL -> out.append(((BooleanVector) vector).get(row) ? "true" : "false");
            case TINYINT, SMALLINT, INTEGER, BIGINT -> out.append(((LongVector) vector).get(row));
            case FLOAT -> out.append(Float.toString((float) ((DoubleVector) vector).get(row)));
            case DOUBLE -> appendDouble(((DoubleVector) vector).get(row), out);
            case DECIMAL -> appendDecimal(type, vector, row, out);
            case CHAR, VARCHAR -> {
                BytesVector bytes = (BytesVector) vector;
                out.append(bytes.data(), bytes.starts()[row], bytes.lengths()[row]);
            }
            case BINARY, VARBINARY -> out.append(Base64.getEncoder().encode(((BytesVector) vector).get(row)));
            case DATE -> DateTimeText.appendDate(((LongVector) vector).get(row), out);
            case TIME -> DateTimeText.appendTime(((LongVector) vector).get(row), type, out);
            case TIMESTAMP, TIMESTAMP_LTZ ->
                    DateTimeText.appendTimestamp(((LongVector) vector).get(row), type, ' ', out);
            case INTERVAL_MONTH -> DateTimeText.appendMonths(((LongVector) vector).get(row), out);
            case INTERVAL_MILLIS -> DateTimeText.appendMillis(((LongVector) vector).get(row), out);
        }
    }

    private static void appendDouble(double value, TextBuffer out) {
        long integer = (long) value;
        if (integer == value && Math.abs(value) < DOUBLE_PLAIN_MAX && integer != 0) {
            // What Double.toString gives, without the string.
            out.append(integer);
            out.append('.');
            out.append('0');
        } else {
            out.append(Double.toString(value));
        }
    }

    private static void appendDecimal(SqlType type, Vector vector, int row, TextBuffer out) {
        if (type.storage() == Storage.LONG) {
            appendScaled(((LongVector) vector).get(row), type.scale(), out);
            return;
        }
        DecimalVector decimals = (DecimalVector) vector;
        long high = decimals.high()[row];
        long low = decimals.low()[row];
        if (high == low >> 63 && type.scale() <= SqlType.LONG_DECIMAL_DIGITS) {
            appendScaled(low, type.scale(), out);
        } else {
            BigInteger unscaled = new BigInteger(ByteBuffer.allocate(16).putLong(high).putLong(low).array());
            out.append(new BigDecimal(unscaled, type.scale()).toPlainString());
        }
    }

    private static void appendScaled(long unscaled, int scale, TextBuffer out) {
        if (scale == 0) {
            out.append(unscaled);
            return;
        }
        if (unscaled < 0) {
            out.append('-');
        }
        long power = POWERS_OF_TEN[scale];
        out.append(unscaled / power, 1);
        out.append('.');
        out.append(unscaled % power, scale);
    }

    private static long[] powersOfTen() {
        long[] powers = new long[SqlType.LONG_DECIMAL_DIGITS + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
