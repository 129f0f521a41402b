// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import dev.millrace.server.oracle.Term.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes queries by seed, in the words of both engines. */
final class QueryGenerator {
    private static final List<Term> MIXED = List.of(
            Term.column(Kind.INTEGER, "id", 400), Term.column(Kind.INTEGER, "g", 4), Term.column(Kind.INTEGER, "i", 20),
            Term.column(Kind.INTEGER, "n", 1000), Term.column(Kind.TEXT, "k", 0), Term.column(Kind.TEXT, "w", 0),
            Term.column(Kind.TEXT, "s", 0), Term.column(Kind.TRUTH, "flag", 0), Term.column(Kind.DECIMAL, "p", 0),
            Term.column(Kind.DOUBLE, "d", 0), Term.column(Kind.TIME, "ts", 0), Term.column(Kind.DATE, "dt", 0));
    private static final List<Term> EVENTS = List.of(
            Term.column(Kind.INTEGER, "id", 900), Term.column(Kind.INTEGER, "g", 2),
            Term.column(Kind.INTEGER, "v", 1000),
            Term.column(Kind.TEXT, "k", 0), Term.column(Kind.TRUTH, "flag", 0), Term.column(Kind.DECIMAL, "a", 0),
            Term.column(Kind.DOUBLE, "d", 0), Term.column(Kind.TIME, "ts", 0));

    private final Random random;

    /**
     * A query.
     *
     * @param badRows the number of rows that fail, in DuckDB's words, or null if none does
     */
    record Query(String sql, String meaning, String badRows) {
        Query(String sql, String meaning) {
            this(sql, meaning, null);
        }
    }

    /**
     * A query that gives every change.
     *
     * @param meaning the rows that are left in the end
     * @param keys number of key columns, which come first
     * @param changes the number of changes, in DuckDB's words
     */
    record Changes(String sql, String meaning, int keys, String changes) {}

    /** What stands in FROM. */
    private record Input(String sql, String meaning, List<Term> columns) {}

    QueryGenerator(long seed) {
        random = new Random(seed);
    }

    private boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    private Input input() {
        String name = chance(12) ? "big" : "t";
        Input table = new Input(name, name, MIXED);
        if (!chance(4)) {
            return table;
        }
        // A query in FROM.
        ExpressionGenerator expressions = new ExpressionGenerator(random, MIXED);
        List<Term> columns = new ArrayList<>(List.of(MIXED.get(0), MIXED.get(4)));
        for (int i = 0; i < 5; i++) {
            Term term = expressions.any(2);
            // Decimals keep their two digits, on which the meaning of products and quotients counts.
            columns.add(term.kind() == Kind.DECIMAL ? MIXED.get(8) : term);
        }
        Texts list = list(columns);
        Texts where = where(expressions);
        List<Term> names = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            names.add(columns.get(i).named("c" + i));
        }
        return new Input(
                "(SELECT " + list.sql + " FROM " + name + where.sql + ")",
                "(SELECT " + list.meaning + " FROM " + name + where.meaning + ")",
                names);
    }

    private record Texts(String sql, String meaning) {}

    /** A SELECT list with names. */
    private static Texts list(List<Term> terms) {
        List<String> sql = new ArrayList<>();
        List<String> meaning = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            sql.add(terms.get(i).sql() + " AS c" + i);
            meaning.add(terms.get(i).meaning() + " AS c" + i);
        }
        return new Texts(String.join(", ", sql), String.join(", ", meaning));
    }

    private Texts where(ExpressionGenerator expressions) {
        if (chance(2)) {
            return new Texts("", "");
        }
        Term condition = expressions.reading(Kind.TRUTH, 3);
        return new Texts(" WHERE " + condition.sql(), " WHERE " + condition.meaning());
    }

    /** SELECT, perhaps with WHERE. */
    Query select() {
        Input input = input();
        ExpressionGenerator expressions = new ExpressionGenerator(random, input.columns);
        List<Term> terms = new ArrayList<>();
        terms.add(input.columns.getFirst());
        for (int i = random.nextInt(5); i >= 0; i--) {
            terms.add(expressions.any(1 + random.nextInt(4)));
        }
        Texts list = list(terms);
        Texts where = where(expressions);
        String distinct = chance(6) ? "DISTINCT " : "";
        return new Query(
                "SELECT " + distinct + list.sql + " FROM " + input.sql + where.sql
                        + (distinct.isEmpty() ? "" : " EMIT FINAL"),
                "SELECT " + distinct + list.meaning + " FROM " + input.meaning + where.meaning);
    }

    /** GROUP BY with the result of each group at the end. */
    Query aggregate() {
        Input input = input();
        ExpressionGenerator expressions = new ExpressionGenerator(random, input.columns);
        List<Term> keys = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            keys.add(expressions.any(random.nextInt(3)));
        }
        return grouped(input, expressions, keys, List.of(), " EMIT FINAL", "");
    }

    /** GROUP BY with a change for every row. */
    Changes changes() {
        Input input = input();
        ExpressionGenerator expressions = new ExpressionGenerator(random, input.columns);
        List<Term> terms = new ArrayList<>();
        int keys = 1 + random.nextInt(3);
        for (int i = 0; i < keys; i++) {
            terms.add(expressions.any(random.nextInt(3)));
        }
        List<Term> by = List.copyOf(terms);
        for (int i = random.nextInt(4); i >= 0; i--) {
            terms.add(call(expressions));
        }
        Texts list = list(terms);
        Texts where = where(expressions);
        String from = " FROM " + input.meaning + where.meaning;
        return new Changes(
                "SELECT " + list.sql + " FROM " + input.sql + where.sql + " GROUP BY "
                        + String.join(", ", by.stream().map(Term::sql).toList()) + " EMIT CHANGES",
                "SELECT " + list.meaning + from + " GROUP BY "
                        + String.join(", ", by.stream().map(Term::meaning).toList()),
                keys,
                "SELECT COUNT(*)" + from);
    }

    /** A query of whose expressions some fail for some rows, which are left out. */
    Query failing() {
        ExpressionGenerator expressions = new ExpressionGenerator(random, MIXED);
        List<Term> terms = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            terms.add(expressions.failing(1 + random.nextInt(3)));
        }
        List<String> sql = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            sql.add(terms.get(i).sql() + " AS c" + i);
            fields.add("c" + i + " := " + terms.get(i).meaning());
        }
        Term condition = expressions.failing(2);
        boolean filters = chance(2);
        String where = filters ? " WHERE " + condition.sql() + " > 0" : "";
        // A struct is NULL only if one of its fields fails.
        String read = "(SELECT id, k, TRY(struct_pack(c := " + condition.meaning() + ")) AS f, TRY(struct_pack("
                + String.join(", ", fields) + ")) AS r FROM t)";
        String passes = filters ? "f.c > 0 AND " : "";
        String bad = "SELECT COUNT(*) FROM " + read + " WHERE "
                + (filters ? "f IS NULL OR f.c > 0 AND r IS NULL" : "r IS NULL");
        if (chance(2)) {
            return new Query(
                    "SELECT id, " + String.join(", ", sql) + " FROM t" + where,
                    "SELECT id, r.* FROM " + read + " WHERE " + passes + "r IS NOT NULL",
                    bad);
        }
        List<String> calls = new ArrayList<>();
        List<String> duckCalls = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            String function = List.of("MIN(", "MAX(", "COUNT(", "COUNT(DISTINCT ").get(random.nextInt(4));
            calls.add(function + terms.get(i).sql() + ") AS c" + i);
            duckCalls.add(function + "r.c" + i + ") AS c" + i);
        }
        return new Query(
                "SELECT k, COUNT(*) AS n, " + String.join(", ", calls) + " FROM t" + where + " GROUP BY k EMIT FINAL",
                "SELECT k, COUNT(*) AS n, " + String.join(", ", duckCalls) + " FROM " + read + " WHERE " + passes
                        + "r IS NOT NULL GROUP BY k",
                bad);
    }

    /** GROUP BY in a tumbling window, in one of the ways to write it. */
    Query windowed() {
        ExpressionGenerator expressions = new ExpressionGenerator(random, EVENTS);
        List<Term> keys = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            keys.add(expressions.any(random.nextInt(2)));
        }
        int seconds = List.of(1, 5, 10, 30, 60, 90, 300, 3600).get(random.nextInt(8));
        boolean isClause = chance(2);
        int grace = isClause && chance(2) ? random.nextInt(40) : 0;
        String meaning = "tumbled(" + seconds * 1000 + ", 0, " + grace * 1000 + ")";
        Term start = new Term(Kind.TIME, "window_start", "window_start", 0, false, false);
        Term end = new Term(Kind.TIME, "window_end", "window_end", 0, false, false);
        String emit = chance(2) ? " EMIT FINAL" : "";
        if (isClause) {
            String window = " WINDOW TUMBLING (SIZE " + seconds + " SECONDS"
                    + (grace > 0 ? ", GRACE PERIOD " + grace + " SECONDS" : "") + ")";
            return grouped(new Input("e", meaning, EVENTS), expressions, keys, List.of(start, end), emit, window);
        }
        String size = "INTERVAL '" + seconds + "' SECOND(4)";
        if (chance(2)) {
            Term function = new Term(Kind.TIME, "TUMBLE(ts, " + size + ")", "window_start", 0, false, false);
            keys.add(function);
            Term groupStart = new Term(Kind.TIME, "TUMBLE_START(ts, " + size + ")", "window_start", 0, false, false);
            return groupedBy(new Input("e", meaning, EVENTS), expressions, keys, List.of(groupStart), emit, "",
                    keys.subList(0, keys.size() - 1));
        }
        String table = "TABLE(TUMBLE(TABLE e, DESCRIPTOR(ts), " + size + "))";
        keys.add(start);
        keys.add(end);
        return grouped(new Input(table, meaning, EVENTS), expressions, keys, List.of(), emit, "");
    }

    /** @param windows columns of the window that are no keys in Millrace's text, but in DuckDB's */
    private Query grouped(
            Input input,
            ExpressionGenerator expressions,
            List<Term> keys,
            List<Term> windows,
            String emit,
            String window) {
        return groupedBy(input, expressions, keys, windows, emit, window, keys);
    }

    private Query groupedBy(
            Input input,
            ExpressionGenerator expressions,
            List<Term> keys,
            List<Term> windows,
            String emit,
            String window,
            List<Term> shown) {
        List<Term> terms = new ArrayList<>(windows);
        terms.addAll(shown);
        for (int i = random.nextInt(4); i >= 0; i--) {
            terms.add(call(expressions));
        }
        Texts list = list(terms);
        Texts where = where(expressions);
        Texts having = having(expressions);
        String by = String.join(", ", keys.stream().map(Term::sql).toList());
        List<Term> all = new ArrayList<>(keys);
        all.addAll(windows);
        String duckBy = String.join(", ", all.stream().map(Term::meaning).toList());
        String groupBy = by.isEmpty() ? "" : " GROUP BY " + by;
        return new Query(
                "SELECT " + list.sql + " FROM " + input.sql + where.sql
                        + (chance(2) ? groupBy + window : window + groupBy) + having.sql + emit,
                "SELECT " + list.meaning + " FROM " + input.meaning + where.meaning
                        + (duckBy.isEmpty() ? "" : " GROUP BY " + duckBy) + having.meaning);
    }

    private Texts having(ExpressionGenerator expressions) {
        if (!chance(3)) {
            return new Texts("", "");
        }
        Term a = call(expressions, Kind.INTEGER);
        String bound = (chance(2) ? " > " : " <= ") + random.nextInt(10);
        String count = chance(3) ? " OR COUNT(*) > 3" : "";
        return new Texts(" HAVING " + a.sql() + bound + count, " HAVING " + a.meaning() + bound + count);
    }

    private Term call(ExpressionGenerator expressions) {
        return call(expressions, Kind.values()[random.nextInt(Kind.values().length)]);
    }

    /** An aggregate whose operand is of the kind. */
    private Term call(ExpressionGenerator expressions, Kind kind) {
        Term operand = expressions.reading(kind, random.nextInt(3));
        String filter = "";
        String duckFilter = "";
        if (chance(4)) {
            Term condition = expressions.reading(Kind.TRUTH, 2);
            filter = " FILTER (WHERE " + condition.sql() + ")";
            duckFilter = " FILTER (WHERE " + condition.meaning() + ")";
        }
        String distinct = chance(5) ? "DISTINCT " : "";
        String function = switch (random.nextInt(6)) {
            case 0 -> "COUNT(*)";
            case 1 -> "COUNT(" + distinct + "#)";
            case 2 -> "MIN(#)";
            case 3 -> "MAX(#)";
            default -> {
                boolean adds = kind == Kind.INTEGER || kind == Kind.DECIMAL;
                String name = kind == Kind.INTEGER && chance(2) ? "AVG" : adds ? "SUM" : "COUNT";
                yield name + "(" + distinct + "#)";
            }
        };
        return new Term(kind, function.replace("#", operand.sql()) + filter,
                function.replace("#", operand.meaning()) + duckFilter, 0, false, false);
    }
}
