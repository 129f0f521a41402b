// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * What a reader sends to a partition.
 *
 * @param <D> rows in whatever form the lane carries them
 */
public sealed interface ToPartition<D> permits Greeting, Delivery, Probe {

    /** Name of the input that it is about. */
    String input();
}
