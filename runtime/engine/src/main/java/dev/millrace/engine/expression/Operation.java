// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

/**
 * The operations that expressions are made of. Unless said otherwise an operation is NULL if an operand is NULL.
 *
 * <p>An operation that fails for a row (overflow, division by zero, a value that can't be cast) makes an error of that
 * row; the row goes to the dead letters and the others go on.
 *
 * <p>Operand types: the planner inserts casts, so that the operands of arithmetic, comparison, CASE, COALESCE, GREATEST
 * and LEAST have the same type kind; decimals may differ in precision and scale, and arithmetic on decimals gives the
 * call's type exactly (division rounds half up). Integer arithmetic is checked against the range of the call's type.
 */
public enum Operation {
    // Arithmetic. For time types ADD and SUBTRACT take (timestamp or date or time, interval);
    // timestamp minus timestamp is TIMESTAMP_DIFF.
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MODULO,
    NEGATE,

    // Comparison: BOOLEAN. Strings compare by code point.
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_OR_EQUAL,
    GREATER,
    GREATER_OR_EQUAL,
    /** Never NULL; two NULLs are not distinct. */
    IS_DISTINCT_FROM,
    /** Never NULL; two NULLs are not distinct. */
    IS_NOT_DISTINCT_FROM,

    // Three-valued logic. AND and OR take two operands or more.
    AND,
    OR,
    NOT,
    IS_NULL,
    IS_NOT_NULL,
    IS_TRUE,
    IS_NOT_TRUE,
    IS_FALSE,
    IS_NOT_FALSE,

    /** (condition, value)* else: the first value whose condition is true. Later operands are not evaluated. */
    CASE,
    /** The first operand that is not NULL. */
    COALESCE,
    /** (a, b): NULL where a = b, else a. */
    NULLIF,
    /** Operand to the call's type; fails where the value doesn't fit. */
    CAST,
    /** As CAST, but NULL where that fails. */
    TRY_CAST,
    GREATEST,
    LEAST,

    // Strings. Positions and lengths count characters (code points), from 1.
    UPPER,
    LOWER,
    /** (string, characters): from both ends. */
    TRIM,
    /** (string, characters): from the start. */
    LTRIM,
    /** (string, characters): from the end. */
    RTRIM,
    /** (string, from [, length]). */
    SUBSTRING,
    CHAR_LENGTH,
    OCTET_LENGTH,
    /** Two operands or more; NULL if one is NULL. */
    CONCAT,
    /** (separator, string…): NULL strings are left out. */
    CONCAT_WS,
    /** (string, pattern [, escape]). */
    LIKE,
    /** (needle, string): 0 if not found. INTEGER. */
    POSITION,
    /** (string, search, replacement). */
    REPLACE,
    /** (string, length [, pad]). */
    LPAD,
    /** (string, length [, pad]). */
    RPAD,
    /** (string, length). */
    LEFT,
    /** (string, length). */
    RIGHT,
    STARTS_WITH,
    ENDS_WITH,
    REVERSE,
    INITCAP,
    /** (string, count). */
    REPEAT,
    /** (string, delimiter, index from 0): NULL if there is no such part. */
    SPLIT_INDEX,
    /** (string, regular expression): BOOLEAN, whether a part matches. */
    REGEXP_LIKE,
    /** (string, regular expression, replacement). */
    REGEXP_REPLACE,
    /** (string, regular expression [, group]). */
    REGEXP_EXTRACT,

    // Numbers.
    ABS,
    SIGN,
    FLOOR,
    CEIL,
    /** (number [, digits]): half away from zero. */
    ROUND,
    /** (number [, digits]). */
    TRUNCATE,
    POWER,
    SQRT,
    EXP,
    LN,
    LOG10,

    // Time. Units are names of java.time.temporal.ChronoUnit-like words in a string literal: YEAR, QUARTER, MONTH, WEEK,
    // DAY, HOUR, MINUTE, SECOND, MILLISECOND, and for EXTRACT also DOW, DOY, EPOCH.
    /** (unit, date or timestamp or time): BIGINT. */
    EXTRACT,
    /** (unit, date or timestamp): the start of the unit. */
    DATE_TRUNC,
    /** (unit, count, timestamp or date). */
    TIMESTAMP_ADD,
    /** (unit, from, to): whole units between, negative if to is earlier. INTEGER or BIGINT. */
    TIMESTAMP_DIFF,
    /** (timestamp, pattern of java.time.format). */
    DATE_FORMAT,
    /** (string [, pattern]): TIMESTAMP(3); NULL where the string has another form. */
    TO_TIMESTAMP,
    /** (string [, pattern]): DATE; NULL where the string has another form. */
    TO_DATE,
    /** (epoch seconds [, pattern]): STRING. */
    FROM_UNIXTIME,
    /** (string [, pattern] or timestamp): epoch seconds, BIGINT. */
    UNIX_TIMESTAMP
}
