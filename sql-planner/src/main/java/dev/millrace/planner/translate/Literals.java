// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.type.TypeKind;
import dev.millrace.planner.validate.Types;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.TimeString;
import org.apache.calcite.util.TimestampString;

/** Constants of the algebra as constants of the engine. */
final class Literals {
    private static final int NANO_DIGITS = 9;

    private Literals() {}

    static Literal of(RexLiteral literal) {
        SqlType type = Types.ofExpression(literal.getType());
        if (literal.isNull()) {
            return Literal.nullOf(type);
        }
        SqlType notNull = type.withNullable(false);
        Object value = switch (type.kind()) {
            case BOOLEAN -> RexLiteral.booleanValue(literal);
            case TINYINT, SMALLINT, INTEGER, BIGINT -> literal.getValueAs(BigDecimal.class).longValueExact();
            case FLOAT, DOUBLE -> literal.getValueAs(Double.class);
            case DECIMAL -> decimal(literal.getValueAs(BigDecimal.class), type);
            case CHAR, VARCHAR -> literal.getValueAs(NlsString.class).getValue();
            case BINARY, VARBINARY -> literal.getValueAs(ByteString.class).getBytes();
            case DATE -> (long) literal.getValueAs(DateString.class).getDaysSinceEpoch();
            case TIME -> time(literal.getValueAs(TimeString.class), type);
            case TIMESTAMP, TIMESTAMP_LTZ -> timestamp(literal.getValueAs(TimestampString.class), type);
            case INTERVAL_MONTH, INTERVAL_MILLIS -> literal.getValueAs(BigDecimal.class).longValue();
            case NULL -> null;
        };
        return new Literal(value, notNull);
    }

    /** A time or a date from its plain form, or null if the text or the type is another. */
    static Literal parse(String text, SqlType type) {
        String trimmed = text.strip();
        boolean date = trimmed.matches("\\d{4}-\\d{2}-\\d{2}");
        boolean timestamp = trimmed.matches("\\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?");
        try {
            if (type.kind() == TypeKind.DATE && date) {
                return new Literal((long) new DateString(trimmed).getDaysSinceEpoch(), type);
            }
            if (type.kind() == TypeKind.TIMESTAMP && (timestamp || date)) {
                String full = date ? trimmed + " 00:00:00" : trimmed;
                return new Literal(units(new TimestampString(withoutZeros(full)).getMillisSinceEpoch(), full, type),
                        type);
            }
        } catch (IllegalArgumentException e) {
            // No such day: the cast will say so where it is computed.
            return null;
        }
        return null;
    }

    /** Calcite wants fractions without zeros at their end. */
    private static String withoutZeros(String timestamp) {
        return timestamp.contains(".") ? timestamp.replaceFirst("\\.?0+$", "") : timestamp;
    }

    private static Object decimal(BigDecimal value, SqlType type) {
        BigInteger unscaled = value.setScale(type.scale(), RoundingMode.HALF_UP).unscaledValue();
        return type.storage() == Storage.LONG ? (Object) unscaled.longValueExact() : unscaled;
    }

    private static long timestamp(TimestampString value, SqlType type) {
        return units(value.getMillisSinceEpoch(), value.toString(), type);
    }

    private static long time(TimeString value, SqlType type) {
        return units(value.getMillisOfDay(), value.toString(), type);
    }

    /** Calcite counts milliseconds; what is finer stands only in the text. */
    private static long units(long millis, String text, SqlType type) {
        int point = text.indexOf('.');
        String fraction = point < 0 ? "" : text.substring(point + 1);
        String nanos = (fraction + "0".repeat(NANO_DIGITS)).substring(0, NANO_DIGITS);
        long belowMilli = Long.parseLong(nanos) % 1_000_000L;
        long unitsPerMilli = type.unitsPerSecond() / 1000;
        return millis * unitsPerMilli + belowMilli * unitsPerMilli / 1_000_000L;
    }
}
