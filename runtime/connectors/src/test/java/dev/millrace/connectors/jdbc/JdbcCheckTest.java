// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.SqlType;
import dev.millrace.testing.PostgresServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("integration")
@Timeout(30)
final class JdbcCheckTest {
    private static PostgresServer server;
    private static String name;

    private final JdbcConnector connector = new JdbcConnector();

    @BeforeAll
    static void start() {
        server = PostgresServer.shared();
        name = JdbcTable.newName("checked");
        server.execute("CREATE TABLE " + name + " (symbol text, amount bigint)");
    }

    /** The error as a user sees it. */
    private String refused(ErrorCode code, JdbcTable table) {
        TableDefinition made = table.make();
        connector.validateSink(made);
        MillraceException e = assertThrows(MillraceException.class, () -> connector.checkTarget(made));
        assertEquals(code, e.code(), e.getMessage());
        return e.render(null);
    }

    private static void assertContains(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), text);
        }
    }

    @Test
    void shouldTellAServerThatDoesNotAnswer() {
        assertContains(
                refused(
                        ErrorCode.SERVER_UNREACHABLE,
                        JdbcTable.amounts(server, name).with("url", "jdbc:postgresql://127.0.0.1:1/shop?ssl=false")),
                "jdbc:postgresql://127.0.0.1:1/shop of table \"orders\"", "check 'url'");
    }

    @Test
    void shouldTellAWrongPasswordWithoutShowingIt() {
        String error = refused(
                ErrorCode.ACCESS_DENIED,
                JdbcTable.amounts(server, name).with("username", PostgresServer.USER).with("password",
                        "not-it-at-all"));
        assertContains(error, PostgresServer.USER, "check 'username' and 'password'");
        assertFalse(error.contains("not-it-at-all"), error);
    }

    @Test
    void shouldTellAMissingDatabase() {
        assertContains(
                refused(
                        ErrorCode.OPTION_INVALID,
                        JdbcTable.amounts(server, name).with("url", server.url() + "x")),
                "postgresx", "'url'");
    }

    @Test
    void shouldTellAMissingTableAndHowToMakeIt() {
        String error = refused(
                ErrorCode.TABLE_NOT_FOUND, JdbcTable.amounts(server, name + "s").key("symbol"));
        assertContains(
                error,
                "did you mean \"" + name + "\"?",
                "CREATE TABLE \"" + name
                        + "s\" (\"symbol\" text, \"amount\" bigint, PRIMARY KEY (\"symbol\"))");
    }

    @Test
    void shouldTellMissingAndMismatchedColumns() {
        assertContains(
                refused(ErrorCode.INSERT_MISMATCH, JdbcTable.amounts(server, name).column("symbool", SqlType.STRING)),
                "\"symbool\"", "did you mean", "ADD COLUMN \"symbool\" text");
        assertContains(
                refused(ErrorCode.INSERT_MISMATCH, JdbcTable.of(server, name).column("amount", SqlType.DOUBLE)),
                "column \"amount\" of table \"orders\" is DOUBLE", "bigint", "double precision");
        assertContains(
                refused(ErrorCode.INSERT_MISMATCH, JdbcTable.amounts(server, name).key("symbol")),
                "PRIMARY KEY", "ALTER TABLE \"public\".\"" + name + "\" ADD PRIMARY KEY (\"symbol\")");
    }

    @Test
    void shouldTellColumnsOfTheDatabaseThatNeedAValue() {
        String full = JdbcTable.newName("full");
        server.execute(
                "CREATE TABLE " + full
                        + " (symbol text, amount bigint, note text NOT NULL, twice int GENERATED ALWAYS AS (2) STORED)");
        assertContains(
                refused(ErrorCode.INSERT_MISMATCH, JdbcTable.amounts(server, full)), "\"note\"", "needs a value");
        assertContains(
                refused(ErrorCode.INSERT_MISMATCH, JdbcTable.of(server, full).column("twice", SqlType.INTEGER)),
                "\"twice\"", "can't be written");
    }

    @Test
    void shouldTellMissingRights() {
        String guarded = JdbcTable.newName("guarded");
        server.execute(
                "CREATE TABLE " + guarded + " (symbol text PRIMARY KEY, amount bigint)",
                "GRANT INSERT ON " + guarded + " TO " + PostgresServer.USER);
        JdbcTable table = JdbcTable.amounts(server, guarded)
                .with("username", PostgresServer.USER)
                .with("password", PostgresServer.PASSWORD);
        connector.checkTarget(table.make());
        assertContains(
                refused(ErrorCode.ACCESS_DENIED, table.key("symbol")),
                "may not SELECT, UPDATE, DELETE", "GRANT INSERT, SELECT, UPDATE, DELETE");
    }

    @Test
    void shouldRefuseFractionsAndDigitsThatDoNotFit() {
        String narrow = JdbcTable.newName("narrow");
        server.execute("CREATE TABLE " + narrow + " (price numeric(10, 2), at timestamp(0), any_price numeric)");
        refused(ErrorCode.INSERT_MISMATCH, JdbcTable.of(server, narrow).column("price", SqlType.decimal(10, 3)));
        refused(ErrorCode.INSERT_MISMATCH, JdbcTable.of(server, narrow).column("price", SqlType.decimal(11, 2)));
        refused(ErrorCode.INSERT_MISMATCH, JdbcTable.of(server, narrow).column("at", SqlType.timestamp(3)));
        connector.checkTarget(
                JdbcTable.of(server, narrow)
                        .column("price", SqlType.decimal(9, 1))
                        .column("any_price", SqlType.decimal(38, 20))
                        .column("at", SqlType.timestamp(0))
                        .make());
    }
}
