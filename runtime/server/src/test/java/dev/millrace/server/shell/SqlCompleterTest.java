// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jline.reader.Candidate;
import org.junit.jupiter.api.Test;

final class SqlCompleterTest {
    private final FakeBackend names = new FakeBackend(0);

    @Test
    void shouldOfferTablesWhereATableMustStand() {
        assertEquals(Set.of("trades", "`Order Lines`", "TABLE"), offered("SELECT * FROM "));
        assertEquals(Set.of("trades", "`Order Lines`"), offered("describe tr"));
        assertEquals(Set.of("trades", "`Order Lines`"), offered("INSERT INTO "));
    }

    @Test
    void shouldOfferColumnsOfTheTableThatTheTextNames() {
        Set<String> offered = offered("SELECT p FROM trades", 8);

        assertTrue(offered.containsAll(Set.of("symbol", "price", "`group`")), offered::toString);
        assertTrue(!offered.contains("line_no"), offered::toString);
    }

    @Test
    void shouldOfferAllColumnsBeforeATableIsNamed() {
        assertTrue(offered("SELECT ").containsAll(Set.of("symbol", "line_no", "SUM", "DISTINCT")));
    }

    @Test
    void shouldOfferColumnsBehindATableOrItsAlias() {
        assertEquals(Set.of("symbol", "price", "`group`"), offered("SELECT trades.pr"));
        assertEquals(Set.of("symbol", "price", "`group`"), offered("SELECT * FROM trades AS t WHERE t."));
        assertEquals(Set.of("line_no"), offered("SELECT * FROM `Order Lines` l WHERE l."));
    }

    @Test
    void shouldOfferKeywordsAndFunctionsInTheCaseThatIsTyped() {
        assertTrue(offered("sel").contains("select"));
        assertTrue(offered("SEL").contains("SELECT"));
        assertTrue(offered("select su").containsAll(Set.of("substr", "sum")));
    }

    @Test
    void shouldOfferJobs() {
        assertEquals(Set.of("copy"), offered("STOP JOB "));
    }

    @Test
    void shouldKeepQuietInQuotes() {
        // The word that is typed lies within the text that began before it.
        assertEquals(Set.of(), offered("SELECT 'a sel"));
        assertEquals(Set.of(), offered("SELECT /* sel"));
    }

    private Set<String> offered(String text) {
        return offered(text, text.length());
    }

    private Set<String> offered(String text, int cursor) {
        List<Candidate> candidates = new ArrayList<>();
        new SqlCompleter(() -> names).complete(null, WordAtCursor.in(text, cursor), candidates);
        return candidates.stream().map(Candidate::value).collect(Collectors.toSet());
    }
}
