// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

/** What the log of a partition holds beside its epochs. */
public sealed interface KeeperEvent {
    /** A partition has started and claims the log. */
    record Started(long incarnation) implements KeeperEvent {}
}
