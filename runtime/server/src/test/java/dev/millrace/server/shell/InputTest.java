// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InputTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "  \n",
        "-- only a comment",
        "/* a comment */",
        "SELECT 1;",
        "SELECT 1; -- with a comment behind",
        "SELECT 1; SELECT 2;",
        "SELECT 'it''s; fine';",
        "SELECT `a;b`\nFROM t;",
        "SELECT CASE WHEN a THEN 1 END FROM t;",
        "quit",
        "Exit;",
        "\\q",
        "help",
        "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t; END;",
        "EXPLAIN STATEMENT SET BEGIN INSERT INTO a SELECT * FROM t; END;"})
    void shouldTakeWhatIsComplete(String text) {
        assertTrue(Input.isComplete(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SELECT 1",
        "SELECT 1; SELECT 2",
        "SELECT 'a;",
        "SELECT 'it'';",
        "SELECT `a;",
        "SELECT 1 -- ;",
        "SELECT 1 /* ;",
        "/* begins",
        "quit now",
        "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT * FROM t;",
        "EXPLAIN EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT * FROM t;",
        "STATEMENT SET BEGIN INSERT INTO a SELECT * FROM t;",
        "BEGIN STATEMENT SET; INSERT INTO a SELECT CASE WHEN x THEN 1 END FROM t;"})
    void shouldGoOnInTheNextLineUntilTheStatementEnds(String text) {
        assertFalse(Input.isComplete(text));
    }

    @Test
    void shouldPartStatementsAndKeepTheirPlaces() {
        assertEquals(
                List.of("SELECT 1;", "          VALUES (';');", " ".repeat(23) + "\n-- note\nSELECT 3"),
                Input.statements("SELECT 1; VALUES (';');\n-- note\nSELECT 3"));
    }

    @Test
    void shouldFindNoStatementInNothing() {
        assertEquals(List.of(), Input.statements(" -- nothing\n"));
    }
}
