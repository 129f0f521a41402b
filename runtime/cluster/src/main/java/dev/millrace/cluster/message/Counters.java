// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.cluster.JobProgress;

/**
 * What one partition has done. The first four are part of its checkpoint.
 *
 * @param rowsRead rows taken from the inputs
 * @param rowsWritten rows that left to the target
 * @param badRecords records and rows that went to the dead letters
 * @param lateRows rows that were late and left out
 * @param stateBytes memory of the state
 */
public record Counters(long rowsRead, long rowsWritten, long badRecords, long lateRows, long stateBytes) {
    public static final Counters NONE = new Counters(0, 0, 0, 0, 0);

    public Counters plus(Counters other) {
        return new Counters(
                rowsRead + other.rowsRead,
                rowsWritten + other.rowsWritten,
                badRecords + other.badRecords,
                lateRows + other.lateRows,
                stateBytes + other.stateBytes);
    }

    public JobProgress toProgress() {
        return new JobProgress(rowsRead, rowsWritten, badRecords, lateRows, stateBytes);
    }
}
