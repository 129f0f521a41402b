// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

/** What the log of a partition holds beside its epochs. */
public sealed interface KeeperEvent {
    /** Number of who claims the log with it, higher than those before. */
    long incarnation();

    /** A partition has started and claims the log. */
    record Started(long incarnation) implements KeeperEvent {}

    /**
     * A generation of the job is begun with what the log holds. A start whose job doesn't know of it may claim the log no
     * more.
     */
    record Shut(long incarnation, long generation) implements KeeperEvent {}
}
