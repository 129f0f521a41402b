// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format;

import dev.millrace.engine.type.Column;

/** Words for what is wrong with a value. */
public final class BadValue {
    private static final int SHOWN_CHARACTERS_MAX = 100;

    private BadValue() {}

    /** The text is not a value of the column's type. */
    public static String noValue(Column column, String text) {
        String shown = text.length() <= SHOWN_CHARACTERS_MAX ? text : text.substring(0, SHOWN_CHARACTERS_MAX) + "…";
        return "column \"" + column.name() + "\": '" + shown + "' is not a value of " + column.type();
    }

    /** The value is NULL and must not be. */
    public static String isNull(Column column) {
        return "column \"" + column.name() + "\" is NULL, but declared NOT NULL";
    }

    /** The record does not have the column. */
    public static String missing(Column column) {
        return "column \"" + column.name() + "\" is missing";
    }
}
