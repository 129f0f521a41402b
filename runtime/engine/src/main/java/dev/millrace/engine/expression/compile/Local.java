// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.type.Storage;

/** Local variables that hold a value: one, or several from this slot on. */
record Local(Storage storage, int slot) {
    /** The number of slots that a value takes: bytes are data, start and length; a wide decimal is high and low. */
    static int slots(Storage storage) {
        return switch (storage) {
            case BOOLEAN -> 1;
            case LONG, DOUBLE -> 2;
            case BYTES -> 3;
            case DECIMAL128 -> 4;
        };
    }
}
