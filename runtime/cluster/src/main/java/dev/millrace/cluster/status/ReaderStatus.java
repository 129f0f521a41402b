// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

/**
 * A reader as an operator sees it.
 *
 * @param input its name in the job
 * @param table the table that it reads
 * @param split number of the split
 * @param node host and port of the node that it is on, or null if that is not known
 * @param pace how its partitions let it read
 * @param heldUpMillis for how long they have kept it from reading since it started
 */
public record ReaderStatus(String input, String table, int split, String node, ReaderPace pace, long heldUpMillis) {}
