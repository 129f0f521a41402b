// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.connector;

/** Which row kinds a sink takes. */
public enum SinkChanges {
    /** New rows only. */
    APPEND,
    /** New rows, and new values of rows by key. */
    UPSERT,
    /** New rows, new values and deletes by key. */
    UPSERT_DELETE,
    /** Everything, and nothing has to be keyed (print, blackhole). */
    ANY
}
