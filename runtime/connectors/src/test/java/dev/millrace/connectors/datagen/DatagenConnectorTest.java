// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.text.PrintRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BatchBuilder;
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
import dev.millrace.engine.type.TypeKind;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatagenConnectorTest {
    private static final Instant START = Instant.parse("2026-03-01T23:59:58.250Z");
    private static final Schema ALL = Schema.of(
            new Column("flag", SqlType.BOOLEAN),
            new Column("tiny", SqlType.TINYINT),
            new Column("small", SqlType.SMALLINT),
            new Column("i", SqlType.INTEGER),
            new Column("n", SqlType.BIGINT),
            new Column("f", SqlType.FLOAT),
            new Column("d", SqlType.DOUBLE),
            new Column("price", SqlType.decimal(10, 2)),
            new Column("large", SqlType.decimal(38, 10)),
            new Column("s", SqlType.STRING),
            new Column("c", new SqlType(TypeKind.CHAR, 7, 0, true)),
            new Column("v", new SqlType(TypeKind.VARCHAR, 5, 0, true)),
            new Column("b", SqlType.BYTES),
            new Column("day", SqlType.DATE),
            new Column("clock", SqlType.time(0)),
            new Column("ts", SqlType.timestamp(3)),
            new Column("ltz", SqlType.timestampLtz(9)),
            new Column("months", SqlType.INTERVAL_MONTH),
            new Column("span", SqlType.INTERVAL_MILLIS));

    private final AtomicLong nanos = new AtomicLong();
    private final DatagenConnector connector = new DatagenConnector(nanos::get, () -> START);

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void shouldGenerateTheSameRowsInAnyNumberOfSplits(int splits) {
        String[] options = {
            "number-of-rows", "1003", "fields.s.null-rate", "0.3", "fields.s.var-len", "true", "fields.ts.max-past",
            "1 h"
        };
        Map<Long, String> expected = rows(table(ALL, options));
        assertEquals(1003, expected.size());
        String[] more = Arrays.copyOf(options, options.length + 2);
        more[options.length] = "splits";
        more[options.length + 1] = "" + splits;
        assertEquals(expected, rows(table(ALL, more)));
    }

    @Test
    void shouldGiveTheSameSuffixFromEveryPositionAtAnyTime() {
        TableDefinition table = table(ALL, "number-of-rows", "100", "splits", "3");
        Split split = source(table).resolveSplits().get(1);
        Map<Long, String> all = read(table, split, split.start(), 100);
        DatagenConnector later = new DatagenConnector(nanos::get, () -> START.plusSeconds(1000));
        for (long position = split.start(); position <= split.end(); position++) {
            long from = position;
            Map<Long, String> suffix = new TreeMap<>(all);
            suffix.keySet().removeIf(row -> row < from);
            assertEquals(suffix, read(later.openSource(table, all(table)), table, split, position, 7));
        }
    }

    @Test
    void shouldKeepTheValuesOfAColumnWhateverOthersThereAre() {
        Column column = new Column("n", SqlType.BIGINT);
        TableDefinition alone = table(Schema.of(column), "number-of-rows", "50");
        TableDefinition behind = table(Schema.of(new Column("m", SqlType.BIGINT), column), "number-of-rows", "50");
        Map<Long, String> rows = rows(alone);
        Split split = source(behind).resolveSplits().getFirst();
        Source projected = connector.openSource(behind, List.of(1));
        assertEquals(rows, read(projected, alone, split, 0, 50));
        assertNotEquals(rows, rows(table(Schema.of(column), "number-of-rows", "50", "datagen.seed", "1")));
        assertNotEquals(rows, rows(table(Schema.of(new Column("m", SqlType.BIGINT)), "number-of-rows", "50")));
    }

    @Test
    void shouldReachBothBoundsOfIntegersAndNothingElse() {
        for (SqlType type : List.of(SqlType.TINYINT, SqlType.BIGINT, SqlType.decimal(5, 0), SqlType.INTERVAL_MONTH)) {
            Set<String> values = values(type, "number-of-rows", "1000", "fields.x.min", "3", "fields.x.max", "7");
            assertEquals(5, values.size(), type.toString());
        }
        assertEquals(Set.of("-9"),
                values(SqlType.BIGINT, "number-of-rows", "9", "fields.x.min", "-9", "fields.x.max", "-9"));
        Set<String> all = values(SqlType.TINYINT, "number-of-rows", "10000");
        assertEquals(256, all.size());
        assertTrue(all.contains("-128") && all.contains("127"));
    }

    @Test
    void shouldUseTheWholeRangeOfTypesThatHaveNoBounds() {
        Set<String> longs = values(SqlType.BIGINT, "number-of-rows", "1000");
        assertEquals(1000, longs.size());
        assertTrue(longs.stream().anyMatch(x -> x.startsWith("-")) && longs.stream().anyMatch(x -> !x.startsWith("-")));
        for (SqlType type : List.of(SqlType.FLOAT, SqlType.DOUBLE)) {
            Set<String> values = values(type, "number-of-rows", "1000");
            assertTrue(values.stream().allMatch(x -> Double.isFinite(Double.parseDouble(x))));
            assertTrue(values.stream().anyMatch(x -> x.startsWith("-")));
        }
    }

    @Test
    void shouldHoldNumbersToTheirBounds() {
        for (SqlType type : List.of(SqlType.FLOAT, SqlType.DOUBLE, SqlType.decimal(10, 2), SqlType.decimal(38, 10))) {
            BigDecimal sum = BigDecimal.ZERO;
            Set<String> values = values(type, "number-of-rows", "2000", "fields.x.min", "-1.5", "fields.x.max", "2.25");
            for (String value : values) {
                BigDecimal number = new BigDecimal(value);
                assertTrue(number.compareTo(new BigDecimal("-1.5")) >= 0, value);
                assertTrue(number.compareTo(new BigDecimal("2.25")) <= 0, value);
                sum = sum.add(number);
            }
            assertEquals(0.375, sum.doubleValue() / values.size(), 0.15, type.toString());
        }
        assertEquals(376,
                values(SqlType.decimal(10, 2), "number-of-rows", "9000", "fields.x.min", "-1.5", "fields.x.max", "2.25")
                        .size());
    }

    @Test
    void shouldMakeTextsOfTheLengthAskedFor() {
        assertEquals(Set.of(100), lengths(values(SqlType.STRING, "number-of-rows", "100")));
        assertEquals(Set.of(3), lengths(values(SqlType.STRING, "number-of-rows", "100", "fields.x.length", "3")));
        SqlType varchar = new SqlType(TypeKind.VARCHAR, 20, 0, true);
        assertEquals(Set.of(20), lengths(values(varchar, "number-of-rows", "100")));
        assertEquals(Set.of(7), lengths(values(new SqlType(TypeKind.CHAR, 7, 0, true), "number-of-rows", "100")));
        Set<String> varying =
                values(SqlType.STRING, "number-of-rows", "1000", "fields.x.length", "4", "fields.x.var-len", "true");
        assertEquals(Set.of(1, 2, 3, 4), lengths(varying));
        assertTrue(varying.stream().allMatch(x -> x.matches("[0-9a-f]+")));
        // In Base64.
        assertEquals(Set.of(8), lengths(values(SqlType.BYTES, "number-of-rows", "100", "fields.x.length", "6")));
    }

    @Test
    void shouldMakeSoManyNulls() {
        Schema schema = Schema.of(new Column("x", SqlType.BIGINT), new Column("y", SqlType.BOOLEAN));
        TableDefinition table =
                table(schema, "number-of-rows", "10000", "fields.x.null-rate", "0.25", "fields.y.null-rate", "1");
        List<String> rows = List.copyOf(rows(table).values());
        long nulls = rows.stream().filter(row -> row.startsWith("+I[null, ")).count();
        assertEquals(2500, nulls, 150.0);
        assertTrue(rows.stream().allMatch(row -> row.endsWith(", null]")));
    }

    @Test
    void shouldEndWithTheFirstSequence() {
        Schema schema = Schema.of(
                new Column("id", SqlType.BIGINT),
                new Column("p", SqlType.decimal(6, 2)),
                new Column("q", SqlType.decimal(30, 1)),
                new Column("d", SqlType.DOUBLE),
                new Column("s", new SqlType(TypeKind.VARCHAR, 3, 0, true)));
        String[] options = {
            "fields.id.kind", "sequence", "fields.id.start", "-1", "fields.id.end", "1",
            "fields.p.kind", "sequence", "fields.p.start", "0", "fields.p.end", "9999",
            "fields.q.kind", "sequence", "fields.q.start", "8", "fields.q.end", "100",
            "fields.d.kind", "sequence", "fields.d.start", "5", "fields.d.end", "7",
            "fields.s.kind", "sequence", "fields.s.start", "-99", "fields.s.end", "999"
        };
        TableDefinition table = table(schema, options);
        assertTrue(connector.isBounded(table));
        assertEquals(
                List.of(
                        "+I[-1, 0.00, 8.0, 5.0, -99]",
                        "+I[0, 1.00, 9.0, 6.0, -98]",
                        "+I[1, 2.00, 10.0, 7.0, -97]"),
                List.copyOf(rows(table).values()));
    }

    @Test
    void shouldEndOnlyWithANumberOfRowsOrASequence() {
        assertFalse(connector.isBounded(table(ALL)));
        assertTrue(connector.isBounded(table(ALL, "number-of-rows", "0")));
        assertEquals(Map.of(), rows(table(ALL, "number-of-rows", "0")));
        TableDefinition endless = table(ALL, "rows-per-second", "1000000");
        for (Split split : source(endless).resolveSplits()) {
            assertEquals(Split.UNBOUNDED, split.end());
        }
    }

    @Test
    void shouldLetTimeGoOnWithTheRowsFromTheStoredStart() {
        Schema schema = Schema.of(
                new Column("ts", SqlType.timestamp(3)),
                new Column("ts0", SqlType.timestamp(0)),
                new Column("ltz", SqlType.timestampLtz(9)),
                new Column("day", SqlType.DATE),
                new Column("clock", SqlType.time(1)));
        TableDefinition table = table(schema, "number-of-rows", "4", "rows-per-second", "3", "splits", "1");
        assertEquals("0 of 1 from " + START.toEpochMilli(), source(table).resolveSplits().getFirst().description());
        assertEquals(
                List.of(
                        "+I[2026-03-01 23:59:58.250, 2026-03-01 23:59:58.000, 2026-03-01 23:59:58.250000000,"
                                + " 2026-03-01, 23:59:58.2]",
                        "+I[2026-03-01 23:59:58.583, 2026-03-01 23:59:58.000, 2026-03-01 23:59:58.583333333,"
                                + " 2026-03-01, 23:59:58.5]",
                        "+I[2026-03-01 23:59:58.916, 2026-03-01 23:59:58.000, 2026-03-01 23:59:58.916666666,"
                                + " 2026-03-01, 23:59:58.9]",
                        "+I[2026-03-01 23:59:59.250, 2026-03-01 23:59:59.000, 2026-03-01 23:59:59.250000000,"
                                + " 2026-03-01, 23:59:59.2]"),
                List.copyOf(rows(table).values()));
    }

    @Test
    void shouldPutTimestampsBackByTheMostThatIsAllowed() {
        String[] options = {"number-of-rows", "1000", "fields.x.max-past", "2 s"};
        Set<String> values = values(SqlType.timestamp(3), options);
        assertTrue(values.stream().allMatch(x -> x.compareTo("2026-03-01 23:59:56.250") >= 0));
        assertTrue(values.stream().anyMatch(x -> x.compareTo("2026-03-01 23:59:56.350") < 0));
        assertTrue(values.stream().anyMatch(x -> x.compareTo("2026-03-01 23:59:58.150") > 0));
    }

    @Test
    void shouldNotBeFasterThanTheRate() {
        TableDefinition table = table(ALL, "rows-per-second", "1000", "splits", "2");
        Source source = source(table);
        Split split = source.resolveSplits().getFirst();
        try (SplitReader reader = source.open(split, 0)) {
            assertEquals(0, readOnce(reader, 8192, ReadStatus.IDLE));
            nanos.addAndGet(Duration.ofMillis(100).toNanos());
            assertEquals(20, readOnce(reader, 20, ReadStatus.MORE));
            assertEquals(30, readOnce(reader, 8192, ReadStatus.IDLE));
            assertEquals(0, readOnce(reader, 8192, ReadStatus.IDLE));
            nanos.addAndGet(Duration.ofSeconds(10).toNanos());
            assertEquals(500, readOnce(reader, 8192, ReadStatus.IDLE));
        }
    }

    @Test
    void shouldKeepBatchesOfLongTextsSmall() {
        TableDefinition table =
                table(Schema.of(new Column("s", SqlType.STRING)), "fields.s.length", "1000000", "rows-per-second",
                        "1000");
        Source source = source(table);
        try (SplitReader reader = source.open(source.resolveSplits().getFirst(), 0)) {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            BatchBuilder into = new BatchBuilder(table.schema(), 8192, new BatchArena());
            assertEquals(ReadStatus.MORE, reader.read(into));
            assertEquals(4, into.rows());
        }
    }

    @Test
    void shouldHaveOneSplitUnlessItIsFast() {
        assertEquals(1, source(table(ALL)).resolveSplits().size());
        assertEquals(3, source(table(ALL, "rows-per-second", "30000")).resolveSplits().size());
        assertEquals(4, source(table(ALL, "rows-per-second", "1000000000")).resolveSplits().size());
        assertEquals(9, source(table(ALL, "splits", "9")).resolveSplits().size());
    }

    @ParameterizedTest
    @CsvSource({
        "fields.prise.min, 1, OPTION_UNKNOWN, price",
        "fields.price.mn, 1, OPTION_UNKNOWN, min",
        "row-per-second, 1, OPTION_UNKNOWN, rows-per-second",
        "fields.price, 1, OPTION_UNKNOWN, ''",
        "rows-per-second, 0, OPTION_INVALID, ''",
        "number-of-rows, -1, OPTION_INVALID, ''",
        "fields.price.kind, serial, OPTION_INVALID, ''",
        "fields.flag.kind, sequence, OPTION_INVALID, ''",
        "fields.ts.kind, sequence, OPTION_INVALID, ''",
        "fields.n.kind, sequence, OPTION_MISSING, ''",
        "fields.n.start, 1, OPTION_INVALID, ''",
        "fields.n.length, 1, OPTION_INVALID, ''",
        "fields.c.length, 8, OPTION_INVALID, ''",
        "fields.v.length, 6, OPTION_INVALID, ''",
        "fields.s.length, 0, OPTION_INVALID, ''",
        "fields.s.min, 0, OPTION_INVALID, ''",
        "fields.tiny.max, 128, OPTION_INVALID, ''",
        "fields.tiny.min, 1.5, OPTION_INVALID, ''",
        "fields.price.min, 0.001, OPTION_INVALID, ''",
        "fields.price.max, 100000000, OPTION_INVALID, ''",
        "fields.f.max, 1e39, OPTION_INVALID, ''",
        "fields.d.max, 1e309, OPTION_INVALID, ''",
        "fields.price.null-rate, 1.1, OPTION_INVALID, ''",
        "fields.day.max-past, 1 d, OPTION_INVALID, ''",
        "fields.ts.max-past, long ago, OPTION_INVALID, ''",
        "fields.ts.max-past, 40000 d, OPTION_INVALID, ''"
    })
    void shouldRefuseAnOptionThatMakesNoSense(String name, String value, ErrorCode code, String near) {
        MillraceException e = refused(ALL, name, value);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(near.isEmpty() || e.hint().startsWith("did you mean \"" + near + "\"?"), e.hint());
    }

    @Test
    void shouldRefuseOptionsThatDontFitTogether() {
        String[] bounds = {"fields.n.min", "2", "fields.n.max", "1"};
        assertEquals(ErrorCode.OPTION_INVALID, refused(ALL, bounds).code());
        String[] backwards = {"fields.n.kind", "sequence", "fields.n.start", "2", "fields.n.end", "1"};
        assertEquals(ErrorCode.OPTION_INVALID, refused(ALL, backwards).code());
        String[] tooLong = {"fields.v.kind", "sequence", "fields.v.start", "0", "fields.v.end", "100000"};
        assertEquals(ErrorCode.OPTION_INVALID, refused(ALL, tooLong).code());
        String[] tooMany = {
            "fields.n.kind", "sequence", "fields.n.start", "" + Long.MIN_VALUE, "fields.n.end", "" + Long.MAX_VALUE
        };
        assertEquals(ErrorCode.OPTION_INVALID, refused(ALL, tooMany).code());
        Schema never = Schema.of(new Column("n", SqlType.BIGINT.withNullable(false)));
        assertEquals(ErrorCode.OPTION_INVALID, refused(never, "fields.n.null-rate", "0.1").code());
        assertEquals(ErrorCode.INVALID_QUERY, refused(Schema.of()).code());
    }

    private MillraceException refused(Schema schema, String... options) {
        return assertThrows(MillraceException.class, () -> connector.validateSource(table(schema, options)));
    }

    private Set<String> values(SqlType type, String... options) {
        return rows(table(Schema.of(new Column("x", type)), options)).values().stream()
                .map(row -> row.substring(3, row.length() - 1))
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static Set<Integer> lengths(Set<String> values) {
        return values.stream().map(String::length).collect(Collectors.toSet());
    }

    private static TableDefinition table(Schema schema, String... options) {
        Map<String, String> all = new TreeMap<>(Map.of("connector", "datagen"));
        for (int i = 0; i < options.length; i += 2) {
            all.put(options[i], options[i + 1]);
        }
        return new TableDefinition("t", schema, List.of(), all);
    }

    private static List<Integer> all(TableDefinition table) {
        return IntStream.range(0, table.schema().size()).boxed().toList();
    }

    private Source source(TableDefinition table) {
        connector.validateSource(table);
        return connector.openSource(table, all(table));
    }

    /** All rows by number, as print shows them. */
    private Map<Long, String> rows(TableDefinition table) {
        Map<Long, String> rows = new TreeMap<>();
        for (Split split : source(table).resolveSplits()) {
            rows.putAll(read(table, split, split.start(), 1000));
        }
        return rows;
    }

    private Map<Long, String> read(TableDefinition table, Split split, long position, int batchRows) {
        return read(source(table), table, split, position, batchRows);
    }

    private Map<Long, String> read(Source source, TableDefinition table, Split split, long position, int batchRows) {
        Map<Long, String> rows = new TreeMap<>();
        PrintRowFormat format = new PrintRowFormat(table.schema());
        try (SplitReader reader = source.open(split, position)) {
            ReadStatus status = ReadStatus.IDLE;
            while (status != ReadStatus.END) {
                nanos.addAndGet(Duration.ofSeconds(1).toNanos());
                BatchBuilder into = new BatchBuilder(table.schema(), batchRows, new BatchArena());
                status = reader.read(into);
                Batch batch = into.build();
                for (int r = 0; r < batch.size(); r++) {
                    TextBuffer text = new TextBuffer();
                    format.append(batch, r, text);
                    rows.put(batch.positions()[r], text.toString().strip());
                }
            }
            assertTrue(reader.position() >= split.end());
        }
        return rows;
    }

    private static int readOnce(SplitReader reader, int rowsMax, ReadStatus expected) {
        BatchBuilder into = new BatchBuilder(ALL, rowsMax, new BatchArena());
        ReadStatus status = reader.read(into);
        assertEquals(expected, status);
        return into.rows();
    }
}
