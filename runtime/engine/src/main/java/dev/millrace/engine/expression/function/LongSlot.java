// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.function;

/** Holds the result of a function that gives a 64-bit value or NULL. */
public final class LongSlot {
    private long value;

    public long value() {
        return value;
    }

    public void set(long newValue) {
        value = newValue;
    }
}
