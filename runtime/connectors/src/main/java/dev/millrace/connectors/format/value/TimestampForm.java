// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.value;

/** How timestamps are written. */
public enum TimestampForm {
    /** Any of the two, told apart by the letter between date and time. */
    ANY,
    /** {@code 2026-01-02 03:04:05.678}. */
    SQL,
    /** {@code 2026-01-02T03:04:05.678Z}. */
    ISO
}
