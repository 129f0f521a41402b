// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.List;

/** The rows of one frame, handed over by reference as within a node: whoever looks at them after release is wrong. */
final class Rows {
    private final List<Row> rows;
    private boolean released;

    /**
     * One row of a split.
     *
     * @param before before(r) as it was shipped, {@link SplitWatermark#NOT_BEFORE} if it wasn't
     */
    record Row(int split, long position, int key, long time, long before) {

        /** Unique over all splits. */
        long id() {
            return (long) split << 40 | position;
        }
    }

    Rows(List<Row> rows) {
        this.rows = rows;
    }

    List<Row> get() {
        if (released) {
            throw new ProtocolViolation("rows are looked at after their release");
        }
        return rows;
    }

    void release() {
        if (released) {
            throw new ProtocolViolation("rows are released twice");
        }
        released = true;
    }
}
