// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The table in the database that takes a table's rows.
 *
 * @param name its name with its schema
 * @param columns for every column of the table the one that takes its values
 */
record TargetTable(TableName name, List<TargetColumn> columns) {
    private static final int NAMES_SHOWN_MAX = 20;
    private static final int NUMERIC_OFFSET = 4;

    private static final String FIND_SQL = """
            SELECT c.oid, n.nspname, c.relname
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'f') AND (c.relname = ? OR c.relname = lower(?))
              AND CASE WHEN ?::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = ? END
            ORDER BY c.relname = ? DESC""";

    private static final String NAMES_SQL = """
            SELECT c.relname
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
              AND CASE WHEN ?::text IS NULL THEN pg_catalog.pg_table_is_visible(c.oid) ELSE n.nspname = ? END
            ORDER BY 1""";

    private static final String COLUMNS_SQL =
            """
                     SELECT a.attname, b.typname,
                    CASE WHEN b.typname = 'bpchar' THEN 'bpchar' ELSE pg_catalog.format_type(b.oid, NULL) END,
                            pg_catalog.format_type(a.atttypid, a.atttypmod),
                            CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END,
                            b.typtype = 'e', a.attnotnull OR t.typnotnull,
                            a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL,
                            a.attgenerated <> '' OR a.attidentity = 'a'
                     FROM pg_catalog.pg_attribute a
                       JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
                       JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
                     WHERE a.attrelid = ?::oid AND a.attnum > 0 AND NOT a.attisdropped
                     ORDER BY a.attnum""";

    private static final String KEYS_SQL =
            """
                        SELECT i.indexrelid, a.attname
                        FROM pg_catalog.pg_index i
                          JOIN pg_catalog.pg_attribute a
                    ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])
                        WHERE i.indrelid = ?::oid AND i.indisunique AND i.indimmediate AND i.indisvalid
                          AND i.indpred IS NULL AND i.indexprs IS NULL
                        ORDER BY 1""";

    private static final String RIGHTS_SQL = """
            SELECT current_user, pg_catalog.has_any_column_privilege(?::oid, 'INSERT'),
                   pg_catalog.has_any_column_privilege(?::oid, 'SELECT'),
                   pg_catalog.has_any_column_privilege(?::oid, 'UPDATE'),
                   pg_catalog.has_table_privilege(?::oid, 'DELETE')""";

    /**
     * Finds the table, and checks that it can take the rows.
     *
     * @throws MillraceException if there is none, or it can't
     */
    static TargetTable read(Connection connection, TableDefinition table, JdbcSettings settings) throws SQLException {
        TableName wanted = JdbcOption.tableName(table);
        String use = "table \"" + table.name() + "\"";
        long id;
        TableName name;
        try (PreparedStatement find = connection.prepareStatement(FIND_SQL)) {
            find.setString(1, wanted.name());
            find.setString(2, wanted.name());
            find.setString(3, wanted.schema());
            find.setString(4, wanted.schema());
            find.setString(5, wanted.name());
            try (ResultSet found = find.executeQuery()) {
                if (!found.next()) {
                    throw notFound(connection, table, wanted, settings, use);
                }
                id = found.getLong(1);
                name = new TableName(found.getString(2), found.getString(3));
            }
        }
        String target = "table " + name + " of " + settings.address();
        List<TargetColumn> all = readColumns(connection, id);
        List<TargetColumn> columns = new ArrayList<>();
        for (Column column : table.schema().columns()) {
            columns.add(match(column, all, table, name, target));
        }
        checkOthers(all, columns, target, use);
        checkRights(connection, id, table, name, target);
        if (!table.primaryKey().isEmpty()) {
            checkKey(connection, id, table, new TargetTable(name, columns), target);
        }
        return new TargetTable(name, List.copyOf(columns));
    }

    private static MillraceException notFound(
            Connection connection, TableDefinition table, TableName wanted, JdbcSettings settings, String use)
            throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement list = connection.prepareStatement(NAMES_SQL)) {
            list.setString(1, wanted.schema());
            list.setString(2, wanted.schema());
            try (ResultSet found = list.executeQuery()) {
                while (found.next()) {
                    names.add(found.getString(1));
                }
            }
        }
        String shown = names.isEmpty() ? "(none)"
                : names.stream().limit(NAMES_SHOWN_MAX).collect(Collectors.joining(", "))
                        + (names.size() > NAMES_SHOWN_MAX ? ", …" : "");
        String near = NearestName.of(wanted.name(), names).map(n -> "did you mean \"" + n + "\"? ").orElse("");
        return new MillraceException(
                ErrorCode.TABLE_NOT_FOUND,
                "table '" + wanted + "' of " + use + " does not exist in " + settings.address(),
                near + "tables: " + shown + "\nor create it: " + ddl(table, wanted));
    }

    /** A statement that makes such a table. */
    private static String ddl(TableDefinition table, TableName name) {
        List<String> parts = new ArrayList<>();
        for (Column column : table.schema().columns()) {
            parts.add(TableName.quote(column.name()) + " " + TargetColumn.typeFor(column.type()));
        }
        if (!table.primaryKey().isEmpty()) {
            parts.add("PRIMARY KEY (" + quoted(table.primaryKey()) + ")");
        }
        return "CREATE TABLE " + name.sql() + " (" + String.join(", ", parts) + ")";
    }

    private static String quoted(List<String> names) {
        return names.stream().map(TableName::quote).collect(Collectors.joining(", "));
    }

    private static List<TargetColumn> readColumns(Connection connection, long id) throws SQLException {
        List<TargetColumn> columns = new ArrayList<>();
        try (PreparedStatement list = connection.prepareStatement(COLUMNS_SQL)) {
            list.setLong(1, id);
            try (ResultSet found = list.executeQuery()) {
                while (found.next()) {
                    String type = found.getString(2);
                    int modifier = found.getInt(5);
                    boolean isNumeric = type.equals("numeric") && modifier >= 0;
                    // A numeric's modifier holds precision and scale, 4 higher than they are.
                    int length = isNumeric ? modifier - NUMERIC_OFFSET >> 16 & 0xffff : modifier;
                    int scale = isNumeric ? modifier - NUMERIC_OFFSET & 0x7ff : 0;
                    columns.add(
                            new TargetColumn(
                                    found.getString(1),
                                    type,
                                    found.getString(3),
                                    found.getString(4),
                                    length,
                                    scale,
                                    found.getBoolean(6),
                                    found.getBoolean(7),
                                    found.getBoolean(8),
                                    found.getBoolean(9)));
                }
            }
        }
        return columns;
    }

    private static TargetColumn match(
            Column column, List<TargetColumn> all, TableDefinition table, TableName name, String target) {
        String what = "column \"" + column.name() + "\" of table \"" + table.name() + "\"";
        List<TargetColumn> near =
                all.stream().filter(candidate -> candidate.name().equalsIgnoreCase(column.name())).toList();
        TargetColumn found = near.stream()
                .filter(candidate -> candidate.name().equals(column.name()))
                .findFirst()
                .orElse(near.size() == 1 ? near.getFirst() : null);
        if (found == null) {
            throw new MillraceException(
                    ErrorCode.INSERT_MISMATCH,
                    what + " is missing in " + target,
                    NearestName.hint(column.name(), all.stream().map(TargetColumn::name).toList(), "columns")
                            + "\nor add it: ALTER TABLE " + name.sql() + " ADD COLUMN "
                            + TableName.quote(column.name()) + " " + TargetColumn.typeFor(column.type()));
        }
        if (found.isComputed()) {
            throw new MillraceException(
                    ErrorCode.INSERT_MISMATCH,
                    what + " can't be written: the database makes its values in " + target,
                    "leave the column out of CREATE TABLE");
        }
        if (!found.takes(column.type())) {
            throw new MillraceException(
                    ErrorCode.INSERT_MISMATCH,
                    what + " is " + column.type() + ", which does not fit the type " + found.shown() + " in " + target,
                    "make the one fit the other: " + column.type().withNullable(true) + " goes into "
                            + TargetColumn.typeFor(column.type()));
        }
        return found;
    }

    private static void checkOthers(List<TargetColumn> all, List<TargetColumn> used, String target, String use) {
        for (TargetColumn column : all) {
            if (column.isRequired() && !column.hasDefault() && !column.isComputed() && !used.contains(column)) {
                throw new MillraceException(
                        ErrorCode.INSERT_MISMATCH,
                        "column \"" + column.name() + "\" of " + target + " needs a value, and " + use + " has none",
                        "add the column to CREATE TABLE, or give it a default in the database");
            }
        }
    }

    private static void checkRights(
            Connection connection, long id, TableDefinition table, TableName name, String target) throws SQLException {
        List<String> rights = List.of("INSERT", "SELECT", "UPDATE", "DELETE");
        List<String> needed = table.primaryKey().isEmpty() ? rights.subList(0, 1) : rights;
        List<String> missing = new ArrayList<>();
        try (PreparedStatement ask = connection.prepareStatement(RIGHTS_SQL)) {
            for (int i = 1; i <= rights.size(); i++) {
                ask.setLong(i, id);
            }
            try (ResultSet answer = ask.executeQuery()) {
                answer.next();
                for (int i = 0; i < needed.size(); i++) {
                    if (!answer.getBoolean(i + 2)) {
                        missing.add(needed.get(i));
                    }
                }
                if (!missing.isEmpty()) {
                    throw new MillraceException(
                            ErrorCode.ACCESS_DENIED,
                            "user " + answer.getString(1) + " may not " + String.join(", ", missing) + " in " + target,
                            "GRANT " + String.join(", ", needed) + " ON " + name.sql() + " TO "
                                    + TableName.quote(answer.getString(1)));
                }
            }
        }
    }

    /** Rows of a key can be found only if the database keeps them apart. */
    private static void checkKey(
            Connection connection, long id, TableDefinition table, TargetTable target, String shown)
            throws SQLException {
        List<TargetColumn> key = target.columns(table.primaryKey(), table);
        Set<String> wanted = key.stream().map(TargetColumn::name).collect(Collectors.toSet());
        boolean found = false;
        try (PreparedStatement list = connection.prepareStatement(KEYS_SQL)) {
            list.setLong(1, id);
            try (ResultSet indexes = list.executeQuery()) {
                Set<String> names = new HashSet<>();
                long index = 0;
                while (indexes.next()) {
                    if (indexes.getLong(1) != index) {
                        found |= names.equals(wanted);
                        names.clear();
                        index = indexes.getLong(1);
                    }
                    names.add(indexes.getString(2));
                }
                found |= names.equals(wanted);
            }
        }
        if (!found || !key.stream().allMatch(TargetColumn::isRequired)) {
            throw new MillraceException(
                    ErrorCode.INSERT_MISMATCH,
                    "the PRIMARY KEY of table \"" + table.name() + "\" is no key of " + shown
                            + ": no unique index has just these columns without NULLs",
                    "ALTER TABLE " + target.name().sql() + " ADD PRIMARY KEY ("
                            + quoted(key.stream().map(TargetColumn::name).toList()) + ")");
        }
    }

    /** The columns that take the values of these. */
    List<TargetColumn> columns(List<String> names, TableDefinition table) {
        return names.stream().map(column -> columns.get(table.schema().indexOf(column))).toList();
    }
}
