// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static dev.millrace.engine.operator.Upserts.delete;
import static dev.millrace.engine.operator.Upserts.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetractingAggregateTest {
    private static final Schema SCHEMA = Upserts.SCHEMA;
    private static final int NAME = 1;
    private static final int QUANTITY = 2;
    private static final int PRICE = 3;
    private static final int AMOUNT = 4;
    private static final int PAID = 5;
    private static final int FEE = 6;

    private static AggregateCall call(AggregateFunction function, int argument) {
        return Aggregations.call(function, SCHEMA, argument);
    }

    private static AggregateCall distinct(AggregateFunction function, int argument) {
        return Aggregations.call(function, SCHEMA, argument, true, AggregateCall.NO_FILTER);
    }

    private static List<AggregateCall> allCalls() {
        List<AggregateCall> calls = new ArrayList<>();
        calls.add(call(AggregateFunction.COUNT, AggregateCall.NO_ARGUMENT));
        calls.add(Aggregations.call(AggregateFunction.COUNT, SCHEMA, AggregateCall.NO_ARGUMENT, false, PAID));
        for (int column : new int[] {QUANTITY, PRICE, AMOUNT, FEE}) {
            for (AggregateFunction function : AggregateFunction.values()) {
                calls.add(call(function, column));
            }
            calls.add(Aggregations.call(AggregateFunction.SUM, SCHEMA, column, false, PAID));
            calls.add(distinct(AggregateFunction.COUNT, column));
            calls.add(distinct(AggregateFunction.SUM, column));
        }
        calls.add(call(AggregateFunction.MIN, NAME));
        calls.add(call(AggregateFunction.MAX, NAME));
        calls.add(call(AggregateFunction.MAX, PAID));
        return calls;
    }

    private static Pipeline pipeline(Step.Aggregate aggregate, Coalesce coalesce) {
        return Pipeline.of(
                SCHEMA,
                List.of(new Step.Normalize(List.of(0), Emit.CHANGES, SCHEMA), aggregate),
                PipelineOptions.DEFAULT.withCoalesce(coalesce));
    }

    private static List<TestRow> run(Pipeline pipeline, InputRow... rows) {
        pipeline.add(TestBatches.of(SCHEMA, List.of(rows)));
        List<TestRow> output = new ArrayList<>();
        for (var batch = pipeline.poll(); batch != null; batch = pipeline.poll()) {
            output.addAll(TestBatches.rows(batch));
        }
        return output;
    }

    private static InputRow order(long position, long id, String name, Long quantity) {
        return upsert(position, id, name, quantity, null, null, null, null);
    }

    @ParameterizedTest
    @CsvSource({"1,40,false", "2,40,true", "3,6,false", "4,80,true", "5,80,false"})
    void shouldGiveWhatANaiveModelGivesInWhateverPiecesTheRowsCome(long seed, int ids, boolean having) {
        Random random = new Random(seed);
        List<InputRow> rows = Upserts.random(random, 250, ids);
        List<Integer> keys = random.nextBoolean() ? List.of(NAME) : List.of(NAME, PAID);
        check(keys, rows, having, random, seed);
    }

    @ParameterizedTest
    @CsvSource({"6,true", "7,false"})
    void shouldKeepTheGlobalGroupWhenItsLastRowHasGone(long seed, boolean having) {
        Random random = new Random(seed);
        check(List.of(), Upserts.random(random, 200, 3), having, random, seed);
    }

    private static void check(
            List<Integer> keys, List<InputRow> rows, boolean having, Random random, long seed) {
        Step.Aggregate step = Aggregations.step(SCHEMA, keys, allCalls(), null, Emit.CHANGES);
        int count = keys.size();
        Predicate<List<Object>> condition = having ? row -> (Long) row.get(count) % 3 != 1 : row -> true;
        Step.Aggregate withHaving = having ? new Step.Aggregate(
                step.keys(), step.aggregates(), null, Emit.CHANGES, notOneModuloThree(count), step.output()) : step;
        List<TestRow> expected = new NaiveRetraction(step, condition).run(rows);
        assertTrue(expected.size() > 100, "only " + expected.size() + " changes");
        new OperatorVerifier(
                SCHEMA, () -> pipeline(withHaving, Coalesce.NONE), Upserts.events(rows, random), seed)
                .expect(expected);
    }

    private static Call notOneModuloThree(int column) {
        SqlType bigint = SqlType.BIGINT;
        Call rest = new Call(
                Operation.MODULO, bigint, new ColumnReference(column, bigint), new Literal(3L, bigint));
        return new Call(Operation.NOT_EQUAL, SqlType.BOOLEAN, rest, new Literal(1L, bigint));
    }

    @Test
    void shouldMoveARowFromGroupToGroupAsOneChange() {
        Step.Aggregate step = Aggregations.step(
                SCHEMA, List.of(NAME), List.of(call(AggregateFunction.SUM, QUANTITY)), null, Emit.CHANGES);
        Pipeline pipeline = pipeline(step, Coalesce.NONE);
        assertEquals(
                List.of(
                        TestRow.insert("a", 5L),
                        TestRow.of(RowKind.UPDATE_AFTER, "a", 12L),
                        TestRow.of(RowKind.UPDATE_AFTER, "a", 5L),
                        TestRow.insert("b", 8L),
                        TestRow.of(RowKind.DELETE, "a", 5L)),
                run(pipeline, order(0, 1, "a", 5L), order(1, 2, "a", 7L), order(2, 2, "b", 8L), delete(3, 1)));
        assertEquals(
                List.of(TestRow.of(RowKind.UPDATE_AFTER, "b", 9L)), run(pipeline, order(4, 2, "b", 9L)));
    }

    @Test
    void shouldGiveTheLastStateOfABatchOnlyWhenChangesAreCoalesced() {
        Step.Aggregate step = Aggregations.step(
                SCHEMA, List.of(NAME), List.of(call(AggregateFunction.MAX, QUANTITY)), null, Emit.CHANGES);
        Pipeline pipeline = pipeline(step, Coalesce.BATCH);
        assertEquals(
                List.of(TestRow.insert("b", 8L)),
                run(pipeline, order(0, 1, "a", 5L), order(1, 2, "b", 7L), order(2, 2, "b", 8L), delete(3, 1)));
        assertEquals(List.of(), run(pipeline, order(4, 2, "b", 9L), order(5, 2, "b", 8L)));
    }

    @Test
    void shouldGiveEveryDistinctRowOnceAsLongAsOneOfItsRowsIsThere() {
        Pipeline pipeline =
                pipeline(Aggregations.step(SCHEMA, List.of(NAME), List.of(), null, Emit.CHANGES), Coalesce.NONE);
        assertEquals(
                List.of(TestRow.insert("a"), TestRow.of(RowKind.DELETE, "a")),
                run(pipeline, order(0, 1, "a", 1L), order(1, 2, "a", 2L), delete(2, 1), delete(3, 2)));
    }

    @Test
    void shouldHideAGroupWhileItsSumIsBeyondItsType() {
        Step.Aggregate step = Aggregations.step(
                SCHEMA, List.of(NAME), List.of(call(AggregateFunction.SUM, QUANTITY)), null, Emit.CHANGES);
        Pipeline pipeline = pipeline(step, Coalesce.NONE);
        assertEquals(
                List.of(
                        TestRow.insert("a", Long.MAX_VALUE),
                        TestRow.of(RowKind.DELETE, "a", Long.MAX_VALUE),
                        TestRow.insert("a", 1L)),
                run(pipeline, order(0, 1, "a", Long.MAX_VALUE), order(1, 2, "a", 1L), delete(2, 1)));
        var errors = pipeline.errors().take();
        assertEquals(1, errors.size());
        assertEquals(1, errors.getFirst().position());
        assertEquals(ErrorCode.OVERFLOW, errors.getFirst().code());
        assertEquals("SUM leaves the range of BIGINT in the group name = 'a'", errors.getFirst().reason());
    }

    @Test
    void shouldGiveTheEmptyResultOfAGlobalGroupAtTheEnd() {
        Step.Aggregate step = Aggregations.step(
                SCHEMA, List.of(),
                List.of(call(AggregateFunction.COUNT, AggregateCall.NO_ARGUMENT), call(AggregateFunction.MIN, AMOUNT)),
                null, Emit.CHANGES);
        Pipeline pipeline = pipeline(step, Coalesce.NONE);
        assertEquals(List.of(), run(pipeline, delete(0, 1)));
        pipeline.advanceTo(Long.MAX_VALUE);
        assertEquals(List.of(TestRow.insert(0L, null)), TestBatches.rows(pipeline.poll()));
        Pipeline other = pipeline(step, Coalesce.NONE);
        assertEquals(
                List.of(TestRow.insert(1L, BigInteger.TEN), TestRow.of(RowKind.UPDATE_AFTER, 0L, null)),
                run(other, upsert(0, 1L, "a", 1L, 1.0, BigInteger.TEN, true, 1L), delete(1, 1)));
        other.advanceTo(Long.MAX_VALUE);
        assertEquals(null, other.poll());
    }

    @Test
    void shouldForgetGroupsWithoutRows() {
        Step.Aggregate step = Aggregations.step(SCHEMA, List.of(NAME), allCalls(), null, Emit.CHANGES);
        Pipeline pipeline = pipeline(step, Coalesce.NONE);
        run(pipeline, order(0, -3, "gone", 1L), delete(1, -3), order(2, -1, "first", 5L), order(3, -2, "second", 7L));
        long early = 0;
        for (int round = 0; round < 40; round++) {
            List<InputRow> rows = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                rows.add(order(2 * i, i, "group " + round + " " + i, 1L));
                rows.add(delete(2 * i + 1, i));
            }
            assertEquals(400, run(pipeline, rows.toArray(InputRow[]::new)).size());
            early = round == 10 ? pipeline.stateBytes() : early;
        }
        assertTrue(pipeline.stateBytes() < 2 * early, pipeline.stateBytes() + " after " + early);
        List<TestRow> last = run(pipeline, order(4, -4, "second", 8L), delete(5, -2), delete(6, -1));
        int sum = 1 + 2 + AggregateFunction.SUM.ordinal();
        assertEquals(
                List.of(
                        List.of(RowKind.UPDATE_AFTER, "second", 15L), List.of(RowKind.UPDATE_AFTER, "second", 8L),
                        List.of(RowKind.DELETE, "first", 5L)),
                last.stream().map(row -> List.of(row.kind(), row.values().getFirst(), row.values().get(sum))).toList());
    }
}
