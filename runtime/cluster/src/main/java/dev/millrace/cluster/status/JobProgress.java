// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

/**
 * What a job has done so far.
 *
 * @param rowsRead rows that partitions have taken from the sources
 * @param rowsWritten rows that left to the target
 * @param badRecords records and rows that went to the dead letters
 * @param lateRows rows that were late and left out
 * @param rowsOfClosedWindows rows that were not late by their own split, whose window was closed all the same, because
 *     their input was idle or was found at run time; left out, too
 * @param forgottenRows rows that were to be taken back from groups that had expired
 * @param stateBytes memory that the state of all partitions holds
 */
public record JobProgress(long rowsRead, long rowsWritten, long badRecords, long lateRows, long rowsOfClosedWindows,
        long forgottenRows, long stateBytes) {
    public static final JobProgress NONE = new JobProgress(0, 0, 0, 0, 0, 0, 0);
}
