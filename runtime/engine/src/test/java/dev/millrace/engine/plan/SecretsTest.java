// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
                Secrets.masked(sql, OPTIONS));
    }
}
