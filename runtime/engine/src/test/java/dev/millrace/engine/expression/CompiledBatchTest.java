// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import static dev.millrace.engine.expression.Evaluation.call;
import static dev.millrace.engine.expression.Evaluation.cast;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What projections and filters do to a batch around the values. */
class CompiledBatchTest {
    private static final ColumnReference A = new ColumnReference(0, SqlType.BIGINT);
    private static final ColumnReference B = new ColumnReference(1, SqlType.BIGINT);

    private final BatchArena arena = new BatchArena();
    private final RowErrors errors = new RowErrors();

    private static LongVector longs(long... values) {
        LongVector vector = new LongVector(values.length);
        for (int i = 0; i < values.length; i++) {
            vector.set(i, values[i]);
        }
        return vector;
    }

    private static Batch batch(int rows, long[] positions, Vector... columns) {
        return new Batch(columns, rows, null, rows, positions, null, null, null);
    }

    private static int[] selected(Batch batch) {
        int[] rows = new int[batch.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = batch.row(i);
        }
        return rows;
    }

    @Test
    void shouldPassColumnsOnWithoutCopying() {
        Batch input = batch(2, null, longs(1, 2), longs(3, 4));
        Batch result = ExpressionCompiler.projection(List.of(B, A)).apply(input, arena, errors);
        assertSame(input.column(1), result.column(0));
        assertSame(input.column(0), result.column(1));
        assertNull(result.selection());
    }

    @Test
    void shouldReportAFailingRowOnceAndGoOnWithTheOthers() {
        Batch input = batch(4, new long[] {70, 71, 72, 73}, longs(6, 6, 6, 6), longs(1, 0, 3, 0));
        Expression quotient = call(Operation.DIVIDE, SqlType.BIGINT, A, B);
        Expression rest = call(Operation.MODULO, SqlType.BIGINT, A, B);
        Batch result = ExpressionCompiler.projection(List.of(quotient, rest)).apply(input, arena, errors);
        assertArrayEquals(new int[] {0, 2}, selected(result));
        assertEquals(6L, ((LongVector) result.column(0)).get(0));
        assertEquals(2L, ((LongVector) result.column(0)).get(2));
        assertEquals(
                List.of(
                        new RowErrors.RowError(71, ErrorCode.DIVISION_BY_ZERO, "division of 6 by zero"),
                        new RowErrors.RowError(73, ErrorCode.DIVISION_BY_ZERO, "division of 6 by zero")),
                errors.take());
    }

    @Test
    void shouldKnowNoPositionWhereTheBatchHasNone() {
        Expression condition = call(Operation.EQUAL, SqlType.BOOLEAN, call(Operation.DIVIDE, SqlType.BIGINT, A, B), 1L);
        Batch result = ExpressionCompiler.filter(condition)
                .apply(batch(2, null, longs(1, 1), longs(1, 0)), arena, errors);
        assertArrayEquals(new int[] {0}, selected(result));
        assertEquals(-1, errors.take().getFirst().position());
    }

    @Test
    void shouldNarrowTheSelectionAndLeaveItAloneWhereAllRowsPass() {
        RowFilter filter = ExpressionCompiler.filter(call(Operation.GREATER, SqlType.BOOLEAN, A, 1L));
        Batch input = batch(3, null, longs(1, 2, 3));
        Batch some = filter.apply(input, arena, errors);
        assertArrayEquals(new int[] {1, 2}, selected(some));
        assertSame(some, filter.apply(some, arena, errors));
        assertEquals(0, filter.apply(input.withSelection(new int[] {0}, 1), arena, errors).size());
        assertEquals(0, filter.apply(input.withSelection(new int[0], 0), arena, errors).size());
    }

    @Test
    void shouldDropRowsForWhichTheConditionIsNull() {
        LongVector column = longs(1, 2, 3);
        column.setNull(1);
        RowFilter filter = ExpressionCompiler.filter(call(Operation.NOT_EQUAL, SqlType.BOOLEAN, A, 1L));
        assertArrayEquals(new int[] {2}, selected(filter.apply(batch(3, null, column), arena, errors)));
    }

    @Test
    void shouldTakeColumnsThatHoldNothingButNull() {
        ColumnReference nothing = new ColumnReference(0, new SqlType(TypeKind.NULL, 0, 0, true));
        BooleanVector column = new BooleanVector(1);
        column.setNull(0);
        Batch input = batch(1, null, column, longs(1));
        List<Expression> columns = List.of(
                call(Operation.IS_NULL, SqlType.BOOLEAN, nothing),
                call(Operation.UPPER, SqlType.STRING, nothing),
                call(Operation.ADD, SqlType.BIGINT, B, nothing),
                call(Operation.COALESCE, SqlType.BIGINT, nothing, B),
                call(Operation.IS_NOT_DISTINCT_FROM, SqlType.BOOLEAN, nothing, B));
        Batch result = ExpressionCompiler.projection(columns).apply(input, arena, errors);
        assertEquals(true, Boxed.get(result.column(0), 0, SqlType.BOOLEAN));
        assertTrue(result.column(1).isNull(0));
        assertTrue(result.column(2).isNull(0));
        assertEquals(1L, Boxed.get(result.column(3), 0, SqlType.BIGINT));
        assertEquals(false, Boxed.get(result.column(4), 0, SqlType.BOOLEAN));
        assertEquals(0, ExpressionCompiler.filter(nothing).apply(input, arena, errors).size());
    }

    @Test
    void shouldReadAMaskThatIsShorterThanTheBatch() {
        LongVector column = new LongVector(1);
        column.setNull(0);
        column.ensureCapacity(100);
        column.set(99, 7);
        Batch input = batch(100, null, column, longs(new long[100]));
        Expression sum = call(Operation.ADD, SqlType.BIGINT, A, B);
        Batch result = ExpressionCompiler.projection(List.of(sum)).apply(input, arena, errors);
        assertTrue(result.column(0).isNull(0));
        assertEquals(7L, ((LongVector) result.column(0)).get(99));
    }

    @Test
    void shouldShareTheBytesOfAPartOfAColumn() {
        BytesVector column = new BytesVector(2);
        column.append(0, " ab ");
        column.append(1, "c");
        ColumnReference text = new ColumnReference(0, SqlType.STRING);
        Expression part = call(Operation.SUBSTRING, SqlType.STRING, call(Operation.TRIM, SqlType.STRING, text), 2);
        Batch result = ExpressionCompiler.projection(List.of(part)).apply(batch(2, null, column), arena, errors);
        BytesVector values = (BytesVector) result.column(0);
        assertSame(column.data(), values.data());
        assertEquals("b", values.getString(0));
        assertEquals("", values.getString(1));
    }

    @Test
    void shouldFailARowOfConstantsLikeAnyOther() {
        Expression impossible = cast("x", SqlType.INTEGER);
        Batch result = ExpressionCompiler.projection(List.of(impossible))
                .apply(batch(2, new long[] {5, 6}, longs(1, 2)), arena, errors);
        assertEquals(0, result.size());
        assertEquals(2, errors.take().size());
    }

    @Test
    void shouldCompileExpressionsBeyondTheSizeOfOneMethod() {
        List<Expression> branches = new ArrayList<>();
        for (long i = 0; i < 3_000; i++) {
            branches.add(call(Operation.EQUAL, SqlType.BOOLEAN, A, i));
            branches.add(call(Operation.MULTIPLY, SqlType.BIGINT, call(Operation.ADD, SqlType.BIGINT, B, i), 10L));
        }
        branches.add(Literal.nullOf(SqlType.BIGINT));
        Expression large = new Call(Operation.CASE, branches, SqlType.BIGINT);
        Batch input = batch(4, null, longs(0, 40, 2_999, 3_000), longs(1, 2, 3, 4));
        Batch result = ExpressionCompiler.projection(List.of(large)).apply(input, arena, errors);
        LongVector values = (LongVector) result.column(0);
        assertEquals(10L, values.get(0));
        assertEquals(420L, values.get(1));
        assertEquals(30_020L, values.get(2));
        assertTrue(values.isNull(3));
    }

    @Test
    void shouldCompileLargeExpressionsOfEveryStorage() {
        BytesVector text = new BytesVector(1);
        text.append(0, "ab");
        ColumnReference column = new ColumnReference(1, SqlType.STRING);
        Expression joined = column;
        Expression wide = cast(A, SqlType.decimal(30, 2));
        Expression approximate = cast(A, SqlType.DOUBLE);
        Expression truth = call(Operation.IS_NULL, SqlType.BOOLEAN, A);
        for (int i = 0; i < 300; i++) {
            joined = call(Operation.LOWER, SqlType.STRING, call(Operation.UPPER, SqlType.STRING, joined));
            wide = call(Operation.ADD, SqlType.decimal(38, 2), wide, cast(A, SqlType.decimal(30, 2)));
            approximate = call(Operation.ADD, SqlType.DOUBLE, approximate, cast(A, SqlType.DOUBLE));
            truth = call(Operation.NOT, SqlType.BOOLEAN, truth);
        }
        Batch result = ExpressionCompiler.projection(List.of(joined, wide, approximate, truth))
                .apply(batch(1, null, longs(2), text), arena, errors);
        assertEquals("ab", Boxed.get(result.column(0), 0, SqlType.STRING));
        assertEquals("602.00", Boxed.get(result.column(1), 0, SqlType.decimal(38, 2)).toString());
        assertEquals(602.0, Boxed.get(result.column(2), 0, SqlType.DOUBLE));
        assertEquals(false, Boxed.get(result.column(3), 0, SqlType.BOOLEAN));
    }

    @Test
    void shouldCompileDeepExpressionsOnTheStackOfAnOrdinaryThread() throws InterruptedException {
        Expression deep = A;
        for (int i = 0; i < 495; i++) {
            Call positive = call(Operation.GREATER, SqlType.BOOLEAN, deep, 0L);
            deep = call(Operation.CASE, SqlType.BIGINT, positive, A, B);
        }
        List<Expression> columns = List.of(deep);
        List<Batch> results = new ArrayList<>();
        Batch input = batch(1, null, longs(0), longs(5));
        Runnable compile = () -> results.add(ExpressionCompiler.projection(columns).apply(input, arena, errors));
        Thread thread = new Thread(null, compile, "ordinary", 1 << 20);
        thread.start();
        thread.join();
        assertEquals(5L, ((LongVector) results.getFirst().column(0)).get(0));
    }

    @Test
    void shouldRefuseExpressionsThatAreTooLarge() {
        List<Expression> arguments = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            arguments.add(new ColumnReference(0, SqlType.STRING));
        }
        List<Expression> columns = List.of(new Call(Operation.CONCAT_WS, arguments, SqlType.STRING));
        MillraceException refused = assertThrows(
                MillraceException.class,
                () -> ExpressionCompiler.projection(columns));
        assertEquals("an expression is too large to be compiled", refused.getMessage());
    }

    @Test
    void shouldRefuseExpressionsThatAreTooDeep() {
        Expression deep = A;
        for (int i = 0; i < 100_000; i++) {
            deep = new Call(Operation.NEGATE, SqlType.BIGINT, deep);
        }
        List<Expression> columns = List.of(deep);
        MillraceException refused = assertThrows(
                MillraceException.class,
                () -> ExpressionCompiler.projection(columns));
        assertEquals(ErrorCode.NOT_SUPPORTED, refused.code());
    }
}
