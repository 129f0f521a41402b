// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/** The two places at which a reader reads its split. */
public enum Cursor {
    /** Where lanes are served that keep up. */
    LIVE,
    /** Where those are served that lag, until they meet the live cursor. */
    CATCH_UP
}
