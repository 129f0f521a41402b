// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.SqlType;

/** Timestamps, as text or as milliseconds since 1970. */
final class TimestampParser implements ValueParser {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final int SECONDS_PER_DAY = 86_400;
    private static final int DIGITS_MAX = 18;

    private final DateTimeScanner scanner = new DateTimeScanner();
    private final TimestampForm form;
    private final long unitsPerSecond;
    private final long nanosKept;

    TimestampParser(SqlType type, TimestampForm form) {
        this.form = form;
        unitsPerSecond = type.unitsPerSecond();
        nanosKept = PowersOfTen.asLong(9 - type.precision());
    }

    @Override
    public boolean parse(byte[] data, int from, int to, Vector vector, int row) {
        LongVector into = (LongVector) vector;
        return isWholeNumber(data, from, to)
                ? parseMillis(data, from, to, into, row)
                : parseText(data, from, to, into, row);
    }

    private static boolean isWholeNumber(byte[] data, int from, int to) {
        int digits = 0;
        for (int i = data[from] == '-' ? from + 1 : from; i < to; i++) {
            if (data[i] < '0' || data[i] > '9') {
                return false;
            }
            digits++;
        }
        return digits > 0 && digits <= DIGITS_MAX;
    }

    private boolean parseMillis(byte[] data, int from, int to, LongVector into, int row) {
        boolean isNegative = data[from] == '-';
        long millis = 0;
        for (int i = isNegative ? from + 1 : from; i < to; i++) {
            millis = millis * 10 + data[i] - '0';
        }
        millis = isNegative ? -millis : millis;
        return set(Math.floorDiv(millis, 1000L), Math.floorMod(millis, 1000) * 1_000_000L, into, row);
    }

    private boolean parseText(byte[] data, int from, int to, LongVector into, int row) {
        scanner.start(data, from, to);
        long days = scanner.date();
        if (days == Long.MIN_VALUE) {
            return false;
        }
        if (scanner.isAtEnd()) {
            return set(days * SECONDS_PER_DAY, 0, into, row);
        }
        boolean isSql = scanner.peek() == ' ';
        if (!isSql && scanner.peek() != 'T' && scanner.peek() != 't'
                || isSql && form == TimestampForm.ISO
                || !isSql && form == TimestampForm.SQL) {
            return false;
        }
        scanner.skip();
        int clock = scanner.clock();
        int nanos = scanner.nanos();
        int offset = scanner.offset();
        if (clock < 0 || nanos < 0 || offset == Integer.MIN_VALUE || !scanner.isAtEnd()) {
            return false;
        }
        return set(days * SECONDS_PER_DAY + clock - offset, nanos, into, row);
    }

    /** Returns false if the unit of the type can't reach so far. */
    private boolean set(long seconds, long nanos, LongVector into, int row) {
        if (Math.abs(seconds) > Long.MAX_VALUE / unitsPerSecond - 1) {
            return false;
        }
        long kept = nanos - nanos % nanosKept;
        into.set(row, seconds * unitsPerSecond + kept / (NANOS_PER_SECOND / unitsPerSecond));
        return true;
    }
}
