// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Schema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsTest {
    private static final Map<String, String> OPTIONS = Map.of(
            "topic", "orders", "properties.sasl.jaas.config", "login required password='it''s';",
            "properties.ssl.key.password", "hush");

    @Test
    void shouldShowATableWithoutItsSecrets() {
        String shown = new TableDefinition("t", Schema.of(), List.of(), OPTIONS).toString();
        assertTrue(shown.contains("orders"), shown);
        assertFalse(shown.contains("login") || shown.contains("hush"), shown);
    }

    @Test
    void shouldShowAStatementWithoutTheSecretsInIt() {
        String sql = "CREATE TABLE t WITH ('topic' = 'orders', 'properties.ssl.key.password' = 'hush')";
        assertEquals(
                "CREATE TABLE t WITH ('topic' = 'orders', 'properties.ssl.key.password' = '******')",
                Secrets.masked(sql));
    }

    @Test
    void shouldFindSecretsWhereverTheyStand() {
        String jaas = "'properties.sasl.jaas.config' = 'login password=\"it''s\";'";
        assertEquals(
                "-- it's a note\nCREATE TABLE t WITH ('a' = 'b', 'properties.sasl.jaas.config' = '******')\n"
                        + "AS SELECT 'x' = 'y', 'token'",
                Secrets.masked("-- it's a note\nCREATE TABLE t WITH ('a' = 'b', " + jaas
                        + ")\nAS SELECT 'x' = 'y', 'token'"));
        assertEquals("'PASSWORD'\n  =\t'******'", Secrets.masked("'PASSWORD'\n  =\t''"));
        assertEquals("WITH ('password' = '******", Secrets.masked("WITH ('password' = 'no end, AS SELECT 1"));
    }

    @Test
    void shouldQuoteALineWithoutTheSecretsInIt() {
        String sql = "CREATE TABLE t WITH ('my.password' = 'hush\nhush', 'tpoic' = 'orders')";
        MillraceException e = new MillraceException(
                ErrorCode.OPTION_INVALID, "option 'tpoic' is not known", new SourceSpan(2, 8, 7), null);
        assertEquals(
                ErrorCode.OPTION_INVALID.id() + "  option 'tpoic' is not known\n"
                        + "  line 2, column 8:   ****', 'tpoic' = 'orders')\n"
                        + "                             ^^^^^^^",
                e.render(sql));
    }

    @Test
    void shouldReadLongTexts() {
        String value = "''".repeat(200_000);
        assertEquals("'a' = '" + value + "'", Secrets.masked("'a' = '" + value + "'"));
    }
}
