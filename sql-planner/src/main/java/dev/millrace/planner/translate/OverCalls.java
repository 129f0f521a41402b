// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.planner.parser.Positions;
import dev.millrace.planner.validate.Types;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.rex.RexWindow;
import org.apache.calcite.sql.SqlKind;

/**
 * Takes the calls of OVER out of a projection: below them stands what travels to the partitions, behind them what is
 * computed of the rows and the results.
 */
final class OverCalls {
    private final RexBuilder builder;
    private final List<Branch> inputs;
    private final int inputColumns;
    private final SentColumns sent;
    private final List<OverCall> calls = new ArrayList<>();
    private List<Integer> keys;
    private int time = -1;

    private OverCalls(RexBuilder builder, List<Branch> inputs) {
        this.builder = builder;
        this.inputs = inputs;
        inputColumns = inputs.getFirst().columns().size();
        sent = new SentColumns(inputs);
    }

    static Relation.Over translate(RexBuilder builder, Relation.Rows rows, Project project) {
        if (rows.branches().getFirst().windowing() != null) {
            throw notYet("OVER in the query of a window is not supported yet", null, "leave out the window");
        }
        return new OverCalls(builder, rows.branches()).translate(project);
    }

    private Relation.Over translate(Project project) {
        // The columns that are shown come first, so that there is often nothing left to project.
        Map<Integer, Integer> shown = new HashMap<>();
        project.getProjects().forEach(node -> node.accept(new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitInputRef(RexInputRef reference) {
                shown.computeIfAbsent(reference.getIndex(), index -> sent.addColumn(index, "column"));
                return null;
            }

            @Override
            public Void visitOver(RexOver over) {
                return null;
            }
        }));
        RexShuttle replacing = new RexShuttle() {
            @Override
            public RexNode visitOver(RexOver over) {
                return reference(over, call(over));
            }

            @Override
            public RexNode visitCall(RexCall call) {
                RexOver sum = sumOf(call);
                return sum == null ? super.visitCall(call) : reference(call, aggregate(OverFunction.SUM, sum, call));
            }
        };
        List<RexNode> replaced = project.getProjects().stream().map(node -> node.accept(replacing)).toList();

        List<Column> output = new ArrayList<>();
        Set<String> names = new HashSet<>(sent.names());
        for (int i = 0; i < sent.names().size(); i++) {
            output.add(new Column(sent.names().get(i), sent.type(i)));
        }
        List<Expression> behind = new ArrayList<>();
        for (int i = 0; i < inputColumns; i++) {
            Integer index = shown.get(i);
            behind.add(index == null ? null : new ColumnReference(index, sent.type(index)));
        }
        for (int i = 0; i < calls.size(); i++) {
            SqlType type = calls.get(i).type();
            String name = "over" + (i + 1);
            for (int k = 0; k < replaced.size(); k++) {
                if (replaced.get(k) instanceof RexInputRef reference && reference.getIndex() == inputColumns + i) {
                    name = project.getRowType().getFieldNames().get(k);
                    break;
                }
            }
            behind.add(new ColumnReference(output.size(), type));
            output.add(new Column(RelTranslator.unique(names, name, "over"), type));
        }
        ExpressionTranslator translator = new ExpressionTranslator(builder, behind);
        List<Expression> columns = replaced.stream().map(translator::translate).toList();
        return new Relation.Over(
                sent.branches(), sent.names(), keys, time, calls, new Schema(output), columns, null);
    }

    private RexNode reference(RexNode call, OverCall translated) {
        int index = calls.indexOf(translated);
        if (index < 0) {
            index = calls.size();
            calls.add(translated);
        }
        return builder.makeInputRef(call.getType(), inputColumns + index);
    }

    /** SUM stands in the algebra as CASE WHEN COUNT(x) OVER w > 0 THEN SUM(x) OVER w END; null if it isn't this. */
    private static RexOver sumOf(RexCall call) {
        if (call.getKind() != SqlKind.CASE || call.getOperands().size() != 3
                || !(call.getOperands().get(0) instanceof RexCall test) || test.getKind() != SqlKind.GREATER_THAN
                || !(test.getOperands().getFirst() instanceof RexOver count)
                || !(withoutCast(call.getOperands().get(1)) instanceof RexOver sum)) {
            return null;
        }
        boolean matches = count.getAggOperator().getKind() == SqlKind.COUNT
                && (sum.getAggOperator().getKind() == SqlKind.SUM || sum.getAggOperator().getKind() == SqlKind.SUM0)
                && sum.getType().getSqlTypeName() == call.getType().getSqlTypeName()
                && count.getOperands().equals(sum.getOperands()) && count.getWindow().equals(sum.getWindow())
                && RexLiteral.isNullLiteral(withoutCast(call.getOperands().get(2)));
        return matches ? sum : null;
    }

    private static RexNode withoutCast(RexNode node) {
        return node.getKind() == SqlKind.CAST ? ((RexCall) node).getOperands().getFirst() : node;
    }

    private OverCall call(RexOver over) {
        return switch (over.getAggOperator().getKind()) {
            case COUNT -> aggregate(OverFunction.COUNT, over, over);
            case SUM, SUM0 -> aggregate(OverFunction.SUM, over, over);
            case AVG -> aggregate(OverFunction.AVG, over, over);
            case MIN -> aggregate(OverFunction.MIN, over, over);
            case MAX -> aggregate(OverFunction.MAX, over, over);
            case ROW_NUMBER -> {
                window(over);
                yield new OverCall(
                        OverFunction.COUNT, OverCall.NO_ARGUMENT, OverCall.UNBOUNDED, OverCall.NO_DEFAULT, null,
                        type(over));
            }
            case LAG -> lag(over);
            default -> throw notYet(over.getAggOperator().getName() + " OVER is not supported yet", over,
                    "functions of OVER: COUNT, SUM, AVG, MIN, MAX, LAG, ROW_NUMBER");
        };
    }

    private OverCall aggregate(OverFunction function, RexOver over, RexNode typed) {
        window(over);
        if (over.getOperands().size() > 1) {
            throw notYet("an aggregate of several columns is not supported yet", over, null);
        }
        RexWindow window = over.getWindow();
        if (!window.isRows()) {
            throw notYet("RANGE is not supported yet", over, "use ROWS BETWEEN 99 PRECEDING AND CURRENT ROW");
        }
        int rows = OverCall.UNBOUNDED;
        if (window.getLowerBound().isCurrentRow()) {
            rows = 1;
        } else if (!window.getLowerBound().isUnbounded()) {
            rows = 1 + ((RexLiteral) window.getLowerBound().getOffset()).getValueAs(Integer.class);
        }
        int argument = over.getOperands().isEmpty() ? OverCall.NO_ARGUMENT
                : send(over.getOperands().getFirst(), "arg");
        SqlType argumentType = argument == OverCall.NO_ARGUMENT ? null : sent.type(argument);
        return new OverCall(function, argument, rows, OverCall.NO_DEFAULT, argumentType, type(typed));
    }

    private OverCall lag(RexOver over) {
        window(over);
        int offset = 1;
        if (over.getOperands().size() > 1) {
            RexNode given = withoutCast(over.getOperands().get(1));
            BigDecimal number = given instanceof RexLiteral literal ? literal.getValueAs(BigDecimal.class) : null;
            if (number == null || number.signum() <= 0 || number.scale() > 0
                    || number.compareTo(BigDecimal.valueOf(OverCall.ROWS_MAX)) > 0) {
                throw notYet(
                        "LAG goes back by a number of rows from 1 to " + OverCall.ROWS_MAX, over, "LAG(price, 1)");
            }
            offset = number.intValueExact();
        }
        SqlType type = type(over);
        int argument = sendAs(over.getOperands().getFirst(), type, "arg");
        int otherwise = OverCall.NO_DEFAULT;
        if (over.getOperands().size() > 2 && !RexLiteral.isNullLiteral(withoutCast(over.getOperands().get(2)))) {
            otherwise = sendAs(over.getOperands().get(2), type, "otherwise");
        }
        return new OverCall(OverFunction.LAG, argument, offset, otherwise, sent.type(argument), type);
    }

    /** All calls go by the same keys and the same order, since rows meet in one partition in one order. */
    private void window(RexOver over) {
        List<Integer> partition = new ArrayList<>();
        for (RexNode key : over.getWindow().partitionKeys) {
            int index = send(key, "key");
            if (!partition.contains(index)) {
                partition.add(index);
            }
        }
        if (keys != null && !new HashSet<>(keys).equals(new HashSet<>(partition))) {
            throw notYet(
                    "different PARTITION BY in one query are not supported yet", over,
                    "partition all OVERs of the query by the same columns, or write two queries");
        }
        keys = keys == null ? partition : keys;
        int order = send(over.getWindow().orderKeys.getFirst().left, "time");
        if (time >= 0 && order != time) {
            throw notYet("different ORDER BY in one query are not supported yet", over, "order by the event time");
        }
        time = order;
        if (!sent.type(time).kind().isTimestamp()) {
            throw notYet("ORDER BY of OVER takes the event time only", over, "order by the event time of the table");
        }
    }

    private int send(RexNode node, String name) {
        List<Expression> values = inputs.stream()
                .map(branch -> new ExpressionTranslator(builder, branch.columns()).translate(node))
                .toList();
        return sent.add(values, name);
    }

    private int sendAs(RexNode node, SqlType type, String name) {
        List<Expression> values = inputs.stream()
                .map(branch -> new ExpressionTranslator(builder, branch.columns()).translate(node))
                .map(value -> value instanceof Literal literal && literal.isNull() ? value : Casts.to(value, type))
                .toList();
        return sent.add(values, name);
    }

    private static SqlType type(RexNode node) {
        RelDataType type = node.getType();
        return Types.ofExpression(type);
    }

    private static MillraceException notYet(String message, RexCall call, String hint) {
        SourceSpan position = call == null ? null : Positions.span(call.getParserPosition());
        return new MillraceException(ErrorCode.NOT_SUPPORTED, message, position, hint);
    }
}
