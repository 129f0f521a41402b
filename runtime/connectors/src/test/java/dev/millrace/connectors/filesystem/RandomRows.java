// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.math.BigInteger;
import java.util.Random;

/** Makes rows of all types that text can hold, with values that text formats get wrong easily. */
final class RandomRows {
    static final Schema ALL_TYPES = Schema.of(
            new Column("flag", SqlType.BOOLEAN),
            new Column("tiny", SqlType.TINYINT),
            new Column("n", SqlType.BIGINT),
            new Column("f", SqlType.FLOAT),
            new Column("d", SqlType.DOUBLE),
            new Column("price", SqlType.decimal(10, 2)),
            new Column("large", SqlType.decimal(38, 10)),
            new Column("s", SqlType.STRING),
            new Column("c", new SqlType(TypeKind.CHAR, 3, 0, true)),
            new Column("b", SqlType.BYTES),
            new Column("day", SqlType.DATE),
            new Column("clock", SqlType.time(3)),
            new Column("ts", SqlType.timestamp(3)),
            new Column("ts9", SqlType.timestamp(9)),
            new Column("ltz", SqlType.timestampLtz(6)));

    private static final String[] TEXTS = {
        "", " ", "NULL", "\"", "\"\"", ",", "a,b", "line\nend", "\r\n", "\r", "#no comment", "\uFEFFmark", "ü😀",
        "\\", "\\n", "'", "null", "\u0001", "\t", "s", "{\"a\":1}", "10:30", "-7"
    };
    private static final long YEAR_9999_SECONDS = 253_402_300_799L;
    private static final int SECONDS_PER_DAY = 86_400;

    private final Random random;

    RandomRows(long seed) {
        random = new Random(seed);
    }

    Batch batch(Schema schema, int rows) {
        Vector[] columns = new Vector[schema.size()];
        for (int i = 0; i < columns.length; i++) {
            SqlType type = schema.type(i);
            columns[i] = Vector.create(type.storage(), rows);
            for (int r = 0; r < rows; r++) {
                if (type.nullable() && random.nextInt(6) == 0) {
                    columns[i].setNull(r);
                } else {
                    set(type, columns[i], r);
                }
            }
        }
        return Batch.of(columns, rows);
    }

    private void set(SqlType type, Vector vector, int row) {
        switch (type.kind()) {
            case BOOLEAN -> ((BooleanVector) vector).set(row, random.nextBoolean());
            case TINYINT -> ((LongVector) vector).set(row, (byte) random.nextInt());
            case SMALLINT -> ((LongVector) vector).set(row, (short) random.nextInt());
            case INTEGER -> ((LongVector) vector).set(row, random.nextInt());
            case BIGINT -> ((LongVector) vector).set(row, random.nextLong() >> random.nextInt(64));
            case FLOAT -> ((DoubleVector) vector).values()[row] = Float.intBitsToFloat(random.nextInt());
            case DOUBLE -> ((DoubleVector) vector).values()[row] = Double.longBitsToDouble(random.nextLong());
            case DECIMAL -> setDecimal(type, vector, row);
            case CHAR, VARCHAR -> ((BytesVector) vector).append(row, TEXTS[random.nextInt(TEXTS.length)]);
            case BINARY, VARBINARY -> {
                byte[] bytes = new byte[random.nextInt(5) + 1];
                random.nextBytes(bytes);
                ((BytesVector) vector).append(row, bytes);
            }
            case DATE -> ((LongVector) vector).set(row, seconds() / SECONDS_PER_DAY);
            case TIME -> {
                long value = random.nextLong(SECONDS_PER_DAY * type.unitsPerSecond());
                ((LongVector) vector).set(row, value);
            }
            case TIMESTAMP, TIMESTAMP_LTZ -> {
                long value = seconds() * type.unitsPerSecond() + random.nextLong(type.unitsPerSecond());
                ((LongVector) vector).set(row, value);
            }
            case INTERVAL_MONTH, INTERVAL_MILLIS, NULL -> throw new IllegalArgumentException(type.toString());
        }
    }

    /** Seconds that timestamps of all precisions reach, before 1970 too. */
    private long seconds() {
        return random.nextLong(YEAR_9999_SECONDS / 60) - YEAR_9999_SECONDS / 120;
    }

    private void setDecimal(SqlType type, Vector vector, int row) {
        BigInteger bound = BigInteger.TEN.pow(type.precision());
        BigInteger value = new BigInteger(bound.bitLength() - 1, random);
        value = random.nextBoolean() ? value : value.negate();
        if (vector instanceof LongVector longs) {
            longs.set(row, value.longValueExact());
        } else {
            ((DecimalVector) vector).set(row, value.shiftRight(64).longValueExact(), value.longValue());
        }
    }
}
