// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.expression.Expression;
import java.util.Arrays;
import java.util.Locale;

/** The units of time functions: of months, or of nanoseconds; those with neither are parts only. */
enum TimeUnit {
    YEAR(12, 0),
    QUARTER(3, 0),
    MONTH(1, 0),
    WEEK(0, 604_800_000_000_000L),
    DAY(0, 86_400_000_000_000L),
    HOUR(0, 3_600_000_000_000L),
    MINUTE(0, 60_000_000_000L),
    SECOND(0, 1_000_000_000L),
    MILLISECOND(0, 1_000_000L),
    MICROSECOND(0, 1_000L),
    NANOSECOND(0, 1L),
    DOW(0, 0),
    ISODOW(0, 0),
    DOY(0, 0),
    ISOYEAR(0, 0),
    EPOCH(0, 0);

    private final long months;
    private final long nanos;

    TimeUnit(long months, long nanos) {
        this.months = months;
        this.nanos = nanos;
    }

    /** Months of the unit, or 0 if it is not made of months. */
    long months() {
        return months;
    }

    /** Digits of the fraction of a second that a time needs to be a multiple of the unit. */
    int digits() {
        return nanos == 0 || nanos >= 1_000_000L ? 3 : nanos == 1_000L ? 6 : 9;
    }

    /** The unit in units of which so many make a second; 0 if it is finer than these, or has no fixed length. */
    long length(long perSecond) {
        return nanos / (1_000_000_000L / perSecond);
    }

    /** The unit that a string literal names. */
    static TimeUnit of(Expression literal) {
        if (!StringEmitter.isText(literal)) {
            throw new IllegalArgumentException("a time unit is a literal, not " + literal);
        }
        String name = StringEmitter.text(literal);
        String word = name.toUpperCase(Locale.ROOT);
        for (TimeUnit unit : values()) {
            if (unit.name().equals(word) || (unit.name() + "S").equals(word)) {
                return unit;
            }
        }
        throw new MillraceException(
                ErrorCode.NOT_SUPPORTED,
                "there is no time unit " + name,
                NearestName.hint(word, Arrays.stream(values()).map(Enum::name).toList(), "units"));
    }
}
