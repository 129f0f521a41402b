// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.connector.ReadStatus;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilesystemConnectorTest {
    private static final Schema SCHEMA =
            Schema.of(new Column("n", SqlType.BIGINT), new Column("s", SqlType.STRING));
    private static final ReadLimits USUAL = new ReadLimits(1 << 16, 1 << 16);

    /** A read row or bad record. */
    private record Item(long position, String text) {}

    @TempDir
    private Path directory;

    @Test
    void shouldReadTheFilesOfADirectoryInTheOrderOfTheirPaths() throws IOException {
        write("d/b.json", "{\"n\":3}\n");
        write("d/a.json", "{\"n\":1}\n{\"n\":2}");
        write("d/c/d.json", "");
        write("d/c/e.json", "\n\n{\"n\":4}\r\n");
        write("d/_temporary/x.json", "{\"n\":9}");
        write("d/.hidden.json", "{\"n\":9}");
        Source source = source("path", "d", "source.splits", "1");
        List<Split> splits = source.resolveSplits();
        assertEquals(1, splits.size());
        assertEquals(List.of("1 null", "2 null", "3 null", "4 null"), texts(readAll(source, splits.getFirst())));
    }

    @Test
    void shouldDealFilesOutToSplitsInTurn() throws IOException {
        for (int i = 0; i < 10; i++) {
            write("f" + i + ".json", "{\"n\":" + i + "}");
        }
        Source source = source("path", directory.resolve("f*.json").toString());
        List<Split> splits = source.resolveSplits();
        assertEquals(8, splits.size());
        assertEquals(List.of("0 null", "8 null"), texts(readAll(source, splits.get(0))));
        assertEquals(List.of("7 null"), texts(readAll(source, splits.get(7))));
        assertEquals(1, source("path", "f1.json").resolveSplits().size());
        assertEquals(2, source("path", "file://" + directory + "/f{1,2}.json").resolveSplits().size());
        assertEquals(1, source("path", directory.resolve("f1.json").toUri().toString()).resolveSplits().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv"})
    void shouldReadTheSameInChunksOfAnySize(String format) throws IOException {
        long seed = 5;
        Random random = new Random(seed);
        for (int i = 0; i < 3; i++) {
            write("f" + i, randomRecords(random, format));
        }
        String[] options = {"path", ".", "format", format, "source.splits", "1"};
        Source whole = source(new ReadLimits(1 << 20, 200), options);
        Split split = whole.resolveSplits().getFirst();
        List<Item> expected = readAll(whole, split);
        assertTrue(expected.size() > 300, "seed " + seed);
        assertTrue(expected.stream().anyMatch(r -> r.text().contains("larger")), "seed " + seed);
        for (int chunk : new int[] {1, 2, 3, 7, 64, 201, 202, 203, 1000}) {
            Source source = source(new ReadLimits(chunk, 200), options);
            assertEquals(expected, readAll(source, split), "seed " + seed + ", chunks of " + chunk);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "csv"})
    void shouldGiveTheSameSuffixFromEveryPosition(String format) throws IOException {
        long seed = 6;
        Random random = new Random(seed);
        write("a", "\uFEFF" + randomRecords(random, format));
        write("b", randomRecords(random, format));
        String[] options = {"path", ".", "format", format, "source.splits", "1"};
        Source source = source(new ReadLimits(100, 200), options);
        Split split = source.resolveSplits().getFirst();
        List<Item> all = readAll(source, split);
        try (SplitReader reader = source.open(split, split.start())) {
            int read = 0;
            ReadStatus status = ReadStatus.MORE;
            while (status != ReadStatus.END) {
                BatchBuilder into = new BatchBuilder(SCHEMA, 1, new BatchArena());
                status = reader.read(into);
                read += into.rows() + into.badRecords().size();
                long position = reader.position();
                assertEquals(
                        all.subList(read, all.size()), readAll(source, split, position),
                        "seed " + seed + " " + position);
            }
            assertEquals(split.end(), reader.position());
        }
    }

    @Test
    void shouldSayWhereABadRecordStands() throws IOException {
        write("a.json", "{\"n\":1}\n{\"n\":\"x\"}\r\n{\"n\":2}");
        Source source = source("path", "a.json");
        BatchBuilder into = new BatchBuilder(SCHEMA, 10, new BatchArena());
        assertEquals(ReadStatus.END, source.open(source.resolveSplits().getFirst(), 0).read(into));
        assertEquals(2, into.rows());
        BadRecord bad = into.badRecords().getFirst();
        assertEquals(8, bad.position());
        assertEquals("{\"n\":\"x\"}", new String(bad.bytes(), StandardCharsets.UTF_8));
        assertEquals(ErrorCode.RECORD_MALFORMED, bad.code());
        assertEquals("column \"n\": 'x' is not a value of BIGINT (a.json, byte 8)", bad.reason());
    }

    @Test
    void shouldFailAtABadRecordWhenAskedTo() throws IOException {
        write("a.json", "{\"n\":1}\n{\"n\":\"x\"}\n");
        Source source = source("path", "a.json", "on-error", "fail");
        SplitReader reader = source.open(source.resolveSplits().getFirst(), 0);
        BatchBuilder into = new BatchBuilder(SCHEMA, 10, new BatchArena());
        MillraceException e = assertThrows(MillraceException.class, () -> reader.read(into));
        assertEquals(ErrorCode.RECORD_MALFORMED, e.code());
        assertTrue(e.getMessage().contains("a.json, byte 8"));
    }

    @Test
    void shouldKeepTheBeginningOfARecordThatIsTooLarge() throws IOException {
        write("a.json", "{\"n\":1}\n{\"s\":\"" + "x".repeat(200_000) + "\"}\n{\"n\":2}\n");
        Source source = source("path", "a.json");
        BatchBuilder into = new BatchBuilder(SCHEMA, 10, new BatchArena());
        assertEquals(ReadStatus.END, source.open(source.resolveSplits().getFirst(), 0).read(into));
        assertEquals(2, into.rows());
        BadRecord bad = into.badRecords().getFirst();
        assertEquals(ErrorCode.RECORD_TOO_LARGE, bad.code());
        assertEquals(ReadLimits.KEPT_BYTES_MAX, bad.bytes().length);
    }

    @Test
    void shouldStopAfterManyBadRecordsAndGoOn() throws IOException {
        write("a.json", "x\n".repeat(3000));
        Source source = source("path", "a.json");
        SplitReader reader = source.open(source.resolveSplits().getFirst(), 0);
        BatchBuilder into = new BatchBuilder(SCHEMA, 10, new BatchArena());
        assertEquals(ReadStatus.MORE, reader.read(into));
        assertEquals(1024, into.badRecords().size());
        assertEquals(2048, reader.position());
    }

    @Test
    void shouldRefuseAFileThatChanged() throws IOException {
        Path file = write("a.json", "{\"n\":1}\n");
        Source source = source("path", "a.json");
        Split split = source.resolveSplits().getFirst();
        FileTime time = Files.getLastModifiedTime(file);
        write("a.json", "{\"n\":2}\n");
        Files.setLastModifiedTime(file, time);
        assertEquals(ErrorCode.FILE_CHANGED, readError(source, split).code());
        write("a.json", "{\"n\":1}\n");
        Files.setLastModifiedTime(file, time);
        assertEquals(1, readAll(source, split).size());
        Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 5000));
        assertEquals(ErrorCode.FILE_CHANGED, readError(source, split).code());
        Files.delete(file);
        assertEquals(ErrorCode.FILE_CHANGED, readError(source, split).code());
    }

    @Test
    void shouldSayWhatIsThereInstead() throws IOException {
        write("data/orders.json", "{}");
        Files.createDirectory(directory.resolve("empty"));
        MillraceException wrongName = notFound("data/ordres.json");
        assertTrue(wrongName.hint().startsWith("did you mean \"orders.json\"?"), wrongName.hint());
        MillraceException wrongDirectory = notFound("dta/orders.json");
        assertTrue(wrongDirectory.getMessage().contains("there is no directory"), wrongDirectory.getMessage());
        assertTrue(wrongDirectory.hint().startsWith("did you mean \"data\"?"), wrongDirectory.hint());
        assertTrue(notFound("data/*.csv").hint().contains("orders.json"));
        notFound("empty");
        notFound("nowhere/*.csv");
        notFound("data/[.json");
        Source remote = source("path", "s3://bucket/x");
        MillraceException e = assertThrows(MillraceException.class, remote::resolveSplits);
        assertEquals(ErrorCode.NOT_SUPPORTED, e.code());
    }

    @Test
    void shouldFindFilesBelowDirectoriesThatLookLikePatterns() throws IOException {
        write("[x]/a.json", "{}");
        write("[x]/b.json", "{}");
        FilesystemConnector connector = new FilesystemConnector(directory.resolve("[x]"), System::nanoTime);
        TableDefinition table = table("path", "*.json");
        assertEquals(2, connector.openSource(table, List.of(0)).resolveSplits().size());
        assertEquals(1, source("path", "[x]/a.json").resolveSplits().size());
    }

    @Test
    void shouldKeepNamesWithLineEndsInTheSplit() throws IOException {
        write("a\n%0A b.json", "{\"n\":1}");
        Source source = source("path", ".");
        assertEquals(1, readAll(source, source.resolveSplits().getFirst()).size());
    }

    @Test
    void shouldRefuseOptionsAndColumnsThatMakeNoSense() {
        assertEquals(ErrorCode.OPTION_MISSING, refused(SCHEMA, "format", "json").code());
        assertEquals(ErrorCode.FORMAT_UNKNOWN, refused(SCHEMA, "path", "x", "format", "jsn").code());
        assertEquals(ErrorCode.OPTION_INVALID, refused(SCHEMA, "path", "x", "source.splits", "0").code());
        assertEquals(ErrorCode.OPTION_UNKNOWN, refused(SCHEMA, "path", "x", "csv.null-literal", "").code());
        assertEquals(ErrorCode.OPTION_INVALID, refused(SCHEMA, "path", "x", "on-error", "explode").code());
        assertEquals(ErrorCode.NOT_SUPPORTED, refused(SCHEMA, "path", "x", "source.monitor-interval", "1 s").code());
        Schema interval = Schema.of(new Column("i", SqlType.INTERVAL_MILLIS));
        assertEquals(ErrorCode.TYPE_NOT_SUPPORTED, refused(interval, "path", "x").code());
        assertEquals(ErrorCode.INVALID_QUERY, refused(Schema.of(), "path", "x").code());
    }

    private MillraceException refused(Schema schema, String... options) {
        TableDefinition table = new TableDefinition("t", schema, List.of(), table(options).options());
        return assertThrows(MillraceException.class,
                () -> new FilesystemConnector(directory, System::nanoTime).validateSource(table));
    }

    private MillraceException notFound(String path) {
        Source source = source("path", path);
        MillraceException e = assertThrows(MillraceException.class, source::resolveSplits);
        assertEquals(ErrorCode.FILE_NOT_FOUND, e.code());
        return e;
    }

    private static MillraceException readError(Source source, Split split) {
        return assertThrows(MillraceException.class, () -> readAll(source, split));
    }

    /** Records with everything that may stand at the border of a chunk, some of them bad or too large. */
    private static String randomRecords(Random random, String format) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 150; i++) {
            String value =
                    "ü\uD83D\uDE00x, ".repeat(random.nextInt(10)) + (random.nextInt(40) == 0 ? "y".repeat(300) : "");
            boolean isBad = random.nextInt(10) == 0;
            if (format.equals("json")) {
                String escape = random.nextBoolean() ? "\\n" : "";
                text.append("{\"n\":").append(isBad ? "x" : i).append(",\"s\":\"").append(value).append(escape);
                text.append("\"}").append(random.nextInt(10) == 0 ? "  " : "");
            } else {
                String inner = random.nextBoolean() ? "\n\"\"" : "";
                text.append(isBad ? "x" : i).append(",\"").append(value).append(inner).append('"');
            }
            text.append(new String[] {"\n", "\r\n", "\n\n", "\n\r\n"}[random.nextInt(4)]);
        }
        return random.nextBoolean() ? text.toString() : text.toString().stripTrailing();
    }

    private static List<String> texts(List<Item> items) {
        return items.stream().map(Item::text).toList();
    }

    private static List<Item> readAll(Source source, Split split) {
        return readAll(source, split, split.start());
    }

    private static List<Item> readAll(Source source, Split split, long position) {
        List<Item> items = new ArrayList<>();
        BatchArena arena = new BatchArena();
        try (SplitReader reader = source.open(split, position)) {
            ReadStatus status;
            do {
                arena.reset();
                BatchBuilder into = new BatchBuilder(SCHEMA, 7, arena);
                status = reader.read(into);
                Batch batch = into.build();
                for (int r = 0; r < batch.size(); r++) {
                    LongVector n = (LongVector) batch.column(0);
                    BytesVector s = (BytesVector) batch.column(1);
                    String text = (n.isNull(r) ? "null" : n.get(r)) + " " + (s.isNull(r) ? "null" : s.getString(r));
                    items.add(new Item(batch.positions()[r], text));
                }
                for (BadRecord bad : into.badRecords()) {
                    String record = new String(bad.bytes(), StandardCharsets.UTF_8);
                    items.add(new Item(bad.position(), bad.code() + " " + bad.reason() + " " + record));
                }
            } while (status != ReadStatus.END);
            assertEquals(split.end(), reader.position());
        }
        items.sort(java.util.Comparator.comparingLong(Item::position));
        return items;
    }

    private Path write(String name, String text) throws IOException {
        Path path = directory.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, text);
    }

    private Source source(String... options) {
        return source(USUAL, options);
    }

    private Source source(ReadLimits limits, String... options) {
        return new FileSource(table(options), List.of(0, 1), new FileFinder(directory), limits);
    }

    private static TableDefinition table(String... options) {
        Map<String, String> map = new HashMap<>(Map.of("connector", "filesystem"));
        for (int i = 0; i < options.length; i += 2) {
            map.put(options[i], options[i + 1]);
        }
        if (map.containsKey("path")) {
            map.putIfAbsent("format", "json");
        }
        return new TableDefinition("t", SCHEMA, List.of(), map);
    }
}
