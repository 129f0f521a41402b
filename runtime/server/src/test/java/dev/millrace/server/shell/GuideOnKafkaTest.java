// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.NodeSettings;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.server.Console;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.testing.KafkaBroker;
import dev.millrace.testing.KafkaTopics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guide's first steps on Kafka, as they are written there: its statements are typed, its records appended. */
@Tag("cluster")
@Timeout(60)
final class GuideOnKafkaTest {
    private static final String PROMPT = "millrace> ";
    private static final String MORE = "       -> ";
    private static final String SERVERS = "localhost:9092";

    @TempDir
    Path directory;

    @Test
    void shouldDoWhatTheGuideSays() throws Exception {
        List<String> lines = section("## On Kafka");
        List<String> statements = statements(lines);
        List<String> records = lines.stream().filter(line -> line.startsWith("{\"payer\": ")).toList();
        assertEquals(5, statements.size(), statements::toString);
        assertEquals(4, records.size(), records::toString);
        KafkaBroker broker = KafkaBroker.shared();
        KafkaTopics topics = broker.topics();
        topics.create("payments", 4);
        topics.create("large_payments", 4);
        for (int i = 0; i < 3; i++) {
            topics.append("payments", i, records.get(i));
        }

        try (TypedShell shell = new TypedShell(null, this::backend)) {
            shell.type(statements.get(0).replace(SERVERS, broker.bootstrapServers()));
            shell.await("table \"payments\" created");
            shell.type(statements.get(1));
            shell.await("op  payer  total     n");
            awaitRows(shell, "ada    42.50     2", "bob     7.20     1");
            topics.append("payments", 3, records.get(3));
            shell.await("bob    12.20     2");
            shell.pressCtrlC();
            shell.await(" changes, stopped after ");
            shell.await(PROMPT);

            shell.type(statements.get(2).replace(SERVERS, broker.bootstrapServers()));
            shell.await("table \"large_payments\" created");
            shell.type(statements.get(3));
            shell.await("job \"large_payments\" started");
            shell.type(statements.get(4));
            shell.await("payer  amount");
            awaitRows(shell, "ada     12.50", "ada     30.00");
            shell.pressCtrlC();
            shell.await(" rows, stopped after ");
            shell.type("quit");
            shell.awaitExit(0);
        }
        Set<String> expected = new TreeSet<>(
                lines.stream().filter(line -> line.startsWith("{\"payer\":\"")).toList());
        assertEquals(2, expected.size());
        assertEquals(expected, new TreeSet<>(topics.values("large_payments")));
    }

    /** Waits for these in either order. */
    private static void awaitRows(TypedShell shell, String... rows) {
        for (String row : rows) {
            while (!shell.screen().contains(row)) {
                Thread.onSpinWait();
            }
        }
    }

    /** The lines of a section of the guide. */
    private static List<String> section(String title) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("build-support"))) {
            root = root.getParent();
        }
        List<String> lines = Files.readAllLines(root.resolve("docs/guide/getting-started.md"));
        int start = lines.indexOf(title);
        assertTrue(start >= 0, title);
        int end = start + 1;
        while (end < lines.size() && !lines.get(end).startsWith("## ")) {
            end++;
        }
        return lines.subList(start, end);
    }

    /** What is typed at the shell's prompts; a statement of several lines as one. */
    private static List<String> statements(List<String> lines) {
        List<String> statements = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith(PROMPT)) {
                statements.add(line.substring(PROMPT.length()));
            } else if (line.startsWith(MORE)) {
                statements.add(statements.removeLast() + " " + line.substring(MORE.length()).strip());
            }
        }
        return statements;
    }

    private Backend backend(Console console) {
        Connectors connectors = BuiltInConnectors.create(console.err());
        Path deadLetters = directory.resolve("dead-letters");
        NodeSettings settings = new NodeSettings(NodeStarter.LOOPBACK, 0, null, deadLetters, false, 2);
        return new EmbeddedBackend(
                NodeStarter.begin(settings, connectors),
                connectors,
                console,
                new ErrorReport(console.err(), false),
                "table",
                deadLetters,
                false,
                2);
    }
}
