// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.cluster.status.JobProgress;

/**
 * What one partition has done. All but the last are part of its checkpoint.
 *
 * @param rowsRead rows taken from the inputs
 * @param rowsWritten rows that left to the target
 * @param badRecords records and rows that went to the dead letters
 * @param lateRows rows that were late and left out
 * @param rowsOfClosedWindows rows that were not late by their own split, whose window was closed here all the same
 * @param forgottenRows rows that were to be taken back from groups that had expired
 * @param stateBytes memory of the state
 */
public record Counters(long rowsRead, long rowsWritten, long badRecords, long lateRows, long rowsOfClosedWindows,
        long forgottenRows, long stateBytes) {
    public static final Counters NONE = new Counters(0, 0, 0, 0, 0, 0, 0);

    public Counters plus(Counters other) {
        return new Counters(
                rowsRead + other.rowsRead,
                rowsWritten + other.rowsWritten,
                badRecords + other.badRecords,
                lateRows + other.lateRows,
                rowsOfClosedWindows + other.rowsOfClosedWindows,
                forgottenRows + other.forgottenRows,
                stateBytes + other.stateBytes);
    }

    public JobProgress toProgress() {
        return new JobProgress(
                rowsRead, rowsWritten, badRecords, lateRows, rowsOfClosedWindows, forgottenRows, stateBytes);
    }
}
