// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.engine.error.ErrorCode;

/** What the process says to the one who started it. */
public final class ExitCode {
    public static final int SUCCESS = 0;

    /** A job failed, or could not start for a reason outside of the script. */
    public static final int FAILED = 1;

    /** The SQL or the command line is not valid; nothing was run. */
    public static final int INVALID = 2;

    private static final int FIRST_OUTSIDE_SQL = 3000;

    private ExitCode() {}

    /** The exit code for an error of this kind. */
    public static int of(ErrorCode code) {
        boolean invalid = code.number() < FIRST_OUTSIDE_SQL
                || code == ErrorCode.USAGE
                || code == ErrorCode.SCRIPT_UNREADABLE
                || code == ErrorCode.CONFIGURATION_INVALID;
        return invalid ? INVALID : FAILED;
    }
}
