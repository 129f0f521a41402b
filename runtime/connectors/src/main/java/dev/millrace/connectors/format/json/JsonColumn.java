// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

import dev.millrace.connectors.format.value.ValueParser;
import dev.millrace.connectors.format.value.ValueParsers;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;

/** A column that is decoded, with the arrays of the batch being filled at hand. */
final class JsonColumn {
    /** How the scanner reads the values of a column. */
    enum Reading {
        TEXT,
        INTEGER,
        DECIMAL,
        DOUBLE,
        BOOLEAN,
        TIMESTAMP,
        /** By the column's parser, from strings and numbers. */
        PARSED,
        /** By the column's parser, from strings only. */
        BINARY
    }

    final Column column;
    final Reading reading;
    final ValueParser parser;
    final boolean isNullable;
    final long min;
    final long max;
    final int precision;
    final int scale;
    Vector vector;
    BytesVector bytes;
    long[] longs;
    double[] doubles;

    /** The number of the record that last set the column. */
    long record;

    JsonColumn(Column column, JsonSettings settings) {
        SqlType type = column.type();
        this.column = column;
        isNullable = type.nullable();
        parser = ValueParsers.of(type, settings.timestampForm());
        precision = type.precision();
        scale = type.scale();
        reading = switch (type.kind()) {
            case CHAR, VARCHAR -> Reading.TEXT;
            case BINARY, VARBINARY -> Reading.BINARY;
            case TINYINT, SMALLINT, INTEGER, BIGINT -> Reading.INTEGER;
            case DOUBLE -> Reading.DOUBLE;
            case BOOLEAN -> Reading.BOOLEAN;
            case TIMESTAMP, TIMESTAMP_LTZ -> Reading.TIMESTAMP;
            case DECIMAL -> type.storage() == Storage.LONG ? Reading.DECIMAL : Reading.PARSED;
            default -> Reading.PARSED;
        };
        int bits = switch (type.kind()) {
            case TINYINT -> Byte.SIZE;
            case SMALLINT -> Short.SIZE;
            case INTEGER -> Integer.SIZE;
            default -> Long.SIZE;
        };
        min = Long.MIN_VALUE >> Long.SIZE - bits;
        max = Long.MAX_VALUE >> Long.SIZE - bits;
    }

    /** Takes the vector of the next batch. */
    void bind(Vector into) {
        vector = into;
        bytes = into instanceof BytesVector v ? v : null;
        longs = into instanceof LongVector v ? v.values() : null;
        doubles = into instanceof DoubleVector v ? v.values() : null;
    }
}
