// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * A row of the result, made of one row of the input.
 *
 * @param count how many rows of its key there were up to it: right only if the state is
 */
record SimulatedRow(int split, long position, int key, int count) {
    static final long BYTES = 10;
}
