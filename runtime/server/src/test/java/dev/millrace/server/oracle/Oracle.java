// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.server.Console;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.ScriptPlan;
import dev.millrace.server.run.ScriptRunner;
import dev.millrace.server.run.Termination;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A node and a DuckDB with the same tables. A script goes the way of {@code millrace run}, except that all scripts share
 * one node, which would otherwise take most of the time of a test. Used by one thread.
 *
 * <p>In DuckDB {@code tumbled(size, shift, grace)} gives the rows of {@code e} that are not late, with their windows.
 *
 * <p>The tables: {@code t} with columns of all types in three splits, {@code e} with events in three splits,
 * {@code ascending} and {@code texted} with the same rows, {@code f} with events in one split, {@code big} with more rows
 * than a batch, {@code nothing} with columns of {@code t} and no row. Another seed:
 * {@code -Dmillrace.oracle.seed=…}.
 */
final class Oracle implements AutoCloseable {
    static final long SEED = Long.getLong("millrace.oracle.seed", 20_260_101L);

    /** What every query is run with. */
    static final List<Deployment> DEPLOYMENTS = List.of(
            new Deployment(1, TextFormat.JSON), new Deployment(3, TextFormat.CSV), new Deployment(8, TextFormat.JSON));

    private static final int THREADS = 2;

    /** A way to run a query. */
    record Deployment(int partitions, TextFormat format) {}

    private final Path directory;
    private final DuckDb duck = new DuckDb();
    private final Connectors connectors;
    private final Node node;
    private final Map<TextFormat, Map<String, String>> createTables = new EnumMap<>(TextFormat.class);

    Oracle() {
        try {
            directory = Files.createTempDirectory("millrace-oracle");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connectors = BuiltInConnectors.create(System.err);
        node = Node.start(
                new NodeSettings(NodeStarter.LOOPBACK, 0, null, directory.resolve("dead-letters"), THREADS),
                connectors);
        DataGenerator data = new DataGenerator(SEED);
        add(data.mixed("t", 400, 5, 3));
        DataTable events = data.events("e", 900, 6, 3);
        add(events);
        add(events.ascending("ascending"));
        add(events.withTextTime("texted"));
        add(data.events("f", 400, 2, 1));
        add(data.mixed("big", 18_000, 2, 2));
        add(data.mixed("nothing", 0, 2, 2));
        defineWindows();
    }

    /**
     * The rows of {@code e} with their windows: a row is late if the watermark of its split before it has closed its
     * window. Times are in milliseconds.
     */
    private void defineWindows() {
        duck.execute(
                """
                        CREATE MACRO judged(size, shift, grace, delay := 5000) AS TABLE
                        SELECT *, start + size - 1 + grace <= coalesce(before, -9000000000000) AS late,
                          make_timestamp(start * 1000) AS window_start,
                          make_timestamp((start + size) * 1000) AS window_end
                        FROM (
                          SELECT *, epoch_ms(ts) AS ms, ms - ((ms - shift) % size + size) % size AS start,
                            max(epoch_ms(ts) - delay) OVER (
                              PARTITION BY _split ORDER BY _position
                              ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) - 1 AS before
                          FROM e)
                        WHERE ts IS NOT NULL""");
        duck.execute("CREATE MACRO tumbled(size, shift, grace, delay := 5000) AS TABLE"
                + " SELECT * FROM judged(size, shift, grace, delay := delay) WHERE NOT late");
    }

    /** Brings a table to both sides. */
    void add(DataTable table) {
        duck.load(table);
        for (TextFormat format : TextFormat.values()) {
            Path files = directory.resolve(table.name() + "-" + format.option());
            createTables.computeIfAbsent(format, _ -> new LinkedHashMap<>())
                    .put(table.name(), TableFiles.write(table, format, files, SEED));
        }
    }

    /** Compares a query that means the same in both engines. */
    void check(String sql) {
        check(sql, sql);
    }

    /** Compares a query in every deployment with its meaning in DuckDB. */
    void check(String sql, String meaning) {
        Relation expected = duck.query(meaning);
        for (Deployment deployment : DEPLOYMENTS) {
            check(sql, expected, meaning, deployment);
        }
    }

    /** Compares a query in one deployment. */
    Answer check(String sql, String meaning, Deployment deployment) {
        return check(sql, duck.query(meaning), meaning, deployment);
    }

    private Answer check(String sql, Relation expected, String meaning, Deployment deployment) {
        Answer answer = run(sql, deployment);
        if (answer.exitCode() != 0) {
            fail(describe(sql, meaning, deployment) + answer.err());
        }
        String difference = answer.relation().difference(expected);
        if (difference != null) {
            fail(describe(sql, meaning, deployment) + difference + "\n" + answer.err());
        }
        return answer;
    }

    /** As {@link #check(String, String)}, and the order of the rows counts. */
    void checkOrdered(String sql, String meaning) {
        Relation expected = duck.query(meaning);
        for (Deployment deployment : DEPLOYMENTS) {
            Relation actual = run(sql, deployment).relation();
            assertEquals(expected.rows().size(), actual.rows().size(), () -> describe(sql, meaning, deployment));
            for (int i = 0; i < expected.rows().size(); i++) {
                String difference = new Relation(actual.names(), List.of(actual.rows().get(i)))
                        .difference(new Relation(expected.names(), List.of(expected.rows().get(i))));
                if (difference != null) {
                    fail(describe(sql, meaning, deployment) + "row " + i + ": " + difference);
                }
            }
        }
    }

    /** Compares a query, of whose rows so many go to the dead letters. */
    void checkBad(String sql, String meaning, String badRows) {
        long bad = count(badRows);
        assertTrue(bad > 0, "the data has no bad row: " + badRows);
        for (Deployment deployment : DEPLOYMENTS) {
            Answer answer = check(sql, meaning, deployment);
            assertEquals(bad, answer.bad(), () -> describe(sql, badRows, deployment) + answer.err());
        }
    }

    /** The number that DuckDB answers. */
    long count(String sql) {
        return Long.parseLong((String) duck.query(sql).rows().getFirst().getFirst());
    }

    Relation meaning(String sql) {
        return duck.query(sql);
    }

    static String describe(String sql, String meaning, Deployment deployment) {
        String both = sql + (sql.equals(meaning) ? "" : "\n  " + meaning);
        return "\nseed " + SEED + ", " + deployment + "\n  " + both + "\n";
    }

    /** Statements that create all tables of a format. */
    String tables(TextFormat format) {
        return String.join("", createTables.get(format).values());
    }

    /** Runs a query behind statements that create all tables. */
    Answer run(String sql, Deployment deployment) {
        String settings = "SET 'partitions' = '" + deployment.partitions() + "';\n";
        return run(tables(deployment.format()) + settings + sql + ";\n");
    }

    /** Runs a script as {@code millrace run --format json} does. */
    Answer run(String script) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(errBytes, true, StandardCharsets.UTF_8);
        Console console = new Console(InputStream.nullInputStream(), out, err, false);
        ErrorReport report = new ErrorReport(err, true);
        ScriptPlan plan = ScriptPlan.of(script, List.of(), connectors, THREADS);
        int exitCode;
        if (!plan.errors().isEmpty()) {
            exitCode = plan.showErrors(report);
        } else {
            try (Termination termination = Termination.onSignal(() -> {})) {
                ScriptRunner runner = new ScriptRunner(
                        node, console, report, script, "json", directory.resolve("dead-letters"), termination);
                exitCode = runner.run(plan.statements());
            }
        }
        return new Answer(
                exitCode, out.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
    }

    /** Where tests may put files of their own. */
    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        node.close();
        duck.close();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
