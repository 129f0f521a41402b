// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

/**
 * Who releases epochs to a target: all durable names in it are made of this.
 *
 * @param job the unique id of the job, never used again after it
 * @param generation counts the restores and rescales of the job
 * @param stage number of the stage
 * @param partition number of the partition in the stage
 * @param incarnation number of this start of the partition; a higher one fences a lower one
 */
public record EpochOwner(String job, long generation, int stage, int partition, long incarnation) {
    /** The incarnation of who clears up behind a partition that is gone for ever: higher than any other. */
    public static final long LAST = 999_999_999_999_999_999L;

    /** The part of durable names that stays the same from one start of the partition to the next. */
    public String name() {
        return job + "-" + generation + "-" + stage + "-" + partition;
    }
}
