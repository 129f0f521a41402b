// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.testing.PostgresServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Tables for tests, made step by step. */
final class JdbcTable {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final List<Column> columns = new ArrayList<>();
    private final Map<String, String> options = new HashMap<>();
    private List<String> key = List.of();

    private JdbcTable() {}

    /** A name that no other test uses. */
    static String newName(String name) {
        return name + "_" + NUMBER.incrementAndGet();
    }

    static JdbcTable of(PostgresServer server, String table) {
        return new JdbcTable()
                .with("connector", "jdbc")
                .with("url", server.url())
                .with("username", PostgresServer.ADMIN)
                .with("table-name", table);
    }

    /** A table of the columns {@code symbol} and {@code amount}. */
    static JdbcTable amounts(PostgresServer server, String table) {
        return of(server, table).column("symbol", SqlType.STRING).column("amount", SqlType.BIGINT);
    }

    JdbcTable column(String name, SqlType type) {
        columns.add(new Column(name, type));
        return this;
    }

    JdbcTable key(String... names) {
        key = List.of(names);
        return this;
    }

    JdbcTable with(String option, String value) {
        options.put(option, value);
        return this;
    }

    TableDefinition make() {
        return new TableDefinition("orders", new Schema(columns), key, options);
    }
}
