// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.expression.Call;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.expression.Literal;
import dev.millrace.engine.expression.Operation;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import dev.millrace.planner.parser.Positions;
import dev.millrace.planner.validate.DialectFunction;
import dev.millrace.planner.validate.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.avatica.util.TimeUnitRange;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlTrimFunction;

/** Turns one row expression into the engine's, given what stands behind the columns that it refers to. */
final class ExpressionTranslator {
    /** Functions of one operation, taken over with their operands as they are. */
    private static final Map<String, Operation> BY_NAME = Map.ofEntries(
            Map.entry("UPPER", Operation.UPPER),
            Map.entry("LOWER", Operation.LOWER),
            Map.entry("CHAR_LENGTH", Operation.CHAR_LENGTH),
            Map.entry("CHARACTER_LENGTH", Operation.CHAR_LENGTH),
            Map.entry("OCTET_LENGTH", Operation.OCTET_LENGTH),
            Map.entry("SUBSTRING", Operation.SUBSTRING),
            Map.entry("REPLACE", Operation.REPLACE),
            Map.entry("INITCAP", Operation.INITCAP),
            Map.entry("ABS", Operation.ABS),
            Map.entry("SIGN", Operation.SIGN),
            Map.entry("ROUND", Operation.ROUND),
            Map.entry("TRUNCATE", Operation.TRUNCATE),
            Map.entry("POWER", Operation.POWER),
            Map.entry("EXP", Operation.EXP),
            Map.entry("LN", Operation.LN),
            Map.entry("LOG10", Operation.LOG10));

    private static final Map<String, String> DATE_PARTS = Map.of(
            "YEAR", "YEAR", "QUARTER", "QUARTER", "MONTH", "MONTH", "WEEK", "WEEK", "DAYOFYEAR", "DOY",
            "DAYOFMONTH", "DAY", "DAYOFWEEK", "DOW", "HOUR", "HOUR", "MINUTE", "MINUTE", "SECOND", "SECOND");

    private final RexBuilder builder;
    private final List<Expression> inputs;

    /** @param inputs what stands behind each column of the input row */
    ExpressionTranslator(RexBuilder builder, List<Expression> inputs) {
        this.builder = builder;
        this.inputs = inputs;
    }

    Expression translate(RexNode node) {
        return switch (node) {
            case RexInputRef reference -> inputs.get(reference.getIndex());
            case RexLiteral literal -> Literals.of(literal);
            case RexCall call when call.getKind() == SqlKind.SEARCH ->
                    translate(RexUtil.expandSearch(builder, null, call));
            case RexCall call -> call(call);
            default -> throw notSupported(node.getKind() + " is not supported yet", null);
        };
    }

    private Expression call(RexCall call) {
        if (call.getOperator() instanceof DialectFunction function) {
            return dialectFunction(call, function.operation());
        }
        return switch (call.getKind()) {
            case AND -> logic(call, Operation.AND);
            case OR -> logic(call, Operation.OR);
            case NOT -> plain(call, Operation.NOT);
            case EQUALS -> comparison(call, Operation.EQUAL);
            case NOT_EQUALS -> comparison(call, Operation.NOT_EQUAL);
            case LESS_THAN -> comparison(call, Operation.LESS);
            case LESS_THAN_OR_EQUAL -> comparison(call, Operation.LESS_OR_EQUAL);
            case GREATER_THAN -> comparison(call, Operation.GREATER);
            case GREATER_THAN_OR_EQUAL -> comparison(call, Operation.GREATER_OR_EQUAL);
            case IS_DISTINCT_FROM -> comparison(call, Operation.IS_DISTINCT_FROM);
            case IS_NOT_DISTINCT_FROM -> comparison(call, Operation.IS_NOT_DISTINCT_FROM);
            case IS_NULL, IS_UNKNOWN -> plain(call, Operation.IS_NULL);
            case IS_NOT_NULL -> plain(call, Operation.IS_NOT_NULL);
            case IS_TRUE -> plain(call, Operation.IS_TRUE);
            case IS_NOT_TRUE -> plain(call, Operation.IS_NOT_TRUE);
            case IS_FALSE -> plain(call, Operation.IS_FALSE);
            case IS_NOT_FALSE -> plain(call, Operation.IS_NOT_FALSE);
            case PLUS -> arithmetic(call, Operation.ADD);
            case MINUS -> arithmetic(call, Operation.SUBTRACT);
            case TIMES -> arithmetic(call, Operation.MULTIPLY);
            case DIVIDE -> arithmetic(call, Operation.DIVIDE);
            case MOD -> arithmetic(call, Operation.MODULO);
            case MINUS_PREFIX -> negate(call);
            case CASE -> caseOf(call, operands(call));
            case COALESCE -> new Call(Operation.COALESCE, Casts.all(operands(call), type(call)), type(call));
            case NULLIF -> nullIf(call);
            case CAST -> cast(call, Operation.CAST);
            case SAFE_CAST -> cast(call, Operation.TRY_CAST);
            case LIKE -> plain(call, Operation.LIKE);
            case POSITION -> plain(call, Operation.POSITION);
            case TRIM -> trim(call);
            case FLOOR -> floor(call, Operation.FLOOR);
            case CEIL -> floor(call, Operation.CEIL);
            case EXTRACT -> withUnit(call, Operation.EXTRACT, 0);
            case TIMESTAMP_ADD -> withUnit(call, Operation.TIMESTAMP_ADD, 0);
            case TIMESTAMP_DIFF -> withUnit(call, Operation.TIMESTAMP_DIFF, 0);
            default -> named(call);
        };
    }

    private Expression named(RexCall call) {
        String name = call.getOperator().getName().toUpperCase(Locale.ROOT);
        if (name.equals("||")) {
            return plain(call, Operation.CONCAT);
        }
        if (name.equals("TRY_CAST")) {
            return cast(call, Operation.TRY_CAST);
        }
        if (name.equals("TIMESTAMPADD")) {
            return withUnit(call, Operation.TIMESTAMP_ADD, 0);
        }
        if (name.equals("TIMESTAMPDIFF")) {
            return withUnit(call, Operation.TIMESTAMP_DIFF, 0);
        }
        String part = DATE_PARTS.get(name);
        if (part != null && call.operands.size() == 1) {
            return new Call(Operation.EXTRACT, type(call), Literal.of(part), translate(call.operands.getFirst()));
        }
        Operation operation = BY_NAME.get(name);
        if (operation == null) {
            throw notSupported(name + " is not supported yet", call);
        }
        return switch (operation) {
            case POWER, EXP, LN, LOG10 -> new Call(operation, Casts.all(operands(call), SqlType.DOUBLE), type(call));
            case ABS -> new Call(operation, Casts.all(operands(call), type(call)), type(call));
            default -> plain(call, operation);
        };
    }

    private Expression dialectFunction(RexCall call, Operation operation) {
        SqlType type = type(call);
        List<Expression> operands = operands(call);
        return switch (operation) {
            case SQRT, POWER -> new Call(operation, Casts.all(operands, SqlType.DOUBLE), type);
            case GREATEST, LEAST, COALESCE -> new Call(operation, Casts.all(operands, type), type);
            case CASE -> caseOf(call, operands);
            case LTRIM, RTRIM, TRIM -> operands.size() == 2 ? new Call(operation, operands, type)
                    : new Call(operation, type, operands.getFirst(), Literal.of(" "));
            case DATE_FORMAT -> operands.getFirst().type().kind().isTimestamp() ? new Call(operation, operands, type)
                    : new Call(operation, type, Casts.to(operands.getFirst(), SqlType.timestamp(3)), operands.get(1));
            case DATE_TRUNC -> dateTrunc(call, operands, type);
            case FROM_UNIXTIME -> {
                List<Expression> casted = new ArrayList<>(operands);
                casted.set(0, Casts.to(operands.getFirst(), SqlType.BIGINT));
                yield new Call(operation, casted, type);
            }
            default -> new Call(operation, operands, type);
        };
    }

    private static Expression dateTrunc(RexCall call, List<Expression> operands, SqlType type) {
        if (!(operands.getFirst() instanceof Literal unit) || unit.isNull()) {
            throw notSupported("DATE_TRUNC takes its unit as a literal", call);
        }
        return new Call(
                Operation.DATE_TRUNC, type, Literal.of(unit((String) unit.value(), call)), operands.get(1));
    }

    private Expression logic(RexCall call, Operation operation) {
        List<Expression> parts = new ArrayList<>();
        for (Expression operand : operands(call)) {
            if (operand instanceof Call nested && nested.operation() == operation) {
                parts.addAll(nested.arguments());
            } else {
                parts.add(operand);
            }
        }
        return new Call(operation, parts, type(call));
    }

    private Expression plain(RexCall call, Operation operation) {
        return new Call(operation, operands(call), type(call));
    }

    private Expression comparison(RexCall call, Operation operation) {
        return new Call(operation, Casts.comparable(operands(call)), type(call));
    }

    private Expression arithmetic(RexCall call, Operation operation) {
        SqlType type = type(call);
        List<Expression> operands = operands(call);
        boolean times = operands.stream().anyMatch(operand -> isTemporal(operand.type().kind()));
        if (!times) {
            // The remainder has the divisor's type, which may be too narrow for the dividend.
            SqlType computed = operation == Operation.MODULO ? Casts.widestInteger(operands, type) : type;
            return Casts.to(new Call(operation, Casts.arithmetic(operands, computed), computed), type);
        }
        if (operands.size() == 2 && isInterval(operands.getFirst().type().kind()) && operation == Operation.ADD
                && !isInterval(operands.get(1).type().kind())) {
            operands = operands.reversed();
        }
        boolean timeAndInterval = operands.size() == 2 && !isInterval(operands.getFirst().type().kind())
                && isInterval(operands.get(1).type().kind());
        if (!timeAndInterval || operation != Operation.ADD && operation != Operation.SUBTRACT) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "this arithmetic on times is not supported yet", position(call),
                    "times take + and - with an INTERVAL literal; for differences use TIMESTAMPDIFF(unit, from, to)");
        }
        return new Call(operation, operands, type);
    }

    private static boolean isTemporal(TypeKind kind) {
        return isInterval(kind) || kind.isTimestamp() || kind == TypeKind.DATE || kind == TypeKind.TIME;
    }

    private static boolean isInterval(TypeKind kind) {
        return kind == TypeKind.INTERVAL_MILLIS || kind == TypeKind.INTERVAL_MONTH;
    }

    private Expression negate(RexCall call) {
        Expression operand = translate(call.operands.getFirst());
        if (operand instanceof Literal literal && literal.value() instanceof Long value && value != Long.MIN_VALUE) {
            return new Literal(-value, literal.type());
        }
        if (operand instanceof Literal literal && literal.value() instanceof Double value) {
            return new Literal(-value, literal.type());
        }
        return new Call(Operation.NEGATE, type(call), operand);
    }

    private Expression caseOf(RexCall call, List<Expression> operands) {
        SqlType type = type(call);
        List<Expression> casted = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            boolean condition = i % 2 == 0 && i < operands.size() - 1;
            casted.add(condition ? operands.get(i) : Casts.to(operands.get(i), type));
        }
        return new Call(Operation.CASE, casted, type);
    }

    private Expression nullIf(RexCall call) {
        List<Expression> operands = operands(call);
        SqlType type = type(call);
        List<Expression> compared = Casts.comparable(operands);
        return Casts.to(
                new Call(Operation.NULLIF, compared, compared.getFirst().type().withNullable(true)), type);
    }

    private Expression cast(RexCall call, Operation operation) {
        Expression operand = translate(call.operands.getFirst());
        SqlType type = type(call);
        if (operation == Operation.CAST) {
            return Casts.to(operand, type);
        }
        return new Call(operation, type, operand);
    }

    /** Calcite: (flag, characters, string). */
    private Expression trim(RexCall call) {
        SqlTrimFunction.Flag flag =
                ((RexLiteral) call.operands.getFirst()).getValueAs(SqlTrimFunction.Flag.class);
        Operation operation = switch (flag) {
            case BOTH -> Operation.TRIM;
            case LEADING -> Operation.LTRIM;
            case TRAILING -> Operation.RTRIM;
        };
        return new Call(operation, type(call), translate(call.operands.get(2)), translate(call.operands.get(1)));
    }

    /** FLOOR(number), or FLOOR(time TO unit), which is the start of the unit. */
    private Expression floor(RexCall call, Operation operation) {
        Expression operand = translate(call.operands.getFirst());
        if (call.operands.size() == 1) {
            return new Call(operation, type(call), operand);
        }
        if (operation == Operation.CEIL) {
            throw notSupported("CEIL of a time is not supported yet", call);
        }
        return new Call(Operation.DATE_TRUNC, type(call), unit(call.operands.get(1), call), operand);
    }

    private Expression withUnit(RexCall call, Operation operation, int unitIndex) {
        List<Expression> operands = new ArrayList<>();
        for (int i = 0; i < call.operands.size(); i++) {
            operands.add(i == unitIndex ? unit(call.operands.get(i), call) : translate(call.operands.get(i)));
        }
        if (operation == Operation.TIMESTAMP_DIFF) {
            List<Expression> times = Casts.comparable(operands.subList(1, 3));
            operands = new ArrayList<>(List.of(operands.getFirst(), times.get(0), times.get(1)));
        }
        return new Call(operation, operands, type(call));
    }

    private static Literal unit(RexNode node, RexCall call) {
        Object value = ((RexLiteral) node).getValue();
        String name = value instanceof TimeUnitRange range ? range.startUnit.name() : String.valueOf(value);
        return Literal.of(unit(name, call));
    }

    private static String unit(String name, RexCall call) {
        String upper = name.toUpperCase(Locale.ROOT);
        return switch (upper) {
            case "YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND", "DOW", "DOY",
                    "EPOCH" -> upper;
            case "YEARS", "QUARTERS", "MONTHS", "WEEKS", "DAYS", "HOURS", "MINUTES", "SECONDS", "MILLISECONDS" ->
                    upper.substring(0, upper.length() - 1);
            default -> throw notSupported("the unit of time " + upper + " is not supported", call);
        };
    }

    private List<Expression> operands(RexCall call) {
        return call.operands.stream().map(this::translate).toList();
    }

    private static SqlType type(RexCall call) {
        return Types.ofExpression(call.getType());
    }

    private static SourceSpan position(RexCall call) {
        return call == null ? null : Positions.span(call.getParserPosition());
    }

    private static MillraceException notSupported(String message, RexCall call) {
        return new MillraceException(ErrorCode.NOT_SUPPORTED, message, position(call), null);
    }
}
