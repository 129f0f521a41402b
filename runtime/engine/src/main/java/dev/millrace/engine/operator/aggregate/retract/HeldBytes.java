// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate.retract;

/** Counts the bytes that the tallies of one operator hold, so that nobody has to walk over them. */
public final class HeldBytes {
    private long bytes;

    void add(long more) {
        bytes += more;
    }

    /** Bytes held now, estimated. */
    public long bytes() {
        return bytes;
    }
}
