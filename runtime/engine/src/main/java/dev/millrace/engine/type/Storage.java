// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.type;

/** How the values of a type lie in a vector. */
public enum Storage {
    /** 64-bit integers: all integers, dates, times, timestamps, intervals, decimals of up to 18 digits (scaled). */
    LONG,
    /** 64-bit floating point: FLOAT (already rounded to 32 bits) and DOUBLE. */
    DOUBLE,
    /** 128-bit two's complement integers: decimals of 19 to 38 digits (scaled). */
    DECIMAL128,
    BOOLEAN,
    /** Byte strings; character types are UTF-8. */
    BYTES
}
