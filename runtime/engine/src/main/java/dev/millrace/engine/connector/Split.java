// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

/**
 * One part of a source with an order of its own, resolved once and stored with the job.
 *
 * @param index number of the split in its source, from 0
 * @param description what the connector needs to open it again (a list of files, a topic partition), as text
 * @param start the first position
 * @param end the position behind the last, or {@link #UNBOUNDED}
 */
public record Split(int index, String description, long start, long end) {
    public static final long UNBOUNDED = Long.MAX_VALUE;
}
