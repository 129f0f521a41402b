// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.fail;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.SqlType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/**
 * Random expressions over random batches: generated loops give what the interpreter gives, row by row, errors too. A
 * failure names its seed; {@code -Dseed=…} repeats it, and {@code -Dexpressions=…} tries more.
 */
class CompiledLikeInterpretedTest {
    private static final int EXPRESSIONS = 400;
    private static final int ROWS = 40;
    private static final int DEPTH_MAX = 4;

    @Test
    void shouldComputeWhatTheInterpreterComputes() {
        long firstSeed = Long.getLong("seed", new Random().nextLong() >>> 1);
        int count = Integer.getInteger("expressions", EXPRESSIONS);
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            try {
                checkOne(new Random(seed));
            } catch (AssertionError | RuntimeException wrong) {
                throw new AssertionError("seed " + seed + ": " + wrong.getMessage(), wrong);
            }
        }
    }

    private static void checkOne(RandomGenerator random) {
        RandomExpressions generator = new RandomExpressions(random);
        SqlType type = generator.anyType();
        Expression expression = generator.expression(type, random.nextInt(1, DEPTH_MAX + 1));
        Projection projection = ExpressionCompiler.projection(List.of(expression));
        Expression condition = generator.expression(SqlType.BOOLEAN, random.nextInt(1, DEPTH_MAX + 1));
        RowFilter filter = ExpressionCompiler.filter(condition);
        BatchArena arena = new BatchArena();
        for (int i = 0; i < 3; i++) {
            boolean nulls = random.nextBoolean();
            Object[][] rows = rows(generator, nulls, random);
            Batch batch = batch(generator, rows, random);
            RowErrors errors = new RowErrors();
            checkProjection(expression, rows, batch, projection.apply(batch, arena, errors), errors);
            checkFilter(condition, rows, batch, filter.apply(batch, arena, errors), errors);
            arena.reset();
        }
    }

    private static Object[][] rows(RandomExpressions generator, boolean nulls, RandomGenerator random) {
        List<SqlType> types = generator.columns();
        Object[][] rows = new Object[ROWS][types.size()];
        for (Object[] row : rows) {
            for (int column = 0; column < row.length; column++) {
                boolean isNull = nulls && types.get(column).nullable() && random.nextInt(4) == 0;
                row[column] = isNull ? null : generator.value(types.get(column));
            }
        }
        return rows;
    }

    private static Batch batch(RandomExpressions generator, Object[][] rows, RandomGenerator random) {
        List<SqlType> types = generator.columns();
        Vector[] columns = new Vector[types.size()];
        for (int column = 0; column < columns.length; column++) {
            columns[column] = Vector.create(types.get(column).storage(), ROWS);
            for (int row = 0; row < ROWS; row++) {
                Boxed.set(columns[column], row, rows[row][column], types.get(column));
            }
        }
        long[] positions = new long[ROWS];
        for (int row = 0; row < ROWS; row++) {
            positions[row] = 1_000 + row;
        }
        if (random.nextBoolean()) {
            return new Batch(columns, ROWS, null, ROWS, positions, null, null, null);
        }
        int[] selection = random.ints(ROWS, 0, ROWS).distinct().sorted().toArray();
        return new Batch(columns, ROWS, selection, selection.length, positions, null, null, null);
    }

    /** What a row gives, in letters. */
    private static String interpret(Expression expression, Object[] row) {
        try {
            return Boxed.show(Interpreter.evaluate(expression, row));
        } catch (EvaluationError failed) {
            return failed.code().name();
        }
    }

    private static void checkProjection(
            Expression expression,
            Object[][] rows,
            Batch batch,
            Batch result,
            RowErrors errors) {
        Map<Integer, String> actual = errorsByRow(errors);
        for (int i = 0; i < result.size(); i++) {
            int row = result.row(i);
            String value = Boxed.show(Boxed.get(result.column(0), row, expression.type()));
            assertNull(actual.put(row, value), "a failed row is selected");
        }
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            assertSame(expression, rows[row], interpret(expression, rows[row]), actual.remove(row));
        }
        assertEquals(Map.of(), actual);
    }

    private static Map<Integer, String> errorsByRow(RowErrors errors) {
        Map<Integer, String> byRow = new HashMap<>();
        for (RowErrors.RowError error : errors.take()) {
            byRow.put((int) error.position() - 1_000, error.code().name());
        }
        return byRow;
    }

    private static void checkFilter(
            Expression condition,
            Object[][] rows,
            Batch batch,
            Batch result,
            RowErrors errors) {
        Map<Integer, String> actual = errorsByRow(errors);
        for (int i = 0; i < result.size(); i++) {
            assertNull(actual.put(result.row(i), "true"), "a failed row passes");
        }
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            String expected = interpret(condition, rows[row]);
            String dropped = expected.equals("null") || expected.equals("false") ? expected : "dropped";
            assertSame(condition, rows[row], expected, actual.getOrDefault(row, dropped));
            actual.remove(row);
        }
        assertEquals(Map.of(), actual);
    }

    private static void assertSame(Expression expression, Object[] row, String expected, String actual) {
        if (!expected.equals(actual)) {
            fail(
                    expression + " : " + expression.type() + "\nexpected " + expected + "\nactual " + actual + "\nfor "
                            + used(expression, row));
        }
    }

    private static List<String> used(Expression expression, Object[] row) {
        return switch (expression) {
            case Literal literal -> List.of();
            case ColumnReference column ->
                    List.of(column + " " + column.type() + " = " + Boxed.show(row[column.index()]));
            case Call call -> call.arguments().stream().flatMap(e -> used(e, row).stream()).distinct().toList();
        };
    }
}
