// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.ByteSlice;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.expression.function.TimeText;
import dev.millrace.engine.type.SqlType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Values as people read them in messages: as SQL writes them, long ones shortened. */
final class ValueText {
    private static final int CHARACTERS_MAX = 200;

    private ValueText() {}

    static void append(SqlType type, Vector vector, int row, StringBuilder to) {
        if (vector.isNull(row)) {
            to.append("NULL");
            return;
        }
        switch (vector) {
            case LongVector v -> to.append(text(type, v.get(row)));
            case DoubleVector v -> to.append(v.get(row));
            case BooleanVector v -> to.append(v.get(row));
            case DecimalVector v -> to.append(
                    new BigDecimal(Int128.toBigInteger(v.high()[row], v.low()[row]), type.scale()).toPlainString());
            case BytesVector v -> {
                String text = type.kind().isCharacter() ? v.getString(row) : HexFormat.of().formatHex(v.get(row));
                boolean fits = text.length() <= CHARACTERS_MAX;
                to.append(type.kind().isCharacter() ? "'" : "X'")
                        .append(fits ? text : text.substring(0, CHARACTERS_MAX) + "…")
                        .append('\'');
            }
        }
    }

    private static String text(SqlType type, long value) {
        ByteSlice text = new ByteSlice();
        switch (type.kind()) {
            case DECIMAL -> {
                return BigDecimal.valueOf(value, type.scale()).toPlainString();
            }
            case DATE -> TimeText.date(value, text);
            case TIME -> TimeText.time(value, type.unitsPerSecond(), type.precision(), text);
            case TIMESTAMP, TIMESTAMP_LTZ -> TimeText.timestamp(
                    value, type.unitsPerSecond(), type.precision(), text);
            default -> {
                return Long.toString(value);
            }
        }
        return new String(text.data(), text.start(), text.length(), StandardCharsets.US_ASCII);
    }
}
