// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.ColumnReference;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import dev.millrace.planner.catalog.CatalogColumn;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.parser.Positions;
import dev.millrace.planner.validate.Types;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableFunctionScan;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.core.Union;
import org.apache.calcite.rel.core.Values;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;

/**
 * Walks the algebra from the tables up and composes filters and projections on the way, so that what is left is at most
 * one filter and one projection before an aggregation and one of each behind it.
 */
final class RelTranslator {
    private static final SqlType WINDOW_BOUND = SqlType.timestamp(3).withNullable(false);
    private static final Expression MILLI = new Literal(1L, SqlType.INTERVAL_MILLIS.withNullable(false));

    private final RexBuilder builder;

    RelTranslator(RexBuilder builder) {
        this.builder = builder;
    }

    Relation translate(RelNode node) {
        return switch (node) {
            case TableScan scan -> table(scan);
            case Filter filter -> filter(filter);
            case Project project -> project(project);
            case Aggregate aggregate -> aggregate(aggregate);
            case TableFunctionScan function -> window(function);
            case Union union -> union(union);
            case Values values -> values(values);
            default -> throw notYet(describe(node) + " is not supported here yet", null);
        };
    }

    private static String describe(RelNode node) {
        return switch (node.getRelTypeName()) {
            case "LogicalSort" -> "ORDER BY or LIMIT inside a query";
            case "LogicalJoin", "LogicalCorrelate" -> "a join";
            case "LogicalIntersect" -> "INTERSECT";
            case "LogicalMinus" -> "EXCEPT";
            default -> node.getRelTypeName();
        };
    }

    private static String describe(Relation relation) {
        return switch (relation) {
            case Relation.Rows rows -> "rows";
            case Relation.Grouped grouped -> "an aggregated result";
            case Relation.Over over -> "a result of OVER";
            case Relation.Constants constants -> "VALUES";
        };
    }

    private Relation table(TableScan scan) {
        CatalogTable table = scan.getTable().unwrap(CatalogTable.class);
        List<Expression> columns = table.columns().stream().map(CatalogColumn::value).toList();
        return new Relation.Rows(List.of(new Branch(table, columns, null, null)));
    }

    private Relation filter(Filter filter) {
        return switch (translate(filter.getInput())) {
            case Relation.Rows rows -> new Relation.Rows(rows.branches().stream()
                    .map(branch -> branch.withCondition(expression(filter.getCondition(), branch.columns())))
                    .toList());
            case Relation.Grouped grouped ->
                    grouped.withCondition(expression(filter.getCondition(), grouped.columns()));
            case Relation.Over over -> over.withCondition(expression(filter.getCondition(), over.columns()));
            case Relation.Constants constants -> throw notYet("a query without a table takes no condition", null);
        };
    }

    private Relation project(Project project) {
        Relation input = translate(project.getInput());
        if (project.containsOver()) {
            return switch (input) {
                case Relation.Rows rows -> OverCalls.translate(builder, rows, project);
                default -> throw notYet("OVER of " + describe(input) + " is not supported yet", null);
            };
        }
        return switch (input) {
            case Relation.Rows rows -> new Relation.Rows(rows.branches().stream()
                    .map(branch -> branch.withColumns(expressions(project.getProjects(), branch.columns())))
                    .toList());
            case Relation.Grouped grouped ->
                    grouped.withColumns(expressions(project.getProjects(), grouped.columns()));
            case Relation.Over over -> over.withColumns(expressions(project.getProjects(), over.columns()));
            case Relation.Constants constants -> new Relation.Constants(
                    constants.rows().stream().map(row -> expressions(project.getProjects(), row)).toList());
        };
    }

    private List<Expression> expressions(List<RexNode> nodes, List<Expression> inputs) {
        ExpressionTranslator translator = new ExpressionTranslator(builder, inputs);
        return nodes.stream().map(translator::translate).toList();
    }

    private Expression expression(RexNode node, List<Expression> inputs) {
        return new ExpressionTranslator(builder, inputs).translate(node);
    }

    private Relation union(Union union) {
        List<Branch> branches = new ArrayList<>();
        List<RelDataTypeField> fields = union.getRowType().getFieldList();
        for (RelNode input : union.getInputs()) {
            Relation translated = translate(input);
            if (!(translated instanceof Relation.Rows rows)) {
                throw notYet("UNION of " + describe(translated) + " is not supported yet", null);
            }
            for (Branch branch : rows.branches()) {
                List<Expression> columns = new ArrayList<>();
                for (int i = 0; i < fields.size(); i++) {
                    columns.add(Casts.to(branch.columns().get(i), Types.ofExpression(fields.get(i).getType())));
                }
                branches.add(branch.withColumns(columns));
            }
        }
        Relation.Rows rows = new Relation.Rows(branches);
        return union.all ? rows : group(rows, all(fields.size()), List.of(), union);
    }

    private static List<Integer> all(int size) {
        return IntStream.range(0, size).boxed().toList();
    }

    private static Relation values(Values values) {
        List<List<Expression>> rows = new ArrayList<>();
        values.getTuples().forEach(tuple -> {
            List<Expression> row = new ArrayList<>();
            tuple.forEach(literal -> row.add(Literals.of(literal)));
            rows.add(row);
        });
        return new Relation.Constants(rows);
    }

    private Relation window(TableFunctionScan function) {
        RexCall call = (RexCall) function.getCall();
        if (!call.getOperator().getName().equalsIgnoreCase("TUMBLE")) {
            throw notYet("the table function " + call.getOperator().getName() + " is not supported yet", call);
        }
        Relation input = translate(function.getInput(0));
        if (!(input instanceof Relation.Rows rows)) {
            throw notYet("a window over " + describe(input) + " is not supported yet", call);
        }
        int time = ((RexInputRef) ((RexCall) call.getOperands().getFirst()).getOperands().getFirst()).getIndex();
        long size = millis(call, 1);
        if (size <= 0) {
            throw new MillraceException(
                    ErrorCode.INVALID_QUERY, "the size of a window must be above zero",
                    Positions.span(call.getParserPosition()), null);
        }
        long offset = Math.floorMod(millis(call, 2), size);
        long grace = millis(call, 3);
        List<Branch> branches = new ArrayList<>();
        for (Branch branch : rows.branches()) {
            if (branch.windowing() != null) {
                throw notYet("a window over a window is not supported yet", call);
            }
            branches.add(branch.windowed(new Windowing(branch.columns().get(time), size, offset, grace)));
        }
        return new Relation.Rows(branches);
    }

    private static long millis(RexCall call, int operand) {
        if (operand >= call.getOperands().size()) {
            return 0;
        }
        if (call.getOperands().get(operand) instanceof RexLiteral literal) {
            Literal value = Literals.of(literal);
            if (value.type().kind() == TypeKind.INTERVAL_MILLIS && !value.isNull()) {
                return (Long) value.value();
            }
        }
        throw new MillraceException(
                ErrorCode.INVALID_QUERY, "windows are measured in days or less, as interval literals",
                Positions.span(call.getParserPosition()), "INTERVAL '1' MINUTE");
    }

    private Relation aggregate(Aggregate aggregate) {
        if (aggregate.getGroupType() != Aggregate.Group.SIMPLE) {
            throw notYet("GROUPING SETS are not supported yet", null);
        }
        Relation input = translate(aggregate.getInput());
        if (!(input instanceof Relation.Rows rows)) {
            throw notYet("an aggregation of " + describe(input) + " is not supported yet", null);
        }
        return group(rows, aggregate.getGroupSet().asList(), aggregate.getAggCallList(), aggregate);
    }

    private Relation group(
            Relation.Rows rows, List<Integer> groupColumns, List<org.apache.calcite.rel.core.AggregateCall> calls,
            RelNode node) {
        Branch first = rows.branches().getFirst();
        boolean windowed = first.windowing() != null;
        SentColumns sent = new SentColumns(rows.branches());
        int time = -1;
        if (windowed) {
            time = sent.add(rows.branches().stream().map(branch -> branch.windowing().time()).toList(), "time");
        }
        List<Column> output = new ArrayList<>();
        if (windowed) {
            output.add(new Column("window_start", WINDOW_BOUND));
            output.add(new Column("window_end", WINDOW_BOUND));
        }
        List<RelDataTypeField> fields = node.getRowType().getFieldList();
        List<Integer> keys = new ArrayList<>();
        List<Expression> columns = new ArrayList<>();
        Set<String> names = new HashSet<>(output.stream().map(Column::name).toList());
        boolean byWindow = false;
        for (int i = 0; i < groupColumns.size(); i++) {
            int column = groupColumns.get(i);
            int windowColumn = first.windowColumn(first.columns().get(column));
            if (windowColumn >= 0) {
                byWindow = true;
                columns.add(windowBound(windowColumn));
                continue;
            }
            String name = unique(names, fields.get(i).getName(), "key");
            int index = sent.addColumn(column, name);
            int key = keys.indexOf(index);
            SqlType type = sent.type(index);
            if (key < 0) {
                key = keys.size();
                keys.add(index);
                output.add(new Column(name, type));
            }
            columns.add(new ColumnReference(key + (windowed ? 2 : 0), type));
        }
        if (windowed && !byWindow) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "a window function without GROUP BY window_start is not supported yet",
                    "add window_start and window_end to GROUP BY");
        }
        List<AggregateCall> aggregates = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            AggregateCall call = call(calls.get(i), sent);
            aggregates.add(call);
            columns.add(new ColumnReference(output.size(), call.type()));
            output.add(new Column(
                    unique(names, fields.get(groupColumns.size() + i).getName(), "agg"), call.type()));
        }
        List<Branch> branches = sent.branches();
        return new Relation.Grouped(
                branches, sent.names(), keys, aggregates, time, new Schema(output), columns, null);
    }

    static String unique(Set<String> taken, String wanted, String kind) {
        String base = wanted.startsWith("$") ? kind + taken.size() : wanted;
        String name = base;
        for (int i = 2; !taken.add(name); i++) {
            name = base + "_" + i;
        }
        return name;
    }

    private static Expression windowBound(int windowColumn) {
        Expression end = new ColumnReference(1, WINDOW_BOUND);
        return switch (windowColumn) {
            case Windowing.START -> new ColumnReference(0, WINDOW_BOUND);
            case Windowing.END -> end;
            default -> new Call(Operation.SUBTRACT, WINDOW_BOUND, end, MILLI);
        };
    }

    /** Whether this is the last moment of a window. */
    static boolean isWindowTime(Call call) {
        return call.arguments().getLast().equals(MILLI);
    }

    private static AggregateCall call(org.apache.calcite.rel.core.AggregateCall call, SentColumns sent) {
        AggregateFunction function = switch (call.getAggregation().getKind()) {
            case COUNT -> AggregateFunction.COUNT;
            case SUM -> AggregateFunction.SUM;
            case AVG -> AggregateFunction.AVG;
            case MIN -> AggregateFunction.MIN;
            case MAX -> AggregateFunction.MAX;
            default -> throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "aggregate " + call.getAggregation().getName() + " is not supported yet",
                    Positions.span(call.getParserPosition()), "aggregates: COUNT, SUM, AVG, MIN, MAX");
        };
        if (call.getArgList().size() > 1) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "an aggregate of several columns is not supported yet",
                    Positions.span(call.getParserPosition()), null);
        }
        boolean distinct = call.isDistinct() && function != AggregateFunction.MIN && function != AggregateFunction.MAX;
        int argument = call.getArgList().isEmpty() ? AggregateCall.NO_ARGUMENT
                : sent.addColumn(call.getArgList().getFirst(), "arg");
        int filter = call.filterArg < 0 ? AggregateCall.NO_FILTER : sent.addColumn(call.filterArg, "filter");
        SqlType argumentType = argument == AggregateCall.NO_ARGUMENT ? null : sent.type(argument);
        return new AggregateCall(
                function, argument, distinct, filter, argumentType, Types.ofExpression(call.getType()));
    }

    private static MillraceException notYet(String message, RexCall call) {
        return new MillraceException(
                ErrorCode.NOT_SUPPORTED, message, call == null ? null : Positions.span(call.getParserPosition()), null);
    }
}
