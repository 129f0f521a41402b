// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.SqlType;

/** Times of day. */
final class TimeParser implements ValueParser {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final DateTimeScanner scanner = new DateTimeScanner();
    private final long unitsPerSecond;
    private final long nanosKept;

    TimeParser(SqlType type) {
        unitsPerSecond = type.unitsPerSecond();
        nanosKept = PowersOfTen.asLong(9 - type.precision());
    }

    @Override
    public boolean parse(byte[] data, int from, int to, Vector vector, int row) {
        scanner.start(data, from, to);
        long seconds = scanner.clock();
        long nanos = scanner.nanos();
        if (seconds < 0 || nanos < 0 || !scanner.isAtEnd()) {
            return false;
        }
        nanos -= nanos % nanosKept;
        ((LongVector) vector).set(row, seconds * unitsPerSecond + nanos / (NANOS_PER_SECOND / unitsPerSecond));
        return true;
    }
}
