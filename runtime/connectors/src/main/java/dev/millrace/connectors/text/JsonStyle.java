// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.text;

/**
 * What may differ between texts of JSON objects.
 *
 * @param leavesNullsOut whether a field that is NULL is left out, rather than null
 * @param hasIsoTimestamps whether timestamps are written as {@code yyyy-MM-ddTHH:mm:ss.SSS}, points in time with a Z,
 *     rather than as in SQL
 */
public record JsonStyle(boolean leavesNullsOut, boolean hasIsoTimestamps) {
    /** Every field is there, and timestamps are as in SQL. */
    public static final JsonStyle USUAL = new JsonStyle(false, false);
}
