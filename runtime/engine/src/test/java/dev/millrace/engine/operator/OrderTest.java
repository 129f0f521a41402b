// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.operator.OperatorVerifier.Event;
import dev.millrace.engine.operator.OperatorVerifier.Rows;
import dev.millrace.engine.operator.OperatorVerifier.Watermark;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.operator.over.OrderOperator;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.ResultOrder.Key;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.TimeColumn;
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

/** ORDER BY against a sorted list, and its edges. */
class OrderTest {
    private static final Schema SCHEMA = Schema.of(
            new Column("ts", SqlType.timestamp(3)),
            new Column("n", SqlType.BIGINT),
            new Column("d", SqlType.DOUBLE),
            new Column("q", SqlType.decimal(38, 2)),
            new Column("s", SqlType.STRING),
            new Column("b", SqlType.BOOLEAN));
    private static final Schema NARROW =
            Schema.of(new Column("ts", SqlType.timestamp(3)), new Column("n", SqlType.BIGINT));
    private static final Key TIME = new Key(0, false, true);
    private static final int SPLITS = 3;

    private final OperatorMetrics metrics = new OperatorMetrics();
    private final RowErrors errors = new RowErrors();

    private Operator operator(Schema schema, TimeColumn time, List<Key> keys, long offset, long limit) {
        return new OrderOperator(
                schema, new Step.Order(new ResultOrder(keys, offset, limit), time, schema), errors, metrics);
    }

    private Operator byTime(TimeColumn time, Key... more) {
        List<Key> keys = new ArrayList<>(List.of(TIME));
        keys.addAll(List.of(more));
        return operator(NARROW, time, keys, 0, ResultOrder.NO_LIMIT);
    }

    /** Where a row came from. */
    private record Placed(List<Object> values, int split, int number) {}

    /** Rows of several inputs in any interleaving, with the watermark that follows: each input's time never falls. */
    private static final class Inputs {
        private final List<Event> events = new ArrayList<>();
        private final List<Placed> placed = new ArrayList<>();

        Inputs(Random random, int rounds) {
            long[] clocks = new long[SPLITS];
            long watermark = Long.MIN_VALUE;
            for (int round = 0; round < rounds; round++) {
                int split = random.nextInt(SPLITS);
                List<InputRow> rows = new ArrayList<>();
                for (int i = random.nextInt(6); i >= 0; i--) {
                    clocks[split] += random.nextInt(2);
                    List<Object> values = values(clocks[split], random);
                    rows.add(new InputRow(values, round * 10L - i, Long.MIN_VALUE));
                    placed.add(new Placed(values, split, placed.size()));
                }
                events.add(new Rows(rows, "s0." + split));
                long smallest = Arrays.stream(clocks).min().orElseThrow() - 1;
                if (smallest > watermark && random.nextInt(3) > 0) {
                    watermark = smallest;
                    events.add(new Watermark(watermark));
                }
            }
            events.add(new Watermark(Long.MAX_VALUE));
        }

        private static List<Object> values(long time, Random random) {
            Object[] values = {
                time,
                (long) random.nextInt(-2, 2),
                List.of(-0.0, 0.0, 1.5, Double.NaN, Double.NEGATIVE_INFINITY).get(random.nextInt(5)),
                BigInteger.valueOf(random.nextInt(-1, 2)).shiftLeft(random.nextInt(90)),
                List.of("", "a", "ab", "\u00e9", "\ud83d\ude00", "\uffee").get(random.nextInt(6)),
                random.nextBoolean()
            };
            for (int i = 1; i < values.length; i++) {
                values[i] = random.nextInt(4) == 0 ? null : values[i];
            }
            return Arrays.asList(values);
        }

        List<TestRow> sorted(List<Key> keys, int offset, int limit) {
            return placed.stream()
                    .sorted(order(keys).thenComparingInt(Placed::split).thenComparingInt(Placed::number))
                    .skip(offset)
                    .limit(limit)
                    .map(row -> TestRow.insert(row.values().toArray()))
                    .toList();
        }

        private static Comparator<Placed> order(List<Key> keys) {
            Comparator<Placed> order = (_, _) -> 0;
            for (Key key : keys) {
                Comparator<Object> values = (one, other) -> compare(one, other);
                values = key.descending() ? values.reversed() : values;
                order = order.thenComparing(
                        row -> row.values().get(key.column()),
                        key.nullsFirst() ? Comparator.nullsFirst(values) : Comparator.nullsLast(values));
            }
            return order;
        }

        private static int compare(Object one, Object other) {
            return switch (one) {
                case Long v -> v.compareTo((Long) other);
                case Double v -> v == 0 && (Double) other == 0 ? 0 : v.compareTo((Double) other);
                case BigInteger v -> v.compareTo((BigInteger) other);
                case Boolean v -> v.compareTo((Boolean) other);
                case String v -> Arrays.compare(v.codePoints().toArray(), ((String) other).codePoints().toArray());
                default -> throw new IllegalArgumentException(one.toString());
            };
        }
    }

    @Test
    void shouldGiveRowsInTheOrderOfTimeWhenTheWatermarkHasPassedThem() {
        Random seeds = new Random(7);
        for (int run = 0; run < 6; run++) {
            long seed = seeds.nextLong();
            Inputs inputs = new Inputs(new Random(seed), 60);
            Random random = new Random(seed + 1);
            List<Key> keys = new ArrayList<>(List.of(TIME));
            for (int i = random.nextInt(4); i > 0; i--) {
                keys.add(new Key(1 + random.nextInt(5), random.nextBoolean(), random.nextBoolean()));
            }
            new OperatorVerifier(
                    SCHEMA,
                    () -> operator(SCHEMA, new TimeColumn(0, 0), keys, 0, ResultOrder.NO_LIMIT),
                    inputs.events, seed)
                    .withTimes(row -> (Long) row.values().getFirst())
                    .expect(inputs.sorted(keys, 0, Integer.MAX_VALUE));
        }
    }

    @Test
    void shouldGiveRowsInAnyOtherOrderAtTheEnd() {
        for (int column = 1; column < SCHEMA.size(); column++) {
            Inputs inputs = new Inputs(new Random(column), 40);
            List<Key> keys = List.of(new Key(column, column % 2 == 0, column % 3 == 0), new Key(0, true, false));
            new OperatorVerifier(
                    SCHEMA, () -> operator(SCHEMA, null, keys, 0, ResultOrder.NO_LIMIT), inputs.events, column)
                    .expect(inputs.sorted(keys, 0, Integer.MAX_VALUE));
        }
    }

    @Test
    void shouldSkipAndLimitRows() {
        Inputs inputs = new Inputs(new Random(3), 60);
        List<Key> keys = List.of(TIME, new Key(1, false, true));
        for (int offset : List.of(0, 1, 17)) {
            for (int limit : List.of(0, 1, 50)) {
                for (TimeColumn time : Arrays.asList(new TimeColumn(0, 0), null)) {
                    new OperatorVerifier(
                            SCHEMA, () -> operator(SCHEMA, time, keys, offset, limit), inputs.events, 3)
                            .expect(inputs.sorted(keys, offset, limit));
                }
            }
        }
    }

    @Test
    void shouldKnowWhenNoWindowOfATimeIsStillToCome() {
        // Windows of 10 ms: that up to 20 closes with watermark 19, and then none that begins before 11 is open.
        assertReleased(byTime(new TimeColumn(0, -1)), 20, 19);
        assertReleased(byTime(new TimeColumn(0, 9)), 10, 19);
        assertReleased(byTime(new TimeColumn(0, 0)), 19, 19);
    }

    private static void assertReleased(Operator operator, long time, long watermark) {
        operator.from("s0.0");
        operator.add(TestBatches.of(NARROW, List.of(new InputRow(List.of(time, 1L), 0, Long.MIN_VALUE))));
        operator.advanceTo(watermark - 1);
        assertNull(operator.poll());
        operator.advanceTo(watermark);
        assertEquals(1, operator.poll().size());
        assertNull(operator.poll());
        assertEquals(watermark, operator.outputWatermark());
    }

    @Test
    void shouldLeaveOutLateRowsAndThoseWithoutATime() {
        Operator operator = byTime(new TimeColumn(0, 0));
        operator.from("0.0.0");
        operator.advanceTo(5);
        operator.add(TestBatches.of(NARROW, List.of(
                new InputRow(List.of(7L, 1L), 0, Long.MIN_VALUE),
                new InputRow(List.of(6L, 2L), 1, 6),
                new InputRow(List.of(5L, 3L), 2, Long.MIN_VALUE),
                new InputRow(Arrays.asList(null, 4L), 3, Long.MIN_VALUE))));
        operator.advanceTo(Long.MAX_VALUE);
        assertEquals(List.of(TestRow.insert(7L, 1L)), TestBatches.rows(operator.poll()));
        assertNull(operator.poll());
        assertEquals(1, metrics.lateRows());
        assertEquals(1, metrics.rowsOfClosedWindows());
        RowErrors.RowError error = errors.take().getFirst();
        assertEquals(3, error.position());
        assertEquals(ErrorCode.EVENT_TIME_NULL, error.code());
    }

    @Test
    void shouldHoldOnlyRowsThatTheWatermarkHasNotPassed() {
        Operator operator = byTime(new TimeColumn(0, 0), new Key(1, true, false));
        operator.from("s0.0");
        long most = 0;
        for (long time = 0; time < 200_000; time += 1_000) {
            List<InputRow> rows = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                rows.add(new InputRow(List.of(time + i / 2, (long) i), i, Long.MIN_VALUE));
            }
            operator.add(TestBatches.of(NARROW, rows));
            operator.advanceTo(time + 500);
            for (Batch batch = operator.poll(); batch != null; batch = operator.poll()) {
                assertNotEquals(0, batch.size());
            }
            most = time < 20_000 ? Math.max(most, operator.stateBytes()) : most;
        }
        assertEquals(most, Math.max(most, operator.stateBytes()), "bytes of the state");
    }

    @Test
    void shouldRefuseChanges() {
        Operator operator = byTime(new TimeColumn(0, 0));
        Batch delete = TestBatches.of(
                NARROW, List.of(new InputRow(List.of(7L, 1L), 0, Long.MIN_VALUE, RowKind.DELETE)));
        assertThrows(IllegalStateException.class, () -> operator.add(delete));
    }
}
