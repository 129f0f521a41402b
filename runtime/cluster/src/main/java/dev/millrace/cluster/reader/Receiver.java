// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

/** What the partition at the end of a lane is like for those who think of sending it fewer rows. */
enum Receiver {
    /** On this node, and as fast as its readers. */
    IDLE,
    /** On this node, and slower than its readers. */
    BUSY,
    /** On another node. */
    REMOTE
}
