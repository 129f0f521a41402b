// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import java.util.ArrayList;
import java.util.List;

/**
 * The name of a table in the database.
 *
 * @param schema its schema, or null for the first on the search path that has such a table
 * @param name its name within the schema
 */
record TableName(String schema, String name) {
    /** Takes {@code table} or {@code schema.table}, each maybe in double quotes; null for anything else. */
    static TableName parse(String text) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        String rest = text.strip();
        while (at <= rest.length()) {
            StringBuilder part = new StringBuilder();
            if (at < rest.length() && rest.charAt(at) == '"') {
                int end = closingQuote(rest, at + 1, part);
                if (end < 0) {
                    return null;
                }
                at = end + 1;
                if (at < rest.length() && rest.charAt(at) != '.') {
                    return null;
                }
            } else {
                int dot = rest.indexOf('.', at);
                int end = dot < 0 ? rest.length() : dot;
                part.append(rest, at, end);
                at = end;
            }
            if (part.isEmpty() || part.indexOf("\0") >= 0) {
                return null;
            }
            parts.add(part.toString());
            at++;
        }
        return switch (parts.size()) {
            case 1 -> new TableName(null, parts.getFirst());
            case 2 -> new TableName(parts.getFirst(), parts.getLast());
            default -> null;
        };
    }

    /** Where the quoted name ends that starts at an index, or -1; appends the name. */
    private static int closingQuote(String text, int start, StringBuilder name) {
        for (int i = start; i < text.length(); i++) {
            if (text.charAt(i) != '"') {
                name.append(text.charAt(i));
            } else if (i + 1 < text.length() && text.charAt(i + 1) == '"') {
                name.append('"');
                i++;
            } else {
                return i;
            }
        }
        return -1;
    }

    /** The same name in this schema, unless it has one. */
    TableName in(String defaultSchema) {
        return schema == null ? new TableName(defaultSchema, name) : this;
    }

    /** The name as it stands in SQL. */
    String sql() {
        return schema == null ? quote(name) : quote(schema) + "." + quote(name);
    }

    /** A name as it stands in SQL. */
    static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** The name as a user writes it. */
    @Override
    public String toString() {
        return schema == null ? name : schema + "." + name;
    }
}
