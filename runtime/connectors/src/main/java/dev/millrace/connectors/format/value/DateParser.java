// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;

/** Dates. */
final class DateParser implements ValueParser {
    private final DateTimeScanner scanner = new DateTimeScanner();

    @Override
    public boolean parse(byte[] data, int from, int to, Vector vector, int row) {
        scanner.start(data, from, to);
        long days = scanner.date();
        ((LongVector) vector).set(row, days);
        return days != Long.MIN_VALUE && scanner.isAtEnd();
    }
}
