// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.TimeColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/**
 * Who brings ORDER BY and LIMIT about. A client sorts a result that ends. Everything else is for one partition in which all
 * rows of the result meet: of a result that never ends only by its event time first, as far as the watermark has come.
 *
 * @param atClient what the client does, over the columns of the result
 * @param merged what is done in one partition, over the rows of the query's body; null if nothing is
 * @param time the event time among those rows by which they are released; null if they wait for the end
 */
record OutputOrder(ResultOrder atClient, ResultOrder merged, TimeColumn time) {
    private static final OutputOrder NONE = new OutputOrder(ResultOrder.NONE, null, null);

    /**
     * @param sort ORDER BY and LIMIT, or null
     * @param insert the target, or null for a SELECT
     * @param bounded whether all inputs end
     * @param position where ORDER BY stands
     */
    static OutputOrder of(
            RelRoot root, Sort sort, Relation relation, InsertTarget insert, boolean bounded, SourceSpan position) {
        if (sort == null) {
            return NONE;
        }
        List<ResultOrder.Key> keys = keys(sort);
        long offset = number(sort.offset, 0);
        long limit = number(sort.fetch, ResultOrder.NO_LIMIT);
        if (insert == null && (bounded || keys.isEmpty())) {
            return new OutputOrder(new ResultOrder(ofResult(keys, root, position), offset, limit), null, null);
        }
        if (keys.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED,
                    "LIMIT without ORDER BY in an INSERT is not supported: which rows come first"
                            + " is left to chance",
                    position, "say by what they are to be ordered");
        }
        ResultOrder.Key first = keys.getFirst();
        TimeColumn time = first.descending() ? null : time(relation, first.column(), bounded);
        if (time == null && !bounded) {
            throw new MillraceException(
                    ErrorCode.UNBOUNDED_STATE, "ORDER BY waits for the end of the input, and this input never ends",
                    position,
                    "order by the event time first, ascending: the column of the WATERMARK, or window_end of a window;\n"
                            + "else leave out ORDER BY, or read a table that ends");
        }
        return insert == null
                ? new OutputOrder(
                        new ResultOrder(List.of(), offset, limit), new ResultOrder(keys, 0, ResultOrder.NO_LIMIT), time)
                : new OutputOrder(ResultOrder.NONE, new ResultOrder(keys, offset, limit), time);
    }

    /** Whether all rows of the result meet in one partition for it. */
    boolean isMerged() {
        return merged != null;
    }

    private static List<ResultOrder.Key> keys(Sort sort) {
        List<ResultOrder.Key> keys = new ArrayList<>();
        for (RelFieldCollation collation : sort.getCollation().getFieldCollations()) {
            boolean descending = collation.getDirection().isDescending();
            boolean nullsFirst = collation.nullDirection == NullDirection.UNSPECIFIED ? !descending
                    : collation.nullDirection == NullDirection.FIRST;
            keys.add(new ResultOrder.Key(collation.getFieldIndex(), descending, nullsFirst));
        }
        return keys;
    }

    /** The same over the columns of the result. */
    private static List<ResultOrder.Key> ofResult(
            List<ResultOrder.Key> keys, RelRoot root, SourceSpan position) {
        Map<Integer, Integer> resultIndexes = new HashMap<>();
        for (int i = 0; i < root.fields.size(); i++) {
            resultIndexes.putIfAbsent(root.fields.get(i).getKey(), i);
        }
        List<ResultOrder.Key> moved = new ArrayList<>();
        for (ResultOrder.Key key : keys) {
            Integer index = resultIndexes.get(key.column());
            if (index == null) {
                throw new MillraceException(
                        ErrorCode.NOT_SUPPORTED, "ORDER BY takes columns of the result", position,
                        "add what it sorts by to SELECT");
            }
            moved.add(new ResultOrder.Key(index, key.descending(), key.nullsFirst()));
        }
        return moved;
    }

    /** The event time that a column of the query's body is, or null. */
    private static TimeColumn time(Relation relation, int column, boolean bounded) {
        return switch (relation) {
            case Relation.Grouped grouped -> grouped.windowing() == null ? null
                    : ofWindow(grouped.columns().get(column), column, grouped.windowing());
            case Relation.Over over -> over.columns().get(column) instanceof ColumnReference reference
                    && reference.index() == over.timeColumn() ? new TimeColumn(column, 0) : null;
            // Late rows of an input that ends have their place in the order like all others.
            case Relation.Rows rows -> !bounded && rows.branches().stream().allMatch(branch -> isTime(branch, column))
                    ? new TimeColumn(column, 0) : null;
            case Relation.Constants _ -> null;
        };
    }

    private static TimeColumn ofWindow(Expression expression, int column, Windowing windowing) {
        return switch (expression) {
            case ColumnReference reference when reference.index() == Windowing.START ->
                    new TimeColumn(column, windowing.sizeMillis() - 1);
            case ColumnReference reference when reference.index() == Windowing.END -> new TimeColumn(column, -1);
            // The last moment of a window.
            case Call call when call.operation() == Operation.SUBTRACT
                    && call.arguments().getFirst() instanceof ColumnReference end && end.index() == Windowing.END
                    && RelTranslator.isWindowTime(call) -> new TimeColumn(column, 0);
            default -> null;
        };
    }

    private static boolean isTime(Branch branch, int column) {
        int time = branch.table().timeColumn();
        return time >= 0 && branch.windowing() == null
                && branch.table().columns().get(time).value().equals(branch.columns().get(column));
    }

    private static long number(RexNode node, long otherwise) {
        return node instanceof RexLiteral literal ? literal.getValueAs(Long.class) : otherwise;
    }
}
