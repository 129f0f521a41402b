// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/** What a partition sends to a reader. */
public sealed interface ToReader permits Answer, Replaced, NotReady, Announcement, Kept {

    /** Name of the input that it is about. */
    String input();

    /** Index of the partition that speaks. */
    int partition();

    /** The same message of a partition with another index: a reader of several stages numbers all their lanes. */
    ToReader withPartition(int index);
}
