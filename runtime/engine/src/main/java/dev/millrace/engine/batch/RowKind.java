// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.batch;

/** What a row does to the result it belongs to. The code is what stands in a batch's kind column. */
public enum RowKind {
    INSERT("+I"),
    /** The row as it was before an update. */
    UPDATE_BEFORE("-U"),
    /** The row as it is after an update. */
    UPDATE_AFTER("+U"),
    DELETE("-D");

    private static final RowKind[] VALUES = values();

    private final String symbol;

    RowKind(String symbol) {
        this.symbol = symbol;
    }

    public byte code() {
        return (byte) ordinal();
    }

    public String symbol() {
        return symbol;
    }

    /** Whether the row leaves the result instead of entering it. */
    public boolean takesBack() {
        return this == UPDATE_BEFORE || this == DELETE;
    }

    public static RowKind of(byte code) {
        return VALUES[code];
    }
}
