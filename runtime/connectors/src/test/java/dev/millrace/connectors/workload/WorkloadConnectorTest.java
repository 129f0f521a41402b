// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DoubleVector;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadConnectorTest {
    private final AtomicLong nanos = new AtomicLong();
    private final WorkloadConnector connector = new WorkloadConnector(nanos::get);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16})
    void shouldGiveTheRowsOfTheGeneratorInAnyNumberOfSplits(int splits) {
        for (String workload : List.of("market", "orders")) {
            TableDefinition table = table("workload", workload, "rows", "20011", "splits", "" + splits);
            Gen gen = Gen.of("S2");
            TreeMap<Long, String> rows = new TreeMap<>();
            Source source = connector.openSource(table, all(table));
            for (Split split : source.resolveSplits()) {
                long before = -1;
                for (Map.Entry<Long, String> row : rows(source, split, split.start(), table.schema(), 1000)) {
                    assertTrue(row.getKey() > before && row.getKey() % splits == split.index());
                    before = row.getKey();
                    rows.put(row.getKey(), row.getValue());
                }
            }
            assertEquals(20_011, rows.size());
            rows.forEach((i, row) -> assertEquals(expected(workload, gen, i), row));
        }
    }

    @Test
    void shouldGiveTheSameSuffixFromEveryPosition() {
        TableDefinition table = table("workload", "market", "rows", "100", "splits", "3", "rows-per-ms", "7");
        Source source = connector.openSource(table, all(table));
        for (Split split : source.resolveSplits()) {
            List<Map.Entry<Long, String>> rows = rows(source, split, split.start(), table.schema(), 13);
            for (long position = split.start(); position <= split.end(); position++) {
                long from = position;
                List<Map.Entry<Long, String>> suffix = rows.stream().filter(r -> r.getKey() >= from).toList();
                assertEquals(suffix, rows(source, split, position, table.schema(), 5));
            }
        }
    }

    @Test
    void shouldStandAtTheEndOfTheSplitWhenAllIsRead() {
        for (long rows = 0; rows < 10; rows++) {
            TableDefinition table = table("workload", "orders", "rows", "" + rows, "splits", "4");
            Source source = connector.openSource(table, List.of(0));
            for (Split split : source.resolveSplits()) {
                SplitReader reader = source.open(split, split.start());
                BatchBuilder into = new BatchBuilder(table.schema().select(new int[] {0}), 100, new BatchArena());
                assertEquals(ReadStatus.END, reader.read(into));
                assertEquals(split.end(), reader.position());
                assertEquals(ReadStatus.END, reader.read(into));
            }
        }
    }

    @Test
    void shouldGenerateOnlyTheColumnsWantedInTheirOrder() {
        TableDefinition table = table("workload", "market", "rows", "10");
        Source source = connector.openSource(table, List.of(3, 0));
        BatchBuilder into = new BatchBuilder(table.schema().select(new int[] {3, 0}), 10, new BatchArena());
        Split split = source.resolveSplits().getFirst();
        source.open(split, 0).read(into);
        Gen gen = Gen.of("S2");
        assertEquals(Gen.quantity(gen.hash(4)), ((LongVector) into.column(0)).get(1));
        assertEquals("TRADER" + gen.key(gen.hash(4)) / 100, ((BytesVector) into.column(1)).getString(1));
    }

    @Test
    void shouldTakeSomeColumnsInAnyOrderWithTheirTypes() {
        Schema schema = Schema.of(new Column("ts", SqlType.timestamp(3)), new Column("symbol", SqlType.STRING));
        connector.validateSource(new TableDefinition("t", schema, List.of(), options("workload", "market")));
        assertEquals(ErrorCode.COLUMN_NOT_FOUND, refused(new Column("symbl", SqlType.STRING)).code());
        assertTrue(refused(new Column("symbl", SqlType.STRING)).hint().startsWith("did you mean \"symbol\"?"));
        assertEquals(ErrorCode.TYPE_MISMATCH, refused(new Column("price", SqlType.BIGINT)).code());
    }

    @Test
    void shouldMakeTenThousandTradersForAMillionKeys() {
        TableDefinition table = table("workload", "market", "rows", "1000", "keys", "1000000", "splits", "1");
        Source source = connector.openSource(table, all(table));
        Gen gen = Gen.of("S2M");
        for (var row : rows(source, source.resolveSplits().getFirst(), 0, table.schema(), 100)) {
            assertEquals(expected("market", gen, row.getKey()), row.getValue());
        }
    }

    @Test
    void shouldGiveSoManyRowsASecondByTheClock() {
        TableDefinition table = table("workload", "orders", "rows-per-second", "1000", "splits", "2");
        assertFalse(connector.isBounded(table));
        Source source = connector.openSource(table, List.of(0));
        Split split = source.resolveSplits().get(1);
        assertEquals(Split.UNBOUNDED, split.end());
        SplitReader reader = source.open(split, split.start());
        BatchBuilder into = new BatchBuilder(table.schema().select(new int[] {0}), 10_000, new BatchArena());
        assertEquals(ReadStatus.IDLE, reader.read(into));
        assertEquals(2_000_000, reader.idleNanos());
        nanos.addAndGet(100_000_000);
        assertEquals(ReadStatus.IDLE, reader.read(into));
        assertEquals(50, into.rows());
        assertEquals(ReadStatus.IDLE, reader.read(into));
        nanos.addAndGet(60_000_000_000L);
        assertEquals(ReadStatus.IDLE, reader.read(into));
        assertEquals(550, into.rows());
    }

    @Test
    void shouldRefuseOptionsThatMakeNoSense() {
        assertEquals(ErrorCode.OPTION_MISSING, refused("rows", "1").code());
        assertEquals(ErrorCode.OPTION_INVALID, refused("workload", "markt").code());
        assertTrue(refused("workload", "markt").hint().startsWith("did you mean \"market\"?"));
        assertEquals(ErrorCode.OPTION_UNKNOWN, refused("workload", "market", "row", "1").code());
        assertEquals(ErrorCode.OPTION_INVALID, refused("workload", "market", "keys", "150").code());
        assertEquals(ErrorCode.OPTION_INVALID, refused("workload", "market", "rows", "-1").code());
        assertEquals(ErrorCode.OPTION_INVALID, refused("workload", "market", "splits", "0").code());
        MillraceException notYet = refused("workload", "market", "scan.watermark.alignment.group", "g");
        assertEquals(ErrorCode.NOT_SUPPORTED, notYet.code());
    }

    private MillraceException refused(String... options) {
        TableDefinition table = new TableDefinition("t", Schema.of(), List.of(), options(options));
        return assertThrows(MillraceException.class, () -> connector.validateSource(table));
    }

    private MillraceException refused(Column column) {
        TableDefinition table =
                new TableDefinition("t", Schema.of(column), List.of(), options("workload", "market"));
        return assertThrows(MillraceException.class, () -> connector.validateSource(table));
    }

    private TableDefinition table(String... options) {
        Map<String, String> map = options(options);
        return new TableDefinition("t", connector.fixedSchema(map), List.of(), map);
    }

    private static Map<String, String> options(String... options) {
        Map<String, String> map = new HashMap<>(Map.of("connector", "workload"));
        for (int i = 0; i < options.length; i += 2) {
            map.put(options[i], options[i + 1]);
        }
        return map;
    }

    private static List<Integer> all(TableDefinition table) {
        return IntStream.range(0, table.schema().size()).boxed().toList();
    }

    private static List<Map.Entry<Long, String>> rows(
            Source source, Split split, long position, Schema schema, int batchRows) {
        List<Map.Entry<Long, String>> rows = new ArrayList<>();
        BatchArena arena = new BatchArena();
        SplitReader reader = source.open(split, position);
        ReadStatus status;
        do {
            arena.reset();
            BatchBuilder into = new BatchBuilder(schema, batchRows, arena);
            status = reader.read(into);
            Batch batch = into.build();
            for (int r = 0; r < batch.size(); r++) {
                rows.add(Map.entry(batch.positions()[r], text(batch, r)));
            }
        } while (status != ReadStatus.END);
        return rows;
    }

    private static String text(Batch batch, int row) {
        StringBuilder text = new StringBuilder();
        for (var vector : batch.columns()) {
            text.append(switch (vector) {
                case LongVector v -> "" + v.get(row);
                case DoubleVector v -> "" + v.get(row);
                case BytesVector v -> v.getString(row);
                default -> throw new IllegalStateException();
            });
            text.append(' ');
        }
        return text.toString();
    }

    private static String expected(String workload, Gen gen, long i) {
        long hash = gen.hash(i);
        int key = gen.key(hash);
        if (workload.equals("orders")) {
            return i + " " + Gen.customer(hash) + " " + Gen.statusNames()[Gen.status(hash)] + " " + Gen.amount(hash)
                    + " " + gen.millis(i) + " ";
        }
        return "TRADER" + key / 100 + " SYM" + key % 100 + " " + Gen.price(hash) + " " + Gen.quantity(hash) + " "
                + gen.millis(i) + " ";
    }
}
