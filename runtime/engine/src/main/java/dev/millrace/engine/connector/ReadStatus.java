// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

/** What a read of a split came to. */
public enum ReadStatus {
    /** The batch was filled, or as much of it as can be had without waiting; call again. */
    MORE,
    /** Nothing more for now; call again later. */
    IDLE,
    /** The end of the split: nothing will come any more. Rows may have been added by the same call. */
    END
}
