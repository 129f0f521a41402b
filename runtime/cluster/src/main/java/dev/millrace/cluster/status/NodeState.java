// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

/** Where a node of a cluster stands. */
public enum NodeState {
    /** It is being let in. */
    JOINING,
    UP,
    /** It hands over what it has, and ends. */
    LEAVING,
    /** It gives no answer; if that goes on, the others will do its work. */
    UNREACHABLE,
    /** The others have taken it out. */
    DOWN
}
