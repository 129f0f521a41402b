// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.format.Formats;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.connectors.text.JsonRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.connector.ReadStatus;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.Source;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.connector.SplitReader;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSinkTest {
    private static final Schema NUMBERS = Schema.of(new Column("n", SqlType.BIGINT));
    private static final Schema TEXTS =
            Schema.of(new Column("a", SqlType.STRING), new Column("b", SqlType.STRING));
    private static final String ABANDONED = ".part-00000-7c5fbbe8-1d0c-4d0e-8a51-0c4f4a6d8e11-3.json";

    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "json", "json, json.timestamp-format.standard, ISO-8601, json.encode.ignore-null-fields, true",
                "csv, csv.null-literal, NULL", "csv, csv.null-literal, ''", "csv, csv.null-literal, -7",
                "csv, csv.null-literal, #, csv.field-delimiter, ;, csv.quote-character, '",
                "csv, csv.null-literal, NULL, csv.field-delimiter, -, csv.allow-comments, true",
                "csv, csv.null-literal, NULL, csv.field-delimiter, \\t, csv.ignore-first-line, true",
                "csv, csv.null-literal, NULL, csv.field-delimiter, 0, csv.quote-character, :"
            })
    void shouldReadBackWhatItWrote(String options) throws IOException {
        long seed = 11;
        String[] words = ("path, out, format, " + options).split(", ");
        TableDefinition table = table(RandomRows.ALL_TYPES, words);
        RandomRows rows = new RandomRows(seed);
        List<String> expected = new ArrayList<>();
        try (Sink sink = connector().openSink(table, 0)) {
            for (int i = 0; i < 20; i++) {
                Batch batch = rows.batch(table.schema(), 50);
                expected.addAll(texts(table.schema(), batch));
                sink.write(batch);
                if (i % 7 == 0) {
                    sink.flush();
                }
            }
        }
        assertEquals(expected.stream().sorted().toList(), readBack(table), "seed " + seed + ", " + options);
        assertEquals(4, visible().size());
    }

    @Test
    void shouldReadBackRowsOfASingleColumnThatIsNull() throws IOException {
        for (Column column : List.of(NUMBERS.column(0), new Column("s", SqlType.STRING))) {
            TableDefinition table = table(Schema.of(column), "path", column.name(), "format", "csv");
            Vector vector = Vector.create(column.type().storage(), 2);
            vector.setNull(0);
            vector.setNull(1);
            write(table, Batch.of(new Vector[] {vector}, 2));
            // Without a literal a text that is NULL is read as an empty one.
            String value = column.type().kind().isCharacter() ? "\"\"" : "null";
            String row = "{\"" + column.name() + "\":" + value + "}\n";
            assertEquals(List.of(row, row), readBack(table));
        }
    }

    @Test
    void shouldReadBackAFirstRowThatHoldsTheNamesOfTheColumns() throws IOException {
        TableDefinition table = table(TEXTS, "path", "out", "format", "csv");
        write(table, texts("A", "b"));
        assertEquals(List.of("{\"a\":\"A\",\"b\":\"b\"}\n"), readBack(table));
        assertEquals("a,b\nA,b\n", Files.readString(visible().getFirst()));
    }

    @Test
    void shouldStartFilesWithAHeaderOnlyWhenAskedFor() throws IOException {
        write(table(TEXTS, "path", "out", "format", "csv"), texts("x", "y"));
        assertEquals("x,y\n", Files.readString(visible().getFirst()));
        Files.delete(visible().getFirst());
        write(table(TEXTS, "path", "out", "format", "csv", "csv.ignore-first-line", "true"), texts("x", "y"));
        assertEquals("a,b\nx,y\n", Files.readString(visible().getFirst()));
    }

    @Test
    void shouldShowAFileAtTheEndOfTheEpochAndNotBefore() throws IOException {
        Sink sink = connector().openSink(table(NUMBERS, "path", "out"), 7);
        sink.flush();
        assertEquals(List.of(), files());
        sink.write(numbers(0, 10));
        assertEquals(1, files().size());
        assertEquals(List.of(), visible());
        sink.flush();
        assertEquals(files(), visible());
        assertTrue(name(visible().getFirst()).matches("part-00007-[0-9a-f-]{36}-0\\.json"));
        assertEquals(10, Files.readAllLines(visible().getFirst()).size());
        sink.flush();
        assertEquals(1, files().size());
        sink.write(numbers(10, 1));
        sink.close();
        assertEquals(2, visible().size());
        assertEquals(files(), visible());
    }

    @Test
    void shouldPublishAFileThatIsLargeEnoughAfterAWholeRow() throws IOException {
        TableDefinition table = table(NUMBERS, "path", "out", "sink.rolling-policy.file-size", "1 kb");
        Sink sink = connector().openSink(table, 0);
        sink.write(numbers(100_000, 1000));
        // A row has 13 bytes.
        assertEquals(1000 / 79, visible().size());
        for (Path file : visible()) {
            assertEquals(79 * 13, Files.size(file));
        }
        sink.close();
        assertEquals(1000, readBack(table).size());
    }

    @Test
    void shouldPublishAFileThatHasBeenOpenForLong() throws IOException {
        TableDefinition table = table(NUMBERS, "path", "out", "sink.rolling-policy.rollover-interval", "30 s");
        Sink sink = connector().openSink(table, 0);
        sink.write(numbers(0, 1));
        nanos.addAndGet(Duration.ofSeconds(30).toNanos() - 1);
        sink.write(numbers(1, 1));
        assertEquals(0, visible().size());
        nanos.addAndGet(1);
        sink.write(numbers(2, 1));
        assertEquals(1, visible().size());
        sink.write(numbers(3, 1));
        sink.close();
        assertEquals(2, visible().size());
        assertEquals(4, readBack(table).size());
    }

    @Test
    void shouldWriteOnlySelectedRowsAndUpdatesAsPlainRows() throws IOException {
        TableDefinition table = table(NUMBERS, "path", "out");
        byte[] kinds = {0, RowKind.UPDATE_AFTER.code(), RowKind.UPDATE_AFTER.code()};
        write(table, numbers(0, 3).withKinds(kinds).withSelection(new int[] {0, 2}, 2));
        assertEquals("{\"n\":0}\n{\"n\":2}\n", Files.readString(visible().getFirst()));
        assertEquals(SinkChanges.APPEND, connector().changes(table));
    }

    @Test
    void shouldKeepWritersOfTheSamePartitionApart() throws IOException {
        TableDefinition table = table(NUMBERS, "path", "out");
        Sink first = connector().openSink(table, 0);
        Sink second = connector().openSink(table, 0);
        first.write(numbers(0, 5));
        second.write(numbers(5, 5));
        assertEquals(2, files().size());
        first.close();
        second.close();
        assertEquals(10, readBack(table).size());
    }

    @Test
    void shouldRemoveWhatACrashLeftBehindButNothingElse() throws IOException {
        Files.createDirectories(directory.resolve("out"));
        Path abandoned = Files.writeString(directory.resolve("out").resolve(ABANDONED), "{\"n\":1}\n{\"n");
        Path beingWritten = Files.writeString(abandoned.resolveSibling(ABANDONED.replace("-3.", "-4.")), "{\"n\":1}");
        Path foreign = Files.writeString(abandoned.resolveSibling(".part-of-something.json"), "x");
        try (FileChannel channel = FileChannel.open(beingWritten, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            assertTrue(lock.isValid());
            write(table(NUMBERS, "path", "out"), numbers(0, 1));
        }
        assertFalse(Files.exists(abandoned));
        assertTrue(Files.exists(beingWritten));
        assertTrue(Files.exists(foreign));
        assertEquals(1, visible().size());
    }

    @Test
    void shouldSayWhyTheDirectoryTakesNoFiles() throws IOException {
        Files.writeString(directory.resolve("file"), "x");
        assertEquals(
                "the rows of table \"t\" can't be written into directory " + directory.resolve("file")
                        + ": it is a file",
                failed(() -> connector().checkTarget(table(NUMBERS, "path", "file"))));
        assertTrue(
                failed(() -> connector().openSink(table(NUMBERS, "path", "file/below"), 0))
                        .endsWith("Not a directory"));
        Sink sink = connector().openSink(table(NUMBERS, "path", "out"), 0);
        Files.delete(directory.resolve("out"));
        assertTrue(failed(() -> sink.write(numbers(0, 1))).endsWith(" is gone"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 70_000})
    void shouldLeaveNothingOfAnEpochThatDidNotFitTheDisk(int room) throws IOException {
        TableDefinition table = table(NUMBERS, "path", "out");
        Files.createDirectories(directory.resolve("out"));
        PartDirectory.Opener opener = (path, options) -> new FullDisk(FileChannel.open(path, options), room);
        FileSink sink = new FileSink(
                "t",
                new PartDirectory(directory.resolve("out"), 0, "json", opener),
                Formats.of(table).newRowFormat(table),
                RollingPolicy.of(new TableOptions(table)),
                nanos::get);
        MillraceException e = assertThrows(MillraceException.class, () -> {
            sink.write(numbers(0, 10_000));
            sink.flush();
        });
        assertEquals(ErrorCode.SINK_FAILED, e.code());
        assertTrue(e.getMessage().endsWith(": No space left on device"), e.getMessage());
        assertEquals(List.of(), files());
        // What was told to it meanwhile must not look as if it had been taken.
        assertSame(e, assertThrows(MillraceException.class, () -> sink.write(numbers(0, 1))));
        assertSame(e, assertThrows(MillraceException.class, sink::flush));
        sink.close();
        assertEquals(List.of(), files());
    }

    @Test
    void shouldRefuseOptionsThatCantBeWrittenWith() {
        assertEquals(ErrorCode.FORMAT_UNKNOWN, refused(NUMBERS, "path", "x", "format", "parquet").code());
        assertEquals(ErrorCode.OPTION_INVALID, refused(NUMBERS, "path", "x/*.json").code());
        assertEquals(ErrorCode.NOT_SUPPORTED, refused(NUMBERS, "path", "s3://bucket/x").code());
        assertEquals(
                ErrorCode.OPTION_UNKNOWN, refused(NUMBERS, "path", "x", "sink.rolling-policy.size", "1 mb").code());
        String size = "sink.rolling-policy.file-size";
        assertEquals(ErrorCode.OPTION_INVALID, refused(NUMBERS, "path", "x", size, "0").code());
        String interval = "sink.rolling-policy.rollover-interval";
        assertEquals(ErrorCode.OPTION_INVALID, refused(NUMBERS, "path", "x", interval, "now").code());
        String[] csv = {"path", "x", "format", "csv", "csv.disable-quote-character", "true"};
        assertEquals(ErrorCode.OPTION_INVALID, refused(TEXTS, csv).code());
        for (String literal : List.of("a,b", "a\nb", "\"")) {
            String[] options = {"path", "x", "format", "csv", "csv.null-literal", literal};
            assertEquals(ErrorCode.OPTION_INVALID, refused(TEXTS, options).code());
        }
        connector().validateSink(table(TEXTS, "path", "x", "format", "csv", "csv.null-literal", ""));
        connector().validateSink(table(TEXTS, "path", "[x]", "source.splits", "2"));
    }

    private MillraceException refused(Schema schema, String... options) {
        return assertThrows(MillraceException.class, () -> connector().validateSink(table(schema, options)));
    }

    private static String failed(Runnable action) {
        MillraceException e = assertThrows(MillraceException.class, action::run);
        assertEquals(ErrorCode.SINK_FAILED, e.code());
        return e.getMessage();
    }

    private FilesystemConnector connector() {
        return new FilesystemConnector(directory, nanos::get);
    }

    private void write(TableDefinition table, Batch batch) {
        try (Sink sink = connector().openSink(table, 0)) {
            sink.write(batch);
        }
    }

    private static TableDefinition table(Schema schema, String... options) {
        Map<String, String> all = new TreeMap<>(Map.of("connector", "filesystem", "format", "json"));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1].equals("''") ? "" : options[i + 1]);
        }
        return new TableDefinition("t", schema, List.of(), all);
    }

    private static Batch numbers(long first, int count) {
        LongVector vector = new LongVector(count);
        IntStream.range(0, count).forEach(i -> vector.set(i, first + i));
        return Batch.of(new Vector[] {vector}, count);
    }

    private static Batch texts(String... row) {
        Vector[] columns = new Vector[row.length];
        for (int i = 0; i < row.length; i++) {
            BytesVector vector = new BytesVector(1);
            vector.append(0, row[i]);
            columns[i] = vector;
        }
        return Batch.of(columns, 1);
    }

    private static List<String> texts(Schema schema, Batch batch) {
        JsonRowFormat format = new JsonRowFormat(schema);
        TextBuffer text = new TextBuffer();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            text.clear();
            format.append(batch, batch.row(i), text);
            rows.add(text.toString());
        }
        return rows;
    }

    /** All rows of all files as text, sorted. */
    private List<String> readBack(TableDefinition table) {
        connector().validateSource(table);
        List<Integer> columns = IntStream.range(0, table.schema().size()).boxed().toList();
        Source source = connector().openSource(table, columns);
        List<String> rows = new ArrayList<>();
        for (Split split : source.resolveSplits()) {
            try (SplitReader reader = source.open(split, split.start())) {
                ReadStatus status = ReadStatus.MORE;
                while (status != ReadStatus.END) {
                    BatchBuilder into = new BatchBuilder(table.schema(), 100, new BatchArena());
                    status = reader.read(into);
                    assertEquals(List.of(), into.badRecords().stream().map(bad -> bad.reason()).toList());
                    rows.addAll(texts(table.schema(), into.build()));
                }
            }
        }
        return rows.stream().sorted().toList();
    }

    private List<Path> visible() throws IOException {
        return files().stream().filter(file -> !name(file).startsWith(".")).toList();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("out"))) {
            return files.sorted().toList();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
