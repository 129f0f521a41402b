// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

/** The formats of files. */
enum TextFormat {
    JSON("json", "jsonl"),
    CSV("csv", "csv");

    private final String option;
    private final String suffix;

    TextFormat(String option, String suffix) {
        this.option = option;
        this.suffix = suffix;
    }

    /** The value of the option {@code format}. */
    String option() {
        return option;
    }

    /** What the names of such files end with. */
    String suffix() {
        return suffix;
    }
}
