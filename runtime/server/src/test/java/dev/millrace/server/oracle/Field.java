// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

/**
 * A column of generated data.
 *
 * @param name its name in both engines
 * @param type its type in Millrace
 */
record Field(String name, String type) {
    /** The type in DuckDB, whose timestamps are all finer than milliseconds if they have functions. */
    String duckType() {
        return type.startsWith("TIMESTAMP") ? "TIMESTAMP" : type;
    }
}
