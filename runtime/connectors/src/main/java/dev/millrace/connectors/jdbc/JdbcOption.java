// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.plan.TableDefinition;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Names of the connector's options, and the values of those that are no part of the way to the server. */
final class JdbcOption {
    static final String URL = "url";
    static final String TABLE = "table-name";
    static final String USER = "username";
    static final String PASSWORD = "password";
    static final String DRIVER = "driver";
    static final String ROWS_MAX = "sink.buffer-flush.max-rows";
    static final String EPOCH_TABLE = "sink.epoch-table";

    private static final String INTERVAL = "sink.buffer-flush.interval";
    private static final String RETRIES = "sink.max-retries";

    private static final int ROWS_DEFAULT = 5_000;
    private static final int ROWS_LIMIT = 1_000_000;

    /**
     * Options of Flink that have no effect here: epochs say when rows are written, the job how many partitions there are,
     * and a server that is away is waited for.
     */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(INTERVAL, RETRIES, "sink.parallelism", "connection.max-retry-timeout");

    private static final String DRIVER_NAME = "org.postgresql.Driver";

    private JdbcOption() {}

    /** Checks that every option has a known name, and the values that nobody else looks at. */
    static void check(TableDefinition table) {
        Set<String> known = new HashSet<>(WITHOUT_EFFECT);
        known.addAll(List.of(URL, TABLE, USER, PASSWORD, DRIVER, ROWS_MAX, EPOCH_TABLE));
        TableOptions options = new TableOptions(table);
        options.checkNames(known);
        if (!options.text(DRIVER, DRIVER_NAME).equals(DRIVER_NAME)) {
            throw options.invalid(DRIVER, "leave it out: the driver is " + DRIVER_NAME);
        }
        options.integer(RETRIES, 0, 0, Integer.MAX_VALUE);
        rowsMax(table);
        tableName(table);
        epochTable(table);
    }

    /** The most rows of one statement. */
    static int rowsMax(TableDefinition table) {
        int rows = (int) new TableOptions(table).integer(ROWS_MAX, ROWS_DEFAULT, 0, ROWS_LIMIT);
        return rows == 0 ? ROWS_DEFAULT : rows;
    }

    /** The table that takes the rows. */
    static TableName tableName(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        TableName name = TableName.parse(options.required(TABLE, "orders"));
        if (name == null) {
            throw options.invalid(TABLE, "it takes a table's name, or schema.table");
        }
        return name;
    }

    /** The table that holds the markers of epochs. */
    static TableName epochTable(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        TableName name = TableName.parse(options.text(EPOCH_TABLE, "millrace_epochs"));
        if (name == null) {
            throw options.invalid(EPOCH_TABLE, "it takes a table's name, or schema.table");
        }
        return name;
    }
}
