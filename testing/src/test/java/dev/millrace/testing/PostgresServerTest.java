// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
final class PostgresServerTest {
    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void shouldKeepRowsWhenKilledAndStartedAgain() {
        server.execute("CREATE TABLE kept (a int, b text)", "INSERT INTO kept VALUES (1, 'x'), (2, NULL)");

        server.kill();
        server.restart();

        assertEquals(List.of("1|x", "2|null"), server.query("SELECT * FROM kept ORDER BY a"));
    }

    @Test
    void shouldAskOneUserForThePassword() throws SQLException {
        SQLException e = assertThrows(
                SQLException.class, () -> DriverManager.getConnection(server.url(), PostgresServer.USER, "wrong"));
        assertEquals("28P01", e.getSQLState());
        DriverManager.getConnection(server.url(), PostgresServer.USER, PostgresServer.PASSWORD).close();
    }
}
