// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run of a script came to.
 *
 * @param exitCode the exit code of the command
 * @param out standard output
 * @param err standard error
 */
record Answer(int exitCode, String out, String err) {
    private static final Pattern SUMMARY =
            Pattern.compile("([\\d,]+) rows read, ([\\d,]+) written, ([\\d,]+) bad.*?, ([\\d,]+) late");

    /** The rows of the script's one SELECT. */
    Relation relation() {
        if (exitCode != 0) {
            throw new AssertionError("exit code " + exitCode + ": " + err);
        }
        return Relation.ofJson(out);
    }

    /** Rows that were read, by the last line that tells of a job. */
    long read() {
        return number(1);
    }

    /** Rows that went to the dead letters, by the last line that tells of a job. */
    long bad() {
        return number(3);
    }

    /** Rows that were late, by the last line that tells of a job. */
    long late() {
        return number(4);
    }

    private long number(int group) {
        Matcher matcher = SUMMARY.matcher(err);
        String found = null;
        while (matcher.find()) {
            found = matcher.group(group);
        }
        if (found == null) {
            throw new AssertionError("no line tells of a job: " + err);
        }
        return Long.parseLong(found.replace(",", ""));
    }
}
