// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static dev.millrace.engine.operator.Upserts.delete;
import static dev.millrace.engine.operator.Upserts.upsert;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.operator.OperatorVerifier.Event;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizeTest {
    private static final Schema PAIRS =
            Schema.of(new Column("id", SqlType.BIGINT), new Column("value", SqlType.STRING));

    private static Pipeline normalize(Schema schema, Emit emit, Step... more) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step.Normalize(List.of(0), emit, schema));
        steps.addAll(List.of(more));
        return Pipeline.of(schema, steps, PipelineOptions.DEFAULT);
    }

    private static List<TestRow> run(Operator operator, InputRow... rows) {
        operator.add(TestBatches.of(PAIRS, List.of(rows)));
        return drain(operator);
    }

    private static List<TestRow> drain(Operator operator) {
        List<TestRow> output = new ArrayList<>();
        for (var batch = operator.poll(); batch != null; batch = operator.poll()) {
            output.addAll(TestBatches.rows(batch));
        }
        return output;
    }

    private static InputRow deletePair(long position, long id) {
        return new InputRow(java.util.Arrays.asList(id, null), position, Long.MIN_VALUE, RowKind.DELETE);
    }

    @Test
    void shouldGiveOldAndNewRowWhenTheRowOfAKeyChanges() {
        List<TestRow> changes = run(
                normalize(PAIRS, Emit.CHANGES), upsert(0, 1L, "a"), upsert(1, 1L, "b"), deletePair(2, 1L));
        assertEquals(
                List.of(
                        TestRow.insert(1L, "a"),
                        TestRow.of(RowKind.UPDATE_BEFORE, 1L, "a"),
                        TestRow.of(RowKind.UPDATE_AFTER, 1L, "b"),
                        TestRow.of(RowKind.DELETE, 1L, "b")),
                changes);
    }

    @Test
    void shouldGiveNothingForTheSameRowAgainAndForDeletesOfUnknownKeys() {
        Operator operator = normalize(PAIRS, Emit.CHANGES);
        assertEquals(List.of(TestRow.insert(1L, null)), run(operator, upsert(0, 1L, null), deletePair(1, 2L)));
        assertEquals(List.of(), run(operator, upsert(2, 1L, null), deletePair(3, 2L)));
    }

    @Test
    void shouldInsertAgainAfterADelete() {
        Operator operator = normalize(PAIRS, Emit.CHANGES);
        run(operator, upsert(0, 1L, "a"), deletePair(1, 1L));
        assertEquals(List.of(TestRow.insert(1L, "a")), run(operator, upsert(2, 1L, "a")));
    }

    @Test
    void shouldMakeDeletesAndInsertsOfUpdatesOfWhichAFilterLetOneHalfPass() {
        ColumnReference value = new ColumnReference(1, SqlType.STRING);
        Step.Filter isNotB = new Step.Filter(
                new Call(Operation.NOT_EQUAL, SqlType.BOOLEAN, value, new Literal("b", SqlType.STRING)), PAIRS);
        Operator operator =
                normalize(PAIRS, Emit.CHANGES, isNotB, new Step.MatchUpdates(false, PAIRS));
        assertEquals(
                List.of(
                        TestRow.insert(1L, "a"),
                        TestRow.of(RowKind.DELETE, 1L, "a"),
                        TestRow.insert(1L, "c"),
                        TestRow.of(RowKind.UPDATE_AFTER, 1L, "d"),
                        TestRow.of(RowKind.DELETE, 1L, "d")),
                run(
                        operator, upsert(0, 1L, "a"), upsert(1, 1L, "b"), upsert(2, 1L, "c"), upsert(3, 1L, "d"),
                        deletePair(4, 1L)));
        Operator both = normalize(PAIRS, Emit.CHANGES, new Step.MatchUpdates(true, PAIRS));
        assertEquals(
                List.of(
                        TestRow.insert(1L, "a"),
                        TestRow.of(RowKind.UPDATE_BEFORE, 1L, "a"),
                        TestRow.of(RowKind.UPDATE_AFTER, 1L, "b")),
                run(both, upsert(0, 1L, "a"), upsert(1, 1L, "b")));
    }

    @Test
    void shouldGiveNothingWhereOnlyColumnsHaveChangedThatAreNotInTheResult() {
        Schema ids = Schema.of(new Column("id", SqlType.BIGINT));
        Step.Project id = new Step.Project(List.of(new ColumnReference(0, SqlType.BIGINT)), ids);
        Operator operator = normalize(PAIRS, Emit.CHANGES, id, new Step.MatchUpdates(true, ids));
        assertEquals(
                List.of(TestRow.insert(1L), TestRow.of(RowKind.DELETE, 1L)),
                run(operator, upsert(0, 1L, "a"), upsert(1, 1L, "b"), deletePair(2, 1L)));
    }

    @Test
    void shouldTellOfARowThatFailsOnceAndNotWhenItIsTakenBack() {
        ColumnReference id = new ColumnReference(0, SqlType.BIGINT);
        Schema divided = Schema.of(new Column("id", SqlType.BIGINT), new Column("part", SqlType.BIGINT));
        Schema numbers = Schema.of(new Column("id", SqlType.BIGINT), new Column("n", SqlType.BIGINT));
        Call part = new Call(
                Operation.DIVIDE, SqlType.BIGINT, new Literal(12L, SqlType.BIGINT),
                new ColumnReference(1, SqlType.BIGINT));
        Pipeline pipeline = normalize(
                numbers, Emit.CHANGES, new Step.Project(List.of(id, part), divided),
                new Step.MatchUpdates(false, divided));
        pipeline.add(TestBatches.of(
                numbers,
                List.of(upsert(0, 1L, 3L), upsert(1, 1L, 0L), upsert(2, 1L, 2L))));
        assertEquals(
                List.of(TestRow.insert(1L, 4L), TestRow.of(RowKind.DELETE, 1L, 4L), TestRow.insert(1L, 6L)),
                drain(pipeline));
        assertEquals(List.of(1L), pipeline.errors().take().stream().map(error -> error.position()).toList());
    }

    @Test
    void shouldForgetTheKeysOfDeletedRows() {
        Operator operator = normalize(PAIRS, Emit.CHANGES);
        run(operator, deletePair(0, -3L), upsert(1, -1L, "first"), upsert(2, -2L, "second"));
        long afterFirst = 0;
        for (int round = 0; round < 60; round++) {
            List<InputRow> rows = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                rows.add(upsert(2 * i, round * 1000L + i, "value of some length " + i));
                rows.add(deletePair(2 * i + 1, round * 1000L + i));
            }
            operator.add(TestBatches.of(PAIRS, rows));
            assertEquals(1000, drain(operator).size());
            afterFirst = round == 5 ? operator.stateBytes() : afterFirst;
        }
        assertTrue(operator.stateBytes() < 2 * afterFirst, operator.stateBytes() + " after " + afterFirst);
        assertEquals(
                List.of(TestRow.of(RowKind.DELETE, -2L, "second"), TestRow.of(RowKind.DELETE, -1L, "first")),
                run(operator, deletePair(3, -2L), deletePair(4, -1L)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldGiveTheChangesOfAMapInWhateverPiecesTheRowsCome(long seed) {
        Random random = new Random(seed);
        List<InputRow> rows = Upserts.random(random, 1_000, 600);
        List<Event> events = Upserts.events(rows, random);
        Map<Object, List<Object>> latest = new LinkedHashMap<>();
        List<TestRow> expected = new ArrayList<>();
        for (InputRow row : rows) {
            Object id = row.values().getFirst();
            List<Object> before = latest.get(id);
            if (row.kind() == RowKind.DELETE) {
                if (latest.remove(id) != null) {
                    expected.add(new TestRow(RowKind.DELETE, before));
                }
            } else if (!row.values().equals(before)) {
                latest.put(id, row.values());
                if (before != null) {
                    expected.add(new TestRow(RowKind.UPDATE_BEFORE, before));
                }
                expected.add(new TestRow(before == null ? RowKind.INSERT : RowKind.UPDATE_AFTER, row.values()));
            }
        }
        new OperatorVerifier(Upserts.SCHEMA, () -> normalize(Upserts.SCHEMA, Emit.CHANGES), events, seed)
                .expect(expected);
    }

    @Test
    void shouldGiveTheRowsThatAreLeftAtTheEnd() {
        Operator operator = normalize(PAIRS, Emit.FINAL);
        assertEquals(
                List.of(),
                run(operator, upsert(0, 1L, "a"), upsert(1, 2L, "b"), upsert(2, 1L, "c"), deletePair(3, 2L)));
        assertNull(operator.poll());
        operator.advanceTo(Long.MAX_VALUE);
        assertEquals(List.of(TestRow.insert(1L, "c")), drain(operator));
        assertEquals(Long.MAX_VALUE, operator.outputWatermark());
    }

    @Test
    void shouldTakeDeletesWithNothingButTheirKey() {
        Operator operator = normalize(Upserts.SCHEMA, Emit.CHANGES);
        InputRow row = upsert(0, 1L, "a", 2L, 3.5, java.math.BigInteger.ONE, true, 4L);
        operator.add(TestBatches.of(Upserts.SCHEMA, List.of(row, delete(1, 1))));
        assertEquals(
                List.of(new TestRow(RowKind.INSERT, row.values()), new TestRow(RowKind.DELETE, row.values())),
                drain(operator));
    }
}
