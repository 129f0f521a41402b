// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression;

import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes well-typed expressions over a fixed set of columns, and values for those. */
final class RandomExpressions {
    private static final List<SqlType> TYPES = List.of(
            SqlType.BOOLEAN,
            SqlType.TINYINT,
            SqlType.SMALLINT,
            SqlType.INTEGER,
            SqlType.BIGINT,
            SqlType.FLOAT,
            SqlType.DOUBLE,
            SqlType.decimal(9, 2),
            SqlType.decimal(18, 6),
            SqlType.decimal(30, 10),
            SqlType.STRING,
            new SqlType(TypeKind.VARCHAR, 8, 0, true),
            new SqlType(TypeKind.CHAR, 4, 0, true),
            SqlType.BYTES,
            SqlType.DATE,
            SqlType.timestamp(3),
            SqlType.timestamp(6),
            SqlType.timestamp(9),
            SqlType.timestampLtz(3),
            SqlType.time(3),
            SqlType.INTERVAL_MILLIS,
            SqlType.INTERVAL_MONTH);

    private static final String[] STRINGS = {"", "a", "A", "ab", " ab ", "abc", "Hello World", "über", "日本語テキスト",
        "😀x😀",
        "0", "1", "-1", "12", "007", "3.75", "-0.5", "1e3", "99999999999999999999", "true", "no", "2024-02-29",
        "2024-02-30", "1999-12-31 23:59:59.987654", "2020-01-01T00:00:00Z", "2020-06-01 12:30", "12:34:56.789",
        "x,y,,z",
        "aaaa", "%_%", "a%", "longer than eight bytes", "longer than eight bytez", "NaN", "-Infinity", "\u0000\u0001"};
    private static final String[] PATTERNS =
            {"%", "a%", "%b", "%l%", "_", "a_", "%_%", "%a%b%", "", "abc", "_b%", "x,_,%",
                "%本%", "!%%", "%!_%"};
    private static final String[] EXPRESSIONS =
            {"a+", "[0-9]+", "^.b", "(a)(b)?", "l+(o)", "é|ü", "(", "\\d{4}-\\d{2}"};
    private static final String[] UNITS = {"YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND",
        "MILLISECOND"};
    private static final String[] PARTS = {"DOW", "ISODOW", "DOY", "ISOYEAR", "EPOCH", "MICROSECOND"};
    private static final long DAYS_MAX = 365L * 120;

    private final RandomGenerator random;
    private final List<SqlType> columns = new ArrayList<>();

    RandomExpressions(RandomGenerator random) {
        this.random = random;
        for (SqlType type : TYPES) {
            columns.add(type);
            columns.add(type.withNullable(false));
        }
    }

    /** The types of the columns that the expressions refer to. */
    List<SqlType> columns() {
        return columns;
    }

    SqlType anyType() {
        return pick(TYPES);
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    @SafeVarargs
    private <T> T pick(T... list) {
        return list[random.nextInt(list.length)];
    }

    // Values.

    /** A value of a type, often at a bound. */
    Object value(SqlType type) {
        boolean extreme = random.nextInt(4) == 0;
        return switch (type.kind()) {
            case BOOLEAN -> random.nextBoolean();
            case TINYINT -> integer(extreme, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SMALLINT -> integer(extreme, Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> integer(extreme, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case BIGINT -> integer(extreme, Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT -> (double) (float) (double) approximate(extreme);
            case DOUBLE -> approximate(extreme);
            case DECIMAL -> decimal(type, extreme);
            case CHAR -> {
                String text = pick(STRINGS);
                int[] padded = (text + "    ").codePoints().limit(type.precision()).toArray();
                yield new String(padded, 0, padded.length);
            }
            case VARCHAR -> {
                int[] characters = text().codePoints().limit(type.precision()).toArray();
                yield new String(characters, 0, characters.length);
            }
            case BINARY, VARBINARY -> {
                byte[] bytes = new byte[random.nextInt(12)];
                random.nextBytes(bytes);
                yield ByteBuffer.wrap(bytes);
            }
            case DATE -> random.nextLong(-DAYS_MAX, DAYS_MAX);
            case TIME -> random.nextLong(86_400 * type.unitsPerSecond());
            case TIMESTAMP, TIMESTAMP_LTZ -> {
                long seconds = random.nextLong(-DAYS_MAX, DAYS_MAX) * 86_400 + random.nextInt(86_400);
                yield seconds * type.unitsPerSecond() + (extreme ? 0 : random.nextLong(type.unitsPerSecond()));
            }
            case INTERVAL_MILLIS -> random.nextLong(-100_000_000_000L, 100_000_000_000L);
            case INTERVAL_MONTH -> random.nextLong(-100, 100);
            case NULL -> null;
        };
    }

    private String text() {
        return random.nextInt(5) == 0 ? pick(STRINGS) + pick(STRINGS) : pick(STRINGS);
    }

    private Long integer(boolean extreme, long min, long max) {
        if (extreme) {
            return pick(min, min + 1, max, max - 1, 0L, -1L, 1L);
        }
        return random.nextBoolean() ? random.nextLong(-10, 11) : Math.clamp(random.nextLong(), min, max);
    }

    private Double approximate(boolean extreme) {
        if (extreme) {
            return pick(0.0, -0.0, 1.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY, -1e300, 1e-300, 9.3e18, 0.285,
                    1e16);
        }
        return random.nextBoolean() ? random.nextInt(-100, 100) / 4.0 : random.nextGaussian() * 1e6;
    }

    private BigDecimal decimal(SqlType type, boolean extreme) {
        BigInteger bound = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
        if (extreme) {
            return new BigDecimal(pick(bound, bound.negate(), BigInteger.ZERO, BigInteger.ONE), type.scale());
        }
        BigInteger value = random.nextBoolean()
                ? BigInteger.valueOf(random.nextInt(-1000, 1000))
                : BigInteger.valueOf(random.nextLong()).multiply(BigInteger.valueOf(random.nextLong(1 << 20)));
        return new BigDecimal(value.remainder(bound), type.scale());
    }

    // Expressions.

    Expression expression(SqlType type, int depth) {
        if (depth == 0 || random.nextInt(12) == 0) {
            return leaf(type);
        }
        return switch (random.nextInt(14)) {
            case 0 -> {
                List<Expression> arguments = new ArrayList<>();
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    arguments.add(expression(SqlType.BOOLEAN, depth - 1));
                    arguments.add(orNull(similar(type), depth));
                }
                arguments.add(orNull(similar(type), depth));
                yield new Call(Operation.CASE, arguments, type);
            }
            case 1 -> {
                List<Expression> arguments = new ArrayList<>();
                for (int i = random.nextInt(1, 4); i > 0; i--) {
                    arguments.add(orNull(similar(type), depth));
                }
                yield new Call(Operation.COALESCE, arguments, type);
            }
            case 2 -> new Call(Operation.NULLIF, type, expression(type, depth - 1), orNull(type, depth));
            case 3 -> new Call(
                    pick(Operation.GREATEST, Operation.LEAST),
                    type,
                    expression(similar(type), depth - 1),
                    expression(type, depth - 1));
            case 4, 5 -> {
                SqlType from = castable(type);
                Operation operation = random.nextInt(4) == 0 ? Operation.TRY_CAST : Operation.CAST;
                yield new Call(operation, type, expression(from, depth - 1));
            }
            default -> specific(type, depth - 1);
        };
    }

    private Expression orNull(SqlType type, int depth) {
        return switch (random.nextInt(12)) {
            case 0 -> Literal.nullOf(type);
            case 1 -> Literal.nullOf(new SqlType(TypeKind.NULL, 0, 0, true));
            default -> expression(type, depth - 1);
        };
    }

    private Expression leaf(SqlType type) {
        if (random.nextInt(3) == 0) {
            return Boxed.literal(random.nextInt(10) == 0 ? null : value(type), type);
        }
        int index = columns.indexOf(type.withNullable(random.nextBoolean()));
        if (index < 0) {
            return Boxed.literal(value(type), type);
        }
        return new ColumnReference(index, columns.get(index));
    }

    /** A type whose values can be used for the type after an implicit cast. */
    private SqlType similar(SqlType type) {
        return type.kind() == TypeKind.DECIMAL && random.nextInt(3) == 0
                ? pick(SqlType.decimal(9, 2), SqlType.INTEGER, SqlType.decimal(18, 6))
                : type;
    }

    private SqlType castable(SqlType type) {
        List<SqlType> from = TYPES.stream().filter(candidate -> canCast(candidate, type)).toList();
        return pick(from);
    }

    private static boolean canCast(SqlType from, SqlType to) {
        TypeKind a = from.kind();
        TypeKind b = to.kind();
        boolean number = a.isNumeric() || a == TypeKind.BOOLEAN;
        boolean interval = a == TypeKind.INTERVAL_MILLIS || a == TypeKind.INTERVAL_MONTH;
        return switch (b) {
            case TINYINT, SMALLINT, INTEGER, BIGINT -> number || a.isCharacter() || interval;
            case FLOAT, DOUBLE, DECIMAL, BOOLEAN -> number || a.isCharacter();
            case CHAR, VARCHAR -> !interval;
            case BINARY, VARBINARY -> a.isCharacter() || a == TypeKind.VARBINARY;
            case DATE -> a.isCharacter() || a == TypeKind.DATE || a.isTimestamp();
            case TIMESTAMP, TIMESTAMP_LTZ -> a.isCharacter() || a == TypeKind.DATE || a.isTimestamp();
            case TIME -> a.isCharacter() || a == TypeKind.TIME || a.isTimestamp();
            default -> a == b;
        };
    }

    private Expression specific(SqlType type, int depth) {
        return switch (type.kind()) {
            case BOOLEAN -> truth(depth);
            case TINYINT, SMALLINT, INTEGER, BIGINT -> integer(type, depth);
            case FLOAT, DOUBLE, DECIMAL -> number(type, depth);
            case VARCHAR -> type.precision() == SqlType.UNLIMITED ? text(type, depth) : leaf(type);
            case DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ -> time(type, depth);
            case INTERVAL_MILLIS, INTERVAL_MONTH -> new Call(
                    pick(Operation.ADD, Operation.SUBTRACT),
                    type,
                    expression(type, depth),
                    expression(type, depth));
            default -> leaf(type);
        };
    }

    private Expression truth(int depth) {
        Operation operation = pick(
                Operation.EQUAL,
                Operation.NOT_EQUAL,
                Operation.LESS,
                Operation.LESS_OR_EQUAL,
                Operation.GREATER,
                Operation.GREATER_OR_EQUAL,
                Operation.IS_DISTINCT_FROM,
                Operation.IS_NOT_DISTINCT_FROM,
                Operation.AND,
                Operation.AND,
                Operation.OR,
                Operation.OR,
                Operation.NOT,
                Operation.IS_NULL,
                Operation.IS_NOT_NULL,
                Operation.IS_TRUE,
                Operation.IS_NOT_TRUE,
                Operation.IS_FALSE,
                Operation.IS_NOT_FALSE,
                Operation.LIKE,
                Operation.STARTS_WITH,
                Operation.ENDS_WITH,
                Operation.REGEXP_LIKE);
        return switch (operation) {
            case AND, OR -> {
                List<Expression> arguments = new ArrayList<>();
                for (int i = random.nextInt(2, 5); i > 0; i--) {
                    arguments.add(orNull(SqlType.BOOLEAN, depth + 1));
                }
                // An untyped NULL as an operand of AND has the type of a truth value.
                arguments.replaceAll(e -> e.type().kind() == TypeKind.NULL ? Literal.nullOf(SqlType.BOOLEAN) : e);
                yield new Call(operation, arguments, SqlType.BOOLEAN);
            }
            case NOT, IS_TRUE, IS_NOT_TRUE, IS_FALSE, IS_NOT_FALSE ->
                    new Call(operation, SqlType.BOOLEAN, expression(SqlType.BOOLEAN, depth));
            case IS_NULL, IS_NOT_NULL -> new Call(operation, SqlType.BOOLEAN, expression(anyType(), depth));
            case LIKE -> {
                Expression value = expression(SqlType.STRING, depth);
                Expression pattern = random.nextInt(4) == 0
                        ? expression(SqlType.STRING, depth)
                        : Literal.of(pick(PATTERNS));
                boolean escaped = pattern instanceof Literal literal
                        && literal.value() instanceof String text
                        && text.indexOf('!') >= 0;
                yield escaped
                        ? new Call(operation, SqlType.BOOLEAN, value, pattern, Literal.of("!"))
                        : new Call(operation, SqlType.BOOLEAN, value, pattern);
            }
            case STARTS_WITH, ENDS_WITH -> new Call(
                    operation,
                    SqlType.BOOLEAN,
                    expression(SqlType.STRING, depth),
                    expression(SqlType.STRING, depth));
            case REGEXP_LIKE -> new Call(
                    operation,
                    SqlType.BOOLEAN,
                    expression(SqlType.STRING, depth),
                    expressionColumn());
            default -> {
                SqlType type = anyType();
                SqlType other = type.kind().isNumeric() && random.nextBoolean()
                        ? pick(TYPES.stream().filter(t -> t.kind().isNumeric()).toList())
                        : type.kind().isTimestamp()
                                ? pick(SqlType.timestamp(3), SqlType.timestamp(6), SqlType.timestamp(9), SqlType.DATE)
                                : type;
                yield new Call(operation, SqlType.BOOLEAN, expression(type, depth), orNull(other, depth + 1));
            }
        };
    }

    /** A regular expression that is no literal, so that a bad one is an error of the row. */
    private Expression expressionColumn() {
        Literal literal = Literal.of(pick(EXPRESSIONS));
        Expression condition = new ColumnReference(0, columns.getFirst());
        return new Call(Operation.CASE, SqlType.STRING, condition, literal, Literal.of(pick(EXPRESSIONS)));
    }

    private Expression integer(SqlType type, int depth) {
        SqlType operand = pick(TYPES.stream()
                .filter(t -> t.kind().isInteger() && t.kind().compareTo(type.kind()) <= 0)
                .toList());
        return switch (random.nextInt(8)) {
            case 0 -> new Call(Operation.NEGATE, type, expression(operand, depth));
            case 1 -> new Call(
                    pick(Operation.ABS, Operation.SIGN, Operation.FLOOR, Operation.CEIL),
                    type,
                    expression(operand, depth));
            case 2 -> new Call(
                    pick(Operation.ROUND, Operation.TRUNCATE),
                    type,
                    expression(operand, depth),
                    Boxed.literal(random.nextLong(-22, 3), SqlType.INTEGER));
            case 3 -> new Call(Operation.CAST, type, textLength(depth));
            case 4 -> new Call(Operation.CAST, type, timePart());
            default -> new Call(
                    pick(Operation.ADD, Operation.SUBTRACT, Operation.MULTIPLY, Operation.DIVIDE, Operation.MODULO),
                    type,
                    expression(operand, depth),
                    expression(type, depth));
        };
    }

    private Expression textLength(int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> new Call(Operation.CHAR_LENGTH, SqlType.INTEGER, expression(SqlType.STRING, depth));
            case 1 -> new Call(Operation.OCTET_LENGTH, SqlType.INTEGER, expression(SqlType.STRING, depth));
            case 2 -> new Call(Operation.OCTET_LENGTH, SqlType.INTEGER, expression(SqlType.BYTES, depth));
            default -> new Call(
                    Operation.POSITION,
                    SqlType.INTEGER,
                    expression(SqlType.STRING, depth),
                    expression(SqlType.STRING, depth));
        };
    }

    private SqlType anyTime() {
        return pick(SqlType.DATE, SqlType.timestamp(3), SqlType.timestamp(6), SqlType.timestamp(9),
                SqlType.timestampLtz(3));
    }

    private Expression timePart() {
        return switch (random.nextInt(3)) {
            case 0 -> new Call(
                    Operation.EXTRACT,
                    SqlType.BIGINT,
                    Literal.of(random.nextInt(3) == 0 ? pick(PARTS) : pick(UNITS)),
                    leaf(anyTime()));
            case 1 -> new Call(
                    Operation.TIMESTAMP_DIFF,
                    pick(SqlType.INTEGER, SqlType.BIGINT),
                    Literal.of(pick(UNITS)),
                    leaf(anyTime()),
                    leaf(anyTime()));
            default -> new Call(Operation.UNIX_TIMESTAMP, SqlType.BIGINT, leaf(anyTime()));
        };
    }

    private Expression number(SqlType type, int depth) {
        SqlType operand = type.kind() == TypeKind.DECIMAL
                ? pick(SqlType.decimal(9, 2), SqlType.decimal(18, 6), SqlType.decimal(30, 10), SqlType.INTEGER)
                : pick(SqlType.DOUBLE, SqlType.FLOAT, SqlType.DOUBLE, SqlType.BIGINT);
        SqlType same = operand.kind().isInteger() ? type : operand;
        return switch (random.nextInt(8)) {
            case 0 -> new Call(Operation.NEGATE, type, expression(operand, depth));
            case 1 -> new Call(
                    pick(Operation.ABS, Operation.SIGN, Operation.FLOOR, Operation.CEIL),
                    type,
                    expression(same, depth));
            case 2 -> new Call(
                    pick(Operation.ROUND, Operation.TRUNCATE),
                    type,
                    expression(same, depth),
                    Boxed.literal(random.nextLong(-12, 12), SqlType.INTEGER));
            case 3 -> type.kind() == TypeKind.DECIMAL
                    ? leaf(type)
                    : new Call(
                            pick(Operation.SQRT, Operation.EXP, Operation.LN, Operation.LOG10),
                            type,
                            expression(operand, depth));
            case 4 -> type.kind() == TypeKind.DECIMAL
                    ? leaf(type)
                    : new Call(Operation.POWER, type, expression(operand, depth), expression(operand, depth));
            default -> new Call(
                    pick(Operation.ADD, Operation.SUBTRACT, Operation.MULTIPLY, Operation.DIVIDE, Operation.MODULO),
                    type,
                    expression(operand, depth),
                    expression(type, depth));
        };
    }

    private Expression count() {
        return random.nextInt(8) == 0 ? leaf(SqlType.BIGINT) : Boxed.literal(random.nextLong(-3, 12), SqlType.INTEGER);
    }

    private Expression text(SqlType type, int depth) {
        Expression text = expression(SqlType.STRING, depth);
        return switch (random.nextInt(16)) {
            case 0 -> new Call(
                    pick(Operation.UPPER, Operation.LOWER, Operation.INITCAP, Operation.REVERSE),
                    type,
                    text);
            case 1 -> new Call(pick(Operation.TRIM, Operation.LTRIM, Operation.RTRIM), type, text);
            case 2 -> new Call(
                    pick(Operation.TRIM, Operation.LTRIM, Operation.RTRIM),
                    type,
                    text,
                    expression(SqlType.STRING, depth));
            case 3 -> new Call(Operation.SUBSTRING, type, text, count());
            case 4 -> new Call(Operation.SUBSTRING, type, text, count(), count());
            case 5 -> new Call(pick(Operation.LEFT, Operation.RIGHT), type, text, count());
            case 6 -> new Call(
                    pick(Operation.LPAD, Operation.RPAD),
                    type,
                    text,
                    Boxed.literal(random.nextLong(-3, 12), SqlType.INTEGER),
                    expression(SqlType.STRING, depth));
            case 7 -> new Call(pick(Operation.LPAD, Operation.RPAD), type, text, small());
            case 8 -> new Call(Operation.REPEAT, type, leaf(SqlType.STRING), small());
            case 9 -> new Call(
                    Operation.REPLACE,
                    type,
                    text,
                    Literal.of(pick("a", "b", " ", "", "l", "語")),
                    leaf(SqlType.STRING));
            case 10 -> new Call(Operation.SPLIT_INDEX, type, text, Literal.of(pick(",", " ", "ab", "")), count());
            case 11 -> {
                List<Expression> arguments = new ArrayList<>();
                for (int i = random.nextInt(1, 5); i > 0; i--) {
                    arguments.add(orNull(SqlType.STRING, depth + 1));
                }
                arguments.addFirst(text);
                yield new Call(pick(Operation.CONCAT, Operation.CONCAT_WS), arguments, type);
            }
            case 12 -> new Call(
                    Operation.REGEXP_REPLACE,
                    type,
                    text,
                    expressionColumn(),
                    Literal.of(pick("", "<$0>", "$1", "x")));
            case 13 -> new Call(Operation.REGEXP_EXTRACT, type, text, expressionColumn(), count());
            case 14 -> new Call(
                    Operation.DATE_FORMAT,
                    type,
                    leaf(anyTime()),
                    Literal.of(pick("yyyy-MM-dd", "yyyy-MM-dd HH:mm:ss.SSS", "dd/MM/yyyy", "EEE, d MMM uuuu",
                            "HH:mm 'h'")));
            default -> new Call(Operation.FROM_UNIXTIME, type, leaf(SqlType.INTEGER));
        };
    }

    private Expression small() {
        return leaf(SqlType.TINYINT);
    }

    private Expression time(SqlType type, int depth) {
        if (type.kind() == TypeKind.TIME) {
            return new Call(
                    pick(Operation.ADD, Operation.SUBTRACT),
                    type,
                    leaf(type),
                    expression(SqlType.INTERVAL_MILLIS, depth));
        }
        SqlType operand = type.kind() == TypeKind.DATE || random.nextInt(4) == 0 ? SqlType.DATE : type;
        return switch (random.nextInt(5)) {
            case 0 -> new Call(
                    pick(Operation.ADD, Operation.SUBTRACT),
                    type,
                    leaf(operand),
                    leaf(pick(SqlType.INTERVAL_MILLIS, SqlType.INTERVAL_MONTH)));
            case 1 -> new Call(Operation.ADD, type, leaf(SqlType.INTERVAL_MILLIS), leaf(operand));
            case 2 -> new Call(Operation.DATE_TRUNC, type, Literal.of(pick(UNITS)), leaf(operand));
            case 3 -> new Call(Operation.TIMESTAMP_ADD, type, Literal.of(pick(UNITS)), leaf(SqlType.TINYINT),
                    leaf(operand));
            default -> new Call(
                    type.kind() == TypeKind.DATE ? Operation.TO_DATE : Operation.TO_TIMESTAMP,
                    type,
                    leaf(SqlType.STRING));
        };
    }
}
