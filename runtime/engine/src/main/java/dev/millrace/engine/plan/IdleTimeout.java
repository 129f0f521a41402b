// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

/** How long a split may bring nothing before the watermark no longer waits for it: an option of any source table. */
public final class IdleTimeout {
    public static final String OPTION = "scan.watermark.idle-timeout";

    private IdleTimeout() {}

    /** Milliseconds; 0 if the table does not say, or says 0: then its splits are waited for without end. */
    public static long millis(TableDefinition table) {
        String value = table.options().get(OPTION);
        return value == null ? 0 : Durations.millis(value).orElse(0);
    }
}
