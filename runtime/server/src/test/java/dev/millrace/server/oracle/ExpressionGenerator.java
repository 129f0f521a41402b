// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import dev.millrace.server.oracle.Term.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes expressions by seed, none of which fails for any row: integers stay within 32 bits, divisors are never zero.
 */
final class ExpressionGenerator {
    private static final long BOUND_MAX = 2_000_000_000L;

    private final Random random;
    private final List<Term> columns;

    /** @param columns what the expressions may read */
    ExpressionGenerator(Random random, List<Term> columns) {
        this.random = random;
        this.columns = columns;
    }

    /** An expression of any kind that reads a column. */
    Term any(int depth) {
        return reading(columns.get(random.nextInt(columns.size())).kind(), depth);
    }

    /** An expression that reads a column. */
    Term reading(Kind kind, int depth) {
        for (int attempt = 0; attempt < 20; attempt++) {
            Term term = of(kind, depth);
            if (!term.constant()) {
                return term;
            }
        }
        return column(kind);
    }

    Term of(Kind kind, int depth) {
        if (depth <= 0) {
            return leaf(kind);
        }
        return switch (kind) {
            case TRUTH -> truth(depth);
            case INTEGER -> integer(depth);
            case DECIMAL -> decimal(depth);
            case DOUBLE -> approximate(depth);
            case TEXT -> text(depth);
            case TIME -> time(depth);
            case DATE -> date(depth);
        };
    }

    /** An integer of 64 bits that can't be computed for some rows: it overflows, or divides by zero. */
    Term failing(int depth) {
        if (depth <= 0) {
            String leaf = List.of("n", "l", "id", "5", "(-1)", "2").get(random.nextInt(6));
            return new Term(Kind.INTEGER, leaf, leaf + "::BIGINT", 0, false, true);
        }
        Term a = failing(depth - 1);
        Term b = failing(depth - 1);
        // Where the left operand is NULL, the right one is not looked at.
        String guard = "CASE WHEN #0 IS NOT NULL THEN ";
        return switch (random.nextInt(8)) {
            case 0 -> made(Kind.INTEGER, 0, "(#0 + #1)", guard + "(#0 + #1) END", a, b);
            case 1 -> made(Kind.INTEGER, 0, "(#0 - #1)", guard + "(#0 - #1) END", a, b);
            case 2 -> made(Kind.INTEGER, 0, "(#0 * #1)", guard + "(#0 * #1) END", a, b);
            case 3 -> made(Kind.INTEGER, 0, "(#0 / #1)", guard + "divided(#0, #1) END", a, b);
            case 4 -> made(Kind.INTEGER, 0, "MOD(#0, #1)", guard + "remainder(#0, #1) END", a, b);
            case 5 -> same(Kind.INTEGER, "CASE WHEN #2 THEN #0 ELSE #1 END", a, b, truth(1));
            // DuckDB's COALESCE lets errors out of TRY.
            case 6 -> made(
                    Kind.INTEGER, 0, "COALESCE(#0, #1)", "CASE WHEN #0 IS NOT NULL THEN #0 ELSE #1 END", a, b);
            default -> same(Kind.INTEGER, chance(2) ? "(- #0)" : "ABS(#0)", a);
        };
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private boolean has(Kind kind) {
        return columns.stream().anyMatch(column -> column.kind() == kind);
    }

    private Term column(Kind kind) {
        List<Term> fitting = columns.stream().filter(column -> column.kind() == kind).toList();
        return fitting.isEmpty() ? literal(kind) : fitting.get(random.nextInt(fitting.size()));
    }

    private Term leaf(Kind kind) {
        return chance(4) ? literal(kind) : column(kind);
    }

    private Term literal(Kind kind) {
        String text = switch (kind) {
            case TRUTH -> random.nextBoolean() ? "TRUE" : "FALSE";
            case INTEGER -> {
                int value = random.nextInt(40) - 10;
                yield value < 0 ? "(" + value + ")" : "" + value;
            }
            case DECIMAL -> "CAST(" + (random.nextInt(2001) - 1000) / 100.0 + " AS DECIMAL(10, 2))";
            case DOUBLE -> "CAST(" + (random.nextInt(65) - 32) / 8.0 + " AS DOUBLE)";
            case TEXT -> "'" + List.of("", "a", "b", "apple", "zz", "x y", "😀", "B").get(random.nextInt(8)) + "'";
            case TIME -> "TIMESTAMP '%d-0%d-1%d 0%d:30:00.125'".formatted(
                    1970 + random.nextInt(50), 1 + random.nextInt(9), random.nextInt(10), random.nextInt(10));
            case DATE -> "DATE '%d-0%d-1%d'".formatted(
                    1970 + random.nextInt(50), 1 + random.nextInt(9), random.nextInt(10));
        };
        return new Term(kind, text, text, 40, true, true);
    }

    /** Joins texts of both engines: {@code #n} stands for the n-th operand. */
    private static Term made(Kind kind, long bound, String sql, String meaning, Term... operands) {
        String millrace = sql;
        String duck = meaning;
        boolean constant = true;
        boolean plain = true;
        for (int i = 0; i < operands.length; i++) {
            millrace = millrace.replace("#" + i, operands[i].sql());
            duck = duck.replace("#" + i, operands[i].meaning());
            constant &= operands[i].constant();
            plain &= operands[i].kind() != Kind.TEXT || operands[i].plain();
        }
        return new Term(kind, millrace, duck, bound, constant, plain);
    }

    private static Term same(Kind kind, String text, Term... operands) {
        return made(kind, BOUND_MAX, text, text, operands);
    }

    /** What there is for all kinds. */
    private Term conditional(Kind kind, int depth) {
        Term a = of(kind, depth - 1);
        Term b = of(kind, depth - 1);
        long bound = Math.max(a.bound(), b.bound());
        String text = switch (random.nextInt(4)) {
            case 0 -> "CASE WHEN #2 THEN #0 ELSE #1 END";
            case 1 -> "CASE WHEN #2 THEN #0 WHEN #2 IS NULL THEN #1 END";
            case 2 -> "COALESCE(#0, #1)";
            default -> "NULLIF(#0, #1)";
        };
        return made(kind, bound, text, text, a, b, truth(depth - 1));
    }

    private Term integer(int depth) {
        Term a = of(Kind.INTEGER, depth - 1);
        Term b = of(Kind.INTEGER, depth - 1);
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> {
                long sum = a.bound() + b.bound();
                String text = chance(2) ? "(#0 + #1)" : "(#0 - #1)";
                return sum > BOUND_MAX ? a : made(Kind.INTEGER, sum, text, text, a, b);
            }
            case 3 -> {
                long product = a.bound() * b.bound();
                return product > BOUND_MAX ? b : made(Kind.INTEGER, product, "(#0 * #1)", "(#0 * #1)", a, b);
            }
            case 4 -> {
                return made(Kind.INTEGER, a.bound(), "(#0 / NULLIF(#1, 0))", "(#0 // NULLIF(#1, 0))", a, b);
            }
            case 5 -> {
                return made(Kind.INTEGER, b.bound(), "MOD(#0, NULLIF(#1, 0))", "(#0 % NULLIF(#1, 0))", a, b);
            }
            case 6 -> {
                String text = chance(2) ? "ABS(#0)" : "(- #0)";
                return made(Kind.INTEGER, a.bound(), text, text, a);
            }
            case 7 -> {
                return made(Kind.INTEGER, 1_000, "CHAR_LENGTH(#0)", "LENGTH(#0)", of(Kind.TEXT, depth - 1));
            }
            case 8 -> {
                String unit = List.of("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "DOY").get(random.nextInt(7));
                String text = "EXTRACT(" + unit + " FROM #0)";
                return made(Kind.INTEGER, 10_000, text, text, of(Kind.TIME, depth - 1));
            }
            case 9 -> {
                return made(Kind.INTEGER, 1_000_000_000, "CAST(#0 AS BIGINT)", "CAST(TRUNC(#0) AS BIGINT)",
                        column(Kind.DECIMAL));
            }
            default -> {
                return conditional(Kind.INTEGER, depth);
            }
        }
    }

    private Term decimal(int depth) {
        Term a = of(Kind.DECIMAL, depth - 1);
        return switch (random.nextInt(8)) {
            case 0, 1 -> same(Kind.DECIMAL, chance(2) ? "(#0 + #1)" : "(#0 - #1)", a, of(Kind.DECIMAL, depth - 1));
            case 2 -> made(Kind.DECIMAL, 0, "(#0 * #1)", "(#0::DECIMAL(19, 2) * #1::DECIMAL(19, 2))::DECIMAL(24, 4)",
                    leaf(Kind.DECIMAL), leaf(Kind.DECIMAL));
            case 3 -> {
                int divisor = 2 + random.nextInt(30);
                yield made(Kind.DECIMAL, 0, "(#0 / " + divisor + ")",
                        "pointed(quotient(digits(#0) * power_of_ten(11), " + divisor + "), 13)::DECIMAL(24, 13)",
                        column(Kind.DECIMAL));
            }
            case 4 -> same(Kind.DECIMAL, chance(2) ? "ABS(#0)" : "(- #0)", a);
            case 5 -> made(Kind.DECIMAL, 0, "ROUND(CAST(#0 AS DECIMAL(12, 2)), 1)", "ROUND(#0::DECIMAL(12, 2),"
                    + " 1)::DECIMAL(12, 2)", column(Kind.DECIMAL));
            default -> decimalOfOneScale(depth);
        };
    }

    /** A choice between decimals has the larger scale, so both get one. */
    private Term decimalOfOneScale(int depth) {
        Term choice = conditional(Kind.DECIMAL, depth);
        return made(Kind.DECIMAL, 0, "CAST(#0 AS DECIMAL(38, 13))", "CAST(#0 AS DECIMAL(38, 13))", choice);
    }

    private Term approximate(int depth) {
        Term a = of(Kind.DOUBLE, depth - 1);
        return switch (random.nextInt(8)) {
            case 0, 1 -> same(Kind.DOUBLE, List.of("(#0 + #1)", "(#0 - #1)", "(#0 * #1)").get(random.nextInt(3)),
                    a, of(Kind.DOUBLE, depth - 1));
            case 2 -> same(Kind.DOUBLE, "(#0 / 4)", a);
            case 3 -> same(
                    Kind.DOUBLE, List.of("ABS(#0)", "FLOOR(#0)", "CEIL(#0)", "(- #0)").get(random.nextInt(4)), a);
            case 4 -> same(Kind.DOUBLE, "CAST(#0 AS DOUBLE)", of(Kind.INTEGER, depth - 1));
            case 5 -> same(Kind.DOUBLE, "(#0 + #1)", a, leaf(Kind.INTEGER));
            default -> conditional(Kind.DOUBLE, depth);
        };
    }

    private Term text(int depth) {
        Term a = of(Kind.TEXT, depth - 1);
        int n = random.nextInt(5);
        return switch (random.nextInt(14)) {
            case 0, 1 -> same(Kind.TEXT, "(#0 || #1)", a, of(Kind.TEXT, depth - 1));
            case 2 -> same(Kind.TEXT, !a.plain() ? "TRIM(#0)" : chance(2) ? "UPPER(#0)" : "LOWER(#0)", a);
            case 3 -> same(Kind.TEXT, "SUBSTRING(#0, " + (n + 1) + ", " + random.nextInt(4) + ")", a);
            case 4 -> same(Kind.TEXT, "REPLACE(#0, 'a', 'bb')", a);
            case 5 -> same(Kind.TEXT, (chance(2) ? "LEFT" : "RIGHT") + "(#0, " + n + ")", a);
            case 6 -> same(Kind.TEXT, (chance(2) ? "LPAD" : "RPAD") + "(#0, " + n + ", '*-')", a);
            case 7 -> same(Kind.TEXT, "REVERSE(#0)", a);
            case 8 -> same(Kind.TEXT, "CAST(#0 AS STRING)", of(Kind.INTEGER, depth - 1));
            case 9 -> same(Kind.TEXT, "CAST(#0 AS STRING)", column(Kind.DECIMAL));
            case 10 -> same(Kind.TEXT, "CONCAT_WS('/', #0, #1)", a, of(Kind.TEXT, depth - 1));
            case 11 -> made(Kind.TEXT, 0, "CAST(#0 AS STRING)", "UPPER(CAST(#0 AS STRING))", of(Kind.TRUTH, depth - 1));
            default -> conditional(Kind.TEXT, depth);
        };
    }

    private Term time(int depth) {
        Term a = of(Kind.TIME, depth - 1);
        String unit = List.of("SECOND", "MINUTE", "HOUR", "DAY", "MONTH").get(random.nextInt(5));
        return switch (random.nextInt(5)) {
            case 0 -> {
                String interval = " INTERVAL '" + (1 + random.nextInt(50)) + "' " + unit;
                yield same(Kind.TIME, "(#0 " + (chance(2) ? "+" : "-") + interval + ")", a);
            }
            case 1 -> made(Kind.TIME, 0, "FLOOR(#0 TO " + unit + ")", "DATE_TRUNC('" + unit + "', #0)::TIMESTAMP", a);
            case 2 -> same(Kind.TIME, "CAST(#0 AS TIMESTAMP(3))", of(Kind.DATE, depth - 1));
            default -> conditional(Kind.TIME, depth);
        };
    }

    private Term date(int depth) {
        return switch (random.nextInt(4)) {
            case 0 -> same(Kind.DATE, "CAST(#0 AS DATE)", of(Kind.TIME, depth - 1));
            case 1 -> made(Kind.DATE, 0, "(#0 + INTERVAL '3' DAY)", "(#0 + INTERVAL '3' DAY)::DATE",
                    of(Kind.DATE, depth - 1));
            default -> conditional(Kind.DATE, depth);
        };
    }

    Term truth(int depth) {
        if (depth <= 0) {
            return leaf(Kind.TRUTH);
        }
        switch (random.nextInt(12)) {
            case 0 -> {
                return same(Kind.TRUTH, "(#0 AND #1)", truth(depth - 1), truth(depth - 1));
            }
            case 1 -> {
                return same(Kind.TRUTH, "(#0 OR #1)", truth(depth - 1), truth(depth - 1));
            }
            case 2 -> {
                return same(Kind.TRUTH, "(NOT #0)", truth(depth - 1));
            }
            case 3 -> {
                String test = List.of("TRUE", "NOT TRUE", "FALSE", "NOT FALSE").get(random.nextInt(4));
                return same(Kind.TRUTH, "(#0 IS " + test + ")", truth(depth - 1));
            }
            case 4 -> {
                return same(Kind.TRUTH, chance(2) ? "(#0 IS NULL)" : "(#0 IS NOT NULL)", of(kind(), depth - 1));
            }
            case 5 -> {
                String pattern = List.of("a%", "%e", "_%_", "%", "", "%a%b%", "__").get(random.nextInt(7));
                String like = (chance(3) ? "NOT " : "") + "LIKE '" + pattern + "'";
                return same(Kind.TRUTH, "(#0 " + like + ")", of(Kind.TEXT, depth - 1));
            }
            case 6 -> {
                Kind kind = kind();
                return same(Kind.TRUTH, "(#0 " + (chance(3) ? "NOT " : "") + "IN (#1, #2, #3))",
                        of(kind, depth - 1), literal(kind), literal(kind), leaf(kind));
            }
            case 7 -> {
                Kind kind = kind();
                return same(Kind.TRUTH, "(#0 " + (chance(3) ? "NOT " : "") + "BETWEEN #1 AND #2)",
                        of(kind, depth - 1), of(kind, depth - 1), of(kind, depth - 1));
            }
            case 8 -> {
                return conditional(Kind.TRUTH, depth);
            }
            default -> {
                Kind kind = kind();
                String operator = List.of("=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM", "IS NOT DISTINCT FROM")
                        .get(random.nextInt(8));
                return same(Kind.TRUTH, "(#0 " + operator + " #1)", of(kind, depth - 1), of(kind, depth - 1));
            }
        }
    }

    private Kind kind() {
        List<Kind> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            if (has(kind)) {
                kinds.add(kind);
            }
        }
        return kinds.get(random.nextInt(kinds.size()));
    }
}
