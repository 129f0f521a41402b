// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

import dev.millrace.engine.error.ErrorCode;

/** An expression has no value for a row. It has no stack trace: the row and the reason are all there is to know. */
public final class RowFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN_CHARACTERS_MAX = 60;

    private final ErrorCode code;

    private RowFailure(ErrorCode code, String reason) {
        super(reason, null, false, false);
        this.code = code;
    }

    public static RowFailure overflow(String reason) {
        return new RowFailure(ErrorCode.OVERFLOW, reason);
    }

    /** A value that does not fit its type. */
    public static RowFailure outOfRange(Object value, String type) {
        return overflow(value + " is out of the range of " + type);
    }

    public static RowFailure divisionByZero(Object dividend) {
        return new RowFailure(ErrorCode.DIVISION_BY_ZERO, "division of " + dividend + " by zero");
    }

    public static RowFailure cast(String reason) {
        return new RowFailure(ErrorCode.CAST_FAILED, reason);
    }

    /** A text that does not have the form of a type. */
    public static RowFailure notA(String type, byte[] data, int start, int length) {
        return cast(quoted(data, start, length) + " is not a valid " + type);
    }

    public static RowFailure function(String reason) {
        return new RowFailure(ErrorCode.FUNCTION_FAILED, reason);
    }

    /** A text as it is shown in a reason: quoted, and cut where it is long. */
    public static String quoted(byte[] data, int start, int length) {
        String text = Utf8.string(data, start, Math.min(length, SHOWN_CHARACTERS_MAX * 4));
        if (text.codePointCount(0, text.length()) > SHOWN_CHARACTERS_MAX) {
            text = text.substring(0, text.offsetByCodePoints(0, SHOWN_CHARACTERS_MAX)) + "…";
        }
        return "'" + text + "'";
    }

    public ErrorCode code() {
        return code;
    }
}
