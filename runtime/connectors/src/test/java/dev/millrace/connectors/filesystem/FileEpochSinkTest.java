// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.KilledReleases;
import dev.millrace.connectors.OwnersInTurn;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class FileEpochSinkTest {
    private static final Schema NUMBERS = Schema.of(new Column("n", SqlType.BIGINT));

    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    /** What a crash leaves behind: never closed. */
    private final List<EpochSink> crashed = new ArrayList<>();

    private EpochSink sink(long incarnation, String... options) {
        FilesystemConnector connector = new FilesystemConnector(directory, nanos::get);
        return connector.openEpochSink(table(options), new EpochOwner("job", 1, 0, 3, incarnation));
    }

    private EpochSink crashing(long incarnation) {
        EpochSink sink = sink(incarnation);
        crashed.add(sink);
        return sink;
    }

    private TableDefinition table(String... options) {
        Map<String, String> all = new TreeMap<>(
                Map.of("connector", "filesystem", "path", directory.resolve("out").toString(), "format", "csv"));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        return new TableDefinition("t", NUMBERS, List.of(), all);
    }

    private static List<Batch> rows(long... values) {
        LongVector numbers = new LongVector(values.length);
        for (int i = 0; i < values.length; i++) {
            numbers.set(i, values[i]);
        }
        return List.of(Batch.of(new Vector[] {numbers}, values.length));
    }

    @Test
    void shouldTellTheNextSinkWhatWasReleasedAndShowItWhole() throws IOException {
        try (EpochSink sink = sink(1)) {
            assertEquals(EpochSink.NONE, sink.open());
            sink.release(0, rows(1, 2));
            sink.release(5, rows(3));
            assertEquals(List.of(), shown());
        }
        assertEquals(List.of("1", "2", "3"), lines());
        assertEquals("part-job-1-0-3-0000000000000000000.csv", shown().getFirst().getFileName().toString());
        try (EpochSink sink = sink(2)) {
            assertEquals(5, sink.open());
            sink.release(6, List.of());
        }
        try (EpochSink sink = sink(2)) {
            assertEquals(6, sink.open());
        }
        assertEquals(List.of("1", "2", "3"), lines());
    }

    @Test
    void shouldGoOnWithThePartOfASinkThatCrashed() throws IOException {
        EpochSink first = crashing(1);
        first.open();
        first.release(0, rows(1));
        EpochSink second = crashing(2);
        assertEquals(0, second.open());
        EpochSink third = crashing(3);
        assertEquals(0, third.open());
        third.release(1, rows(2));
        try (EpochSink last = sink(4)) {
            assertEquals(1, last.open());
            last.release(2, rows(3));
        }
        assertEquals(List.of("1", "2", "3"), lines());
        assertEquals(1, shown().size());
    }

    @Test
    void shouldLeaveOutWhatWasWrittenBehindTheLastEpoch() throws IOException {
        EpochSink first = crashing(1);
        first.open();
        first.release(0, rows(1));
        Files.writeString(hidden("rows"), "not released\n", StandardOpenOption.APPEND);
        Files.write(hidden("epochs"), new byte[30], StandardOpenOption.APPEND);
        try (EpochSink last = sink(2)) {
            assertEquals(0, last.open());
        }
        assertEquals(List.of("1"), lines());
    }

    @Test
    void shouldRefuseAnOlderSinkOnceANewerOneIsOpen() throws IOException {
        EpochSink older = crashing(1);
        older.open();
        older.release(0, rows(1));
        try (EpochSink newer = sink(2)) {
            assertEquals(0, newer.open());
            fenced(() -> older.release(1, rows(-1)));
            assertThrows(IllegalStateException.class, () -> older.release(1, rows(-1)));
            older.close();
            newer.release(1, rows(2));
        }
        assertEquals(List.of("1", "2"), lines());
    }

    @Test
    void shouldNotShowThePartOfAnOlderSinkThatIsClosed() throws IOException {
        EpochSink older = crashing(1);
        older.open();
        older.release(0, rows(1));
        try (EpochSink newer = sink(2)) {
            newer.open();
            fenced(older::close);
            assertEquals(List.of(), shown());
        }
        assertEquals(List.of("1"), lines());
    }

    @Test
    void shouldRefuseToOpenAfterALaterStartWithoutDisturbingIt() throws IOException {
        try (EpochSink later = sink(2)) {
            later.open();
            fenced(() -> crashing(1).open());
            later.release(0, rows(1));
        }
        assertEquals(List.of("1"), lines());
    }

    @Test
    void shouldShowAPartThatWasCompleteWhenItsSinkCrashed() throws IOException {
        EpochSink first = crashing(1);
        first.open();
        first.release(0, rows(1));
        // As a crash between the slot and the new name leaves it.
        EpochDirectory epochs = new EpochDirectory(directory.resolve("out"), "job-1-0-3", "csv");
        assertTrue(epochs.publish(1, new EpochSlot(1, 0, 0)));
        EpochSink second = crashing(2);
        assertEquals(0, second.open());
        assertEquals(List.of("1"), lines());
        // Whoever reads the files may have taken it away: it does not come again.
        Files.delete(shown().getFirst());
        try (EpochSink last = sink(3)) {
            assertEquals(0, last.open());
        }
        assertEquals(List.of(), shown());
    }

    @Test
    void shouldShowAPartWhenItIsLargeOrOldAndOnlyBetweenEpochs() throws IOException {
        try (EpochSink sink = sink(1, "sink.rolling-policy.file-size", "6b")) {
            sink.open();
            sink.release(0, rows(1, 2));
            assertEquals(0, shown().size());
            sink.release(1, rows(3, 4, 5, 6));
            assertEquals(1, shown().size());
            sink.release(2, rows(7));
            nanos.addAndGet(Duration.ofMinutes(1).toNanos() - 1);
            sink.release(3, List.of());
            assertEquals(1, shown().size());
            nanos.addAndGet(1);
            sink.release(4, List.of());
            assertEquals(2, shown().size());
            nanos.addAndGet(Duration.ofHours(1).toNanos());
            sink.release(5, List.of());
            assertEquals(2, shown().size());
        }
        assertEquals(List.of("1", "2", "3", "4", "5", "6", "7"), lines());
        try (EpochSink sink = sink(2)) {
            assertEquals(5, sink.open());
        }
    }

    @Test
    void shouldWriteOneHeaderAPart() throws IOException {
        EpochSink first = sink(1, "csv.ignore-first-line", "true");
        crashed.add(first);
        first.open();
        first.release(0, rows(1));
        try (EpochSink last = sink(2, "csv.ignore-first-line", "true")) {
            last.open();
            last.release(1, rows(2));
        }
        assertEquals(List.of("1", "2", "n"), lines());
    }

    @Test
    void shouldFindEveryFlippedByteOfWhatASinkLeaves() throws IOException {
        EpochSink first = crashing(1);
        first.open();
        first.release(0, rows(1, 2, 3));
        first.release(1, List.of());
        for (String kind : List.of("slot", "rows", "epochs")) {
            Path file = hidden(kind);
            byte[] content = Files.readAllBytes(file);
            // The last record of the epochs may be torn by a crash; it is as if it had not been released.
            int end = kind.equals("epochs") ? content.length - 24 : content.length;
            for (int i = 0; i < end; i++) {
                flip(file, i);
                MillraceException e = assertThrows(MillraceException.class, () -> crashing(1).open(), kind + " " + i);
                assertEquals(ErrorCode.STATE_DAMAGED, e.code(), e.getMessage());
                flip(file, i);
                removeLaterThanFirst();
            }
        }
    }

    /** Removes what an open that failed has left. */
    private void removeLaterThanFirst() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("out/.epochs/job-1-0-3"))) {
            for (Path file : files.filter(file -> !file.getFileName().toString().startsWith("0".repeat(19))).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void flip(Path file, int at) throws IOException {
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(at);
            int value = bytes.read();
            bytes.seek(at);
            bytes.write(value ^ 4);
        }
    }

    @Test
    void shouldKeepSupersededSlotsForAnHour() throws IOException {
        for (int i = 1; i <= 3; i++) {
            crashing(i).open();
        }
        Path epochs = directory.resolve("out/.epochs/job-1-0-3");
        assertEquals(3, slots(epochs).size());
        Path oldest = slots(epochs).getFirst();
        Files.setLastModifiedTime(
                oldest, FileTime.fromMillis(System.currentTimeMillis() - Duration.ofMinutes(61).toMillis()));
        crashing(4).open();
        assertEquals(3, slots(epochs).size());
        assertTrue(Files.notExists(oldest));
    }

    private static List<Path> slots(Path epochs) throws IOException {
        try (Stream<Path> files = Files.list(epochs)) {
            return files.filter(file -> file.toString().endsWith(".slot")).sorted().toList();
        }
    }

    @Test
    @Tag("integration")
    @Timeout(30)
    void shouldReleaseEachRowOnceThroughKilledProcesses() throws Exception {
        long seed = 47;
        List<Long> expected = KilledReleases.run(table("sink.rolling-policy.file-size", "5kb").options(), seed);
        assertEquals(expected, lines().stream().map(Long::valueOf).sorted().toList(), "seed " + seed);
        assertTrue(shown().size() > 3, shown().toString());
    }

    @Test
    @Tag("integration")
    @Timeout(30)
    void shouldReleaseEachRowOnceWhenOwnersTakeTheTargetFromEachOther() throws IOException {
        long seed = 5;
        Map<String, String> options = table("sink.rolling-policy.file-size", "3kb").options();
        List<Long> expected = OwnersInTurn.run(options, 400, Set.of(ErrorCode.STATE_FENCED), seed);
        assertEquals(expected, lines().stream().map(Long::valueOf).sorted().toList(), "seed " + seed);
    }

    private static void fenced(Executable action) {
        MillraceException e = assertThrows(MillraceException.class, action);
        assertEquals(ErrorCode.STATE_FENCED, e.code(), e.getMessage());
    }

    private Path hidden(String kind) {
        return directory.resolve("out/.epochs/job-1-0-3/" + "0".repeat(19) + "." + kind);
    }

    private List<Path> shown() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("out"))) {
            return files.filter(file -> !file.getFileName().toString().startsWith(".")).sorted().toList();
        }
    }

    /** All rows that are shown, sorted. */
    private List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : shown()) {
            lines.addAll(Files.readAllLines(file));
        }
        return lines.stream().sorted().toList();
    }
}
