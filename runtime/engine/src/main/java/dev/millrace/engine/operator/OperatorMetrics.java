// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;

/** What the operators of one partition count. Part of the partition's state; touched by its thread only. */
public final class OperatorMetrics {
    private long lateRows;
    private long rowsOfClosedWindows;
    private long forgottenRows;

    public void addLateRows(long rows) {
        lateRows += rows;
    }

    /** Rows that were late for their window and left out. */
    public long lateRows() {
        return lateRows;
    }

    public void addRowsOfClosedWindows(long rows) {
        rowsOfClosedWindows += rows;
    }

    /**
     * Rows that were not late by the watermark of their own split, but whose window was closed and which were left out:
     * their input was declared idle or was discovered at run time.
     */
    public long rowsOfClosedWindows() {
        return rowsOfClosedWindows;
    }

    public void addForgottenRows(long rows) {
        forgottenRows += rows;
    }

    /** Rows that were to be taken back, and whose group was forgotten or begun anew since they had come. */
    public long forgottenRows() {
        return forgottenRows;
    }

    /** Counts on from what others have counted. */
    void add(OperatorMetrics others) {
        lateRows += others.lateRows;
        rowsOfClosedWindows += others.rowsOfClosedWindows;
        forgottenRows += others.forgottenRows;
    }

    void save(StateWriter out) {
        out.writeLong(lateRows);
        out.writeLong(rowsOfClosedWindows);
        out.writeLong(forgottenRows);
    }

    void restore(StateReader in) {
        lateRows = in.readLong();
        rowsOfClosedWindows = in.readLong();
        forgottenRows = in.readLong();
    }
}
