// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

/** How partitions let a reader read. */
public enum ReaderPace {
    /** It reads what the source gives. */
    FREE,
    /** It has to wait for partitions now and then. */
    THROTTLED,
    /** It waits for them. */
    PAUSED
}
