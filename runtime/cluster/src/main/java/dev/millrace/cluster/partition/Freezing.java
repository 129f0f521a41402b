// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

/**
 * How far a partition is with its part of a savepoint.
 *
 * @param savepoint unique id of the savepoint
 * @param copied whether the state is copied
 * @param stored whether the copy is durable
 * @param bytes the size of the copy
 */
record Freezing(String savepoint, boolean copied, boolean stored, long bytes) {
    /** There has been none. */
    static final Freezing NONE = new Freezing("", false, false, 0);
}
