// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.operator.OperatorVerifier.Event;
import dev.millrace.engine.operator.OperatorVerifier.Rows;
import dev.millrace.engine.operator.OperatorVerifier.Watermark;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.operator.over.OverOperator;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** OVER against its plainest form, and its edges. */
class OverTest {
    private static final Schema SCHEMA = Schema.of(
            new Column("k", SqlType.STRING),
            new Column("ts", SqlType.timestamp(3)),
            new Column("d", SqlType.DOUBLE),
            new Column("v", SqlType.BIGINT),
            new Column("p", SqlType.decimal(10, 2)),
            new Column("q", SqlType.decimal(38, 2)),
            new Column("s", SqlType.STRING),
            new Column("b", SqlType.BOOLEAN));
    private static final int TIME = 1;

    private final OperatorMetrics metrics = new OperatorMetrics();
    private final RowErrors errors = new RowErrors();

    private static OverCall call(OverFunction function, Schema schema, int argument, int rows) {
        SqlType type = argument < 0 ? null : schema.type(argument);
        SqlType result = switch (function) {
            case COUNT -> SqlType.BIGINT;
            case MIN, MAX, LAG -> type;
            case SUM -> switch (type.kind()) {
                case DECIMAL -> SqlType.decimal(38, type.scale());
                case DOUBLE -> SqlType.DOUBLE;
                default -> SqlType.BIGINT;
            };
            case AVG -> type.storage().name().startsWith("DECIMAL") || type.scale() > 0
                    ? SqlType.decimal(38, Math.max(6, type.scale())) : SqlType.DOUBLE;
        };
        return new OverCall(function, argument, rows, OverCall.NO_DEFAULT, type, result);
    }

    private static Step.Over step(Schema schema, List<Integer> keys, int time, List<OverCall> calls) {
        List<Column> columns = new ArrayList<>(schema.columns());
        calls.forEach(call -> columns.add(new Column("c" + columns.size(), call.type())));
        return new Step.Over(keys, time, calls, new Schema(columns));
    }

    private Operator operator(Schema schema, List<Integer> keys, int time, List<OverCall> calls) {
        return new OverOperator(
                schema, step(schema, keys, time, calls), List.of(), PipelineOptions.GROUPS_MAX, errors, metrics);
    }

    /** Every function of every kind of operand. */
    private static List<OverCall> all(int rows) {
        List<OverCall> calls = new ArrayList<>();
        calls.add(call(OverFunction.COUNT, SCHEMA, OverCall.NO_ARGUMENT, rows));
        for (int argument = 2; argument < SCHEMA.size(); argument++) {
            for (OverFunction function : List.of(OverFunction.COUNT, OverFunction.MIN, OverFunction.MAX)) {
                calls.add(call(function, SCHEMA, argument, rows));
            }
            if (argument < 6) {
                calls.add(call(OverFunction.SUM, SCHEMA, argument, rows));
                calls.add(call(OverFunction.AVG, SCHEMA, argument, rows));
            }
            if (rows != OverCall.UNBOUNDED) {
                calls.add(call(OverFunction.LAG, SCHEMA, argument, rows));
            }
        }
        if (rows != OverCall.UNBOUNDED) {
            calls.add(new OverCall(OverFunction.LAG, 4, rows, 3, SCHEMA.type(4), SCHEMA.type(4)));
            calls.add(new OverCall(OverFunction.LAG, 6, rows, 0, SCHEMA.type(6), SCHEMA.type(6)));
        }
        return calls;
    }

    /** One split's rows, with the watermark behind each of them. */
    private record Split(String name, List<InputRow> rows, List<Long> watermarks) {}

    /** A time's split and row, to be put in order. */
    private record Placed(long time, int split, int row, List<Object> values) {}

    private static Split split(String name, Random random, int count, int disorder, int nullOneIn) {
        List<InputRow> rows = new ArrayList<>();
        List<Long> watermarks = new ArrayList<>();
        long clock = 1_000;
        long watermark = Long.MIN_VALUE;
        for (int i = 0; i < count; i++) {
            clock += random.nextInt(4);
            long time = clock - (disorder == 0 ? 0 : random.nextInt(disorder));
            Object[] values = {
                "k" + random.nextInt(5),
                time,
                random.nextGaussian(),
                (long) random.nextInt(-1000, 1000),
                (long) random.nextInt(-100_000, 100_000),
                new BigInteger(100, random),
                "text " + random.nextInt(100),
                random.nextBoolean()
            };
            for (int column = 0; column < values.length; column++) {
                if (column != TIME && nullOneIn > 0 && random.nextInt(nullOneIn) == 0) {
                    values[column] = null;
                }
            }
            rows.add(new InputRow(Arrays.asList(values), i, time <= watermark ? watermark : Long.MIN_VALUE));
            watermark = Math.max(watermark, time - 5 - 1);
            watermarks.add(watermark);
        }
        return new Split(name, rows, watermarks);
    }

    private static List<List<Object>> inOrder(List<Split> splits) {
        List<Placed> placed = new ArrayList<>();
        for (int split = 0; split < splits.size(); split++) {
            List<InputRow> rows = splits.get(split).rows();
            for (int row = 0; row < rows.size(); row++) {
                if (rows.get(row).before() == Long.MIN_VALUE) {
                    List<Object> values = rows.get(row).values();
                    placed.add(new Placed((Long) values.get(TIME), split, row, values));
                }
            }
        }
        placed.sort(Comparator.comparingLong(Placed::time).thenComparingInt(Placed::split)
                .thenComparingInt(Placed::row));
        return placed.stream().map(Placed::values).toList();
    }

    /** The rows of the splits in pieces, in any order between splits. */
    private static List<Event> interleaved(List<Split> splits, Random random) {
        List<Event> events = new ArrayList<>();
        int[] next = new int[splits.size()];
        long[] watermarks = new long[splits.size()];
        Arrays.fill(watermarks, Long.MIN_VALUE);
        int left = splits.stream().mapToInt(split -> split.rows().size()).sum();
        while (left > 0) {
            int at = random.nextInt(splits.size());
            Split split = splits.get(at);
            int count = Math.min(1 + random.nextInt(40), split.rows().size() - next[at]);
            if (count > 0) {
                events.add(new Rows(split.rows().subList(next[at], next[at] + count), split.name()));
                next[at] += count;
                left -= count;
                watermarks[at] = next[at] == split.rows().size() ? Long.MAX_VALUE
                        : split.watermarks().get(next[at] - 1);
                events.add(new Watermark(Arrays.stream(watermarks).min().orElseThrow()));
            }
        }
        return events;
    }

    private void verify(List<Split> splits, List<Integer> keys, List<OverCall> calls, long seed) {
        new OperatorVerifier(
                SCHEMA, () -> operator(SCHEMA, keys, TIME, calls), interleaved(splits, new Random(seed)), seed)
                .withTimes(row -> (Long) row.values().get(TIME))
                .expect(NaiveOver.results(inOrder(splits), keys, calls));
    }

    @Test
    void shouldGiveWhatTheFramesHold() {
        for (int rows : new int[] {1, 2, 7, OverCall.UNBOUNDED}) {
            for (int nullOneIn : new int[] {0, 4}) {
                long seed = 31L * rows + nullOneIn;
                Random random = new Random(seed);
                verify(List.of(split("0", random, 100, 0, nullOneIn)), List.of(0), all(rows), seed);
            }
        }
    }

    @Test
    void shouldGiveTheSameHoweverSplitsInterleave() {
        for (long seed = 1; seed <= 2; seed++) {
            Random random = new Random(seed);
            // By name "t-10" comes behind "t-9": the splits' numbers count.
            List<Split> splits = List.of(
                    split("t-2", random, 80, 0, 5), split("t-9", random, 120, 12, 5), split("t-10", random, 60, 3, 5));
            List<OverCall> calls = List.of(
                    call(OverFunction.AVG, SCHEMA, 2, 3),
                    call(OverFunction.SUM, SCHEMA, 3, 10),
                    call(OverFunction.LAG, SCHEMA, 6, 3),
                    call(OverFunction.COUNT, SCHEMA, 2, OverCall.UNBOUNDED));
            for (long interleaving = 0; interleaving < 2; interleaving++) {
                verify(splits, seed % 2 == 0 ? List.of(0) : List.of(7, 0), calls, seed * 100 + interleaving);
            }
        }
    }

    @Test
    void shouldTakeAllRowsAsOneKeyWithoutPartitionBy() {
        Random random = new Random(5);
        verify(List.of(split("0", random, 50, 9, 6), split("1", random, 50, 0, 6)), List.of(), all(4), 5);
    }

    @Test
    void shouldMergeMuchDisorder() {
        Random random = new Random(77);
        Split split = split("0", random, 600, 300, 0);
        List<InputRow> notLate = split.rows().stream()
                .map(row -> new InputRow(row.values(), row.position(), Long.MIN_VALUE)).toList();
        List<OverCall> calls = List.of(call(OverFunction.SUM, SCHEMA, 3, 5));
        List<Event> events = new ArrayList<>();
        for (int from = 0; from < notLate.size(); from += 50) {
            events.add(new Rows(notLate.subList(from, from + 50)));
        }
        events.add(new Watermark(1_300));
        events.add(new Watermark(Long.MAX_VALUE));
        new OperatorVerifier(SCHEMA, () -> operator(SCHEMA, List.of(0), TIME, calls), events, 77)
                .expect(
                        NaiveOver.results(
                                inOrder(List.of(new Split("0", notLate, split.watermarks()))), List.of(0), calls));
    }

    private static final Schema NUMBERS = Schema.of(
            new Column("ts", SqlType.timestamp(3)), new Column("d", SqlType.DOUBLE), new Column("v", SqlType.BIGINT));

    private static InputRow number(long time, Double d, Long v, long before) {
        return new InputRow(Arrays.asList(time, d, v), time, before);
    }

    private static void add(Operator operator, InputRow... rows) {
        operator.add(TestBatches.of(NUMBERS, List.of(rows)));
    }

    private static List<Object> last(Operator operator, long watermark) {
        List<Object> values = new ArrayList<>();
        operator.advanceTo(watermark);
        for (Batch batch = operator.poll(); batch != null; batch = operator.poll()) {
            TestBatches.rows(batch).forEach(row -> values.add(row.values().getLast()));
        }
        return values;
    }

    @Test
    void shouldForgetInfinityAndWhatRoundingTookWhenTheyLeaveTheFrame() {
        Operator operator =
                operator(NUMBERS, List.of(), 0, List.of(call(OverFunction.SUM, NUMBERS, 1, 2)));
        add(
                operator, number(1, 1e16, 0L, Long.MIN_VALUE), number(2, 1.0, 0L, Long.MIN_VALUE),
                number(3, 0.5, 0L, Long.MIN_VALUE), number(4, Double.POSITIVE_INFINITY, 0L, Long.MIN_VALUE),
                number(5, 0.25, 0L, Long.MIN_VALUE), number(6, 0.25, 0L, Long.MIN_VALUE),
                number(7, Double.NaN, 0L, Long.MIN_VALUE), number(8, 1.0, 0L, Long.MIN_VALUE),
                number(9, 2.0, 0L, Long.MIN_VALUE));
        assertEquals(
                List.of(
                        1e16, 1e16 + 1, 1.5, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, 0.5, Double.NaN,
                        Double.NaN, 3.0),
                last(operator, Long.MAX_VALUE));
    }

    @Test
    void shouldNotDrift() {
        Operator operator =
                operator(NUMBERS, List.of(), 0, List.of(call(OverFunction.AVG, NUMBERS, 1, 100)));
        for (int i = 0; i < 20_000; i++) {
            add(operator, number(i, i % 1_000 == 0 ? 1e15 : 0.1, 0L, Long.MIN_VALUE));
        }
        List<Object> averages = last(operator, Long.MAX_VALUE);
        // The last 1e15 left 900 rows ago.
        assertEquals(0.1, (Double) averages.getLast(), 1e-15);
    }

    @Test
    void shouldLeaveOutTheRowWhoseSumIsTooLargeAndCountItInOtherFrames() {
        Operator operator =
                operator(NUMBERS, List.of(), 0, List.of(call(OverFunction.SUM, NUMBERS, 2, 2)));
        add(
                operator, number(1, 0.0, Long.MAX_VALUE, Long.MIN_VALUE), number(2, 0.0, 1L, Long.MIN_VALUE),
                number(3, 0.0, -1L, Long.MIN_VALUE), number(4, 0.0, 7L, Long.MIN_VALUE));
        assertEquals(List.of(Long.MAX_VALUE, 0L, 6L), last(operator, Long.MAX_VALUE));
        List<RowErrors.RowError> failed = errors.take();
        assertEquals(1, failed.size());
        assertEquals(ErrorCode.OVERFLOW, failed.getFirst().code());
    }

    @Test
    void shouldSumDecimalsBeyond128BitsAndComeBack() {
        Schema schema = Schema.of(new Column("ts", SqlType.timestamp(3)), new Column("q", SqlType.decimal(38, 6)));
        BigInteger most = BigInteger.TEN.pow(38).subtract(BigInteger.ONE);
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            BigInteger value = i % 13 < 7 ? most : i % 13 == 12 ? BigInteger.valueOf(i) : most.negate();
            rows.add(List.of((long) i, value));
        }
        for (int frame : new int[] {6, OverCall.UNBOUNDED}) {
            for (OverFunction function : List.of(OverFunction.SUM, OverFunction.AVG)) {
                List<OverCall> calls = List.of(call(function, schema, 1, frame));
                Operator operator = operator(schema, List.of(), 0, calls);
                operator.add(TestBatches.of(
                        schema,
                        rows.stream().map(row -> new InputRow(row, (Long) row.getFirst(), Long.MIN_VALUE)).toList()));
                List<TestRow> expected = NaiveOver.results(rows, List.of(), calls);
                assertEquals(
                        expected.stream().map(row -> row.values().getLast()).toList(), last(operator, Long.MAX_VALUE));
                assertEquals(rows.size() - expected.size(), errors.take().size());
                assertEquals(function == OverFunction.SUM, expected.size() < rows.size());
            }
        }
    }

    @Test
    void shouldWaitUntilTheWatermarkHasPassedARow() {
        Operator operator =
                operator(NUMBERS, List.of(), 0, List.of(call(OverFunction.COUNT, NUMBERS, OverCall.NO_ARGUMENT, 9)));
        add(operator, number(10, 0.0, 0L, Long.MIN_VALUE), number(11, 0.0, 0L, Long.MIN_VALUE));
        assertEquals(List.of(), last(operator, 9));
        assertEquals(List.of(1L), last(operator, 10));
        assertEquals(10, operator.outputWatermark());
        assertEquals(List.of(2L), last(operator, 11));
    }

    @Test
    void shouldLeaveOutAndCountLateRowsAndRowsBehindThoseReleased() {
        Operator operator =
                operator(NUMBERS, List.of(), 0, List.of(call(OverFunction.COUNT, NUMBERS, OverCall.NO_ARGUMENT, 9)));
        add(operator, number(10, 0.0, 0L, 10), number(11, 0.0, 0L, 10));
        assertEquals(1, metrics.lateRows());
        assertEquals(List.of(1L), last(operator, 11));
        add(operator, number(11, 0.0, 0L, Long.MIN_VALUE), number(12, 0.0, 0L, Long.MIN_VALUE));
        assertEquals(1, metrics.rowsOfClosedWindows());
        assertEquals(List.of(2L), last(operator, Long.MAX_VALUE));
        assertEquals(1, metrics.lateRows());
    }

    @Test
    void shouldTakeFinerTimesOfOneMillisecondTogetherAndInOrder() {
        for (int precision : new int[] {6, 9}) {
            long unit = precision == 6 ? 1_000 : 1_000_000;
            Schema schema = Schema.of(new Column("ts", SqlType.timestamp(precision)), NUMBERS.column(2));
            Operator operator = operator(schema, List.of(), 0, List.of(call(OverFunction.LAG, schema, 1, 1)));
            operator.add(TestBatches.of(
                    schema,
                    List.of(
                            new InputRow(List.of(5 * unit + 2, 2L), 0, Long.MIN_VALUE),
                            new InputRow(List.of(6 * unit, 3L), 1, Long.MIN_VALUE),
                            new InputRow(List.of(5 * unit + 1, 1L), 2, Long.MIN_VALUE))));
            assertEquals(List.of(), last(operator, 4));
            assertEquals(Arrays.asList(null, 1L), last(operator, 5), "precision " + precision);
            assertEquals(List.of(2L), last(operator, 6));
        }
    }

    @Test
    void shouldSendRowsWithoutATimeToTheDeadLetters() {
        Operator operator =
                operator(NUMBERS, List.of(), 0, List.of(call(OverFunction.COUNT, NUMBERS, OverCall.NO_ARGUMENT, 9)));
        operator.add(TestBatches.of(
                NUMBERS, List.of(new InputRow(Arrays.asList(null, 1.0, 1L), 42, Long.MIN_VALUE))));
        assertEquals(42, errors.take().getFirst().position());
        assertEquals(List.of(), last(operator, Long.MAX_VALUE));
    }

    @Test
    void shouldHoldLittleForKeysOfFewRows() {
        Schema schema = Schema.of(new Column("k", SqlType.BIGINT), NUMBERS.column(0), NUMBERS.column(1));
        Operator operator =
                operator(schema, List.of(0), 1, List.of(call(OverFunction.AVG, schema, 2, 100_000)));
        for (long key = 0; key < 20_000; key++) {
            operator.add(TestBatches.of(
                    schema, List.of(new InputRow(List.of(key, key, 1.0), key, Long.MIN_VALUE))));
        }
        assertEquals(20_000, last(operator, Long.MAX_VALUE).size());
        assertTrue(operator.stateBytes() < 20_000 * 400L, operator.stateBytes() + " bytes");
        assertFalse(operator.stateBytes() < 20_000 * 64L);
    }
}
