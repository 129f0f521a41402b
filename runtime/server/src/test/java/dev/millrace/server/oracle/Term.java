// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

/**
 * A generated expression, in the words of both engines.
 *
 * @param kind the family of its type
 * @param sql its text in Millrace
 * @param meaning its text in DuckDB
 * @param bound for integers: no value is further from zero
 * @param constant whether it reads no column
 * @param plain for texts: whether all its letters have capitals of one letter
 */
record Term(Kind kind, String sql, String meaning, long bound, boolean constant, boolean plain) {
    /** Families of types. */
    enum Kind {
        TRUTH, INTEGER, DECIMAL, DOUBLE, TEXT, TIME, DATE
    }

    static Term column(Kind kind, String name, long bound) {
        return new Term(kind, name, name, bound, false, kind == Kind.TEXT && !name.equals("s"));
    }

    /** The same under a name. */
    Term named(String name) {
        return new Term(kind, name, name, bound, false, plain);
    }
}
