// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JdbcOptionsTest {
    private final JdbcConnector connector = new JdbcConnector();

    private static TableDefinition table(SqlType type, String... more) {
        Map<String, String> options = new HashMap<>(
                Map.of("connector", "jdbc", "url", "jdbc:postgresql://localhost/shop", "table-name", "orders"));
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return new TableDefinition("orders", Schema.of(new Column("a", type)), List.of(), options);
    }

    private MillraceException refused(ErrorCode code, TableDefinition table) {
        MillraceException e = assertThrows(MillraceException.class, () -> connector.validateSink(table));
        assertEquals(code, e.code(), e.getMessage());
        return e;
    }

    @Test
    void shouldTakeTheOptionsOfFlink() {
        connector.validateSink(
                table(
                        SqlType.STRING,
                        "username", "me",
                        "password", "secret",
                        "driver", "org.postgresql.Driver",
                        "sink.buffer-flush.max-rows", "100",
                        "sink.buffer-flush.interval", "1s",
                        "sink.max-retries", "3",
                        "sink.parallelism", "2",
                        "connection.max-retry-timeout", "60s"));
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        refused(ErrorCode.OPTION_UNKNOWN, table(SqlType.STRING, "tablename", "x"));
        refused(ErrorCode.OPTION_INVALID, table(SqlType.STRING, "table-name", "a.b.c"));
        refused(ErrorCode.OPTION_INVALID, table(SqlType.STRING, "url", "localhost"));
        refused(ErrorCode.OPTION_INVALID, table(SqlType.STRING, "url", "jdbc:postgresql://localhost:port/shop"));
        refused(ErrorCode.NOT_SUPPORTED, table(SqlType.STRING, "url", "jdbc:mysql://localhost/shop"));
        refused(ErrorCode.OPTION_INVALID, table(SqlType.STRING, "driver", "com.mysql.Driver"));
        refused(ErrorCode.OPTION_INVALID, table(SqlType.STRING, "sink.buffer-flush.max-rows", "-1"));
        refused(ErrorCode.TYPE_NOT_SUPPORTED, table(SqlType.timestamp(9)));
    }

    @Test
    void shouldShowNoPasswordOfTheUrl() {
        String error = refused(
                ErrorCode.OPTION_INVALID,
                table(SqlType.STRING, "url", "jdbc:postgresql://localhost/shop?user=me&password=not-to-be-seen"))
                .render(null);
        assertFalse(error.contains("not-to-be-seen"), error);
    }

    @Test
    void shouldReadNamesOfTables() {
        assertEquals(new TableName(null, "orders"), TableName.parse(" orders "));
        assertEquals(new TableName("shop", "Orders"), TableName.parse("shop.Orders"));
        assertEquals(new TableName("my.shop", "a\"b"), TableName.parse("\"my.shop\".\"a\"\"b\""));
        assertEquals("\"my.shop\".\"a\"\"b\"", TableName.parse("\"my.shop\".\"a\"\"b\"").sql());
        assertNull(TableName.parse("a."));
        assertNull(TableName.parse(".a"));
        assertNull(TableName.parse("\"a"));
        assertNull(TableName.parse("\"a\"b"));
    }
}
