// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A result, of either engine: rows without order. A cell is null, a {@link Double}, or the text of its JSON.
 *
 * @param names the columns' names
 * @param rows the cells of each row
 */
record Relation(List<String> names, List<List<Object>> rows) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");
    private static final DateTimeFormatter FINE_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");
    private static final Pattern WHOLE_MILLIS =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}000");
    private static final double RELATIVE_ERROR_MAX = 1e-9;
    private static final double ABSOLUTE_ERROR_MAX = 1e-9;
    private static final int SHOWN_MAX = 6;

    /** Reads what DuckDB answers. */
    static Relation of(ResultSet result) throws SQLException {
        ResultSetMetaData columns = result.getMetaData();
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnLabel(i));
        }
        List<List<Object>> rows = new ArrayList<>();
        while (result.next()) {
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= names.size(); i++) {
                boolean isTime = columns.getColumnTypeName(i).startsWith("TIMESTAMP");
                row.add(cell(isTime ? result.getObject(i, LocalDateTime.class) : result.getObject(i)));
            }
            rows.add(row);
        }
        return new Relation(names, rows);
    }

    private static Object cell(Object value) {
        return switch (value) {
            case null -> null;
            case Double number -> number;
            case Float number -> (double) number;
            case BigDecimal number -> number.toPlainString();
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            case LocalDateTime time -> '"' + (time.getNano() % 1_000_000 == 0 ? TIME : FINE_TIME).format(time) + '"';
            case String string -> '"' + string + '"';
            case LocalTime time -> '"' + CLOCK.format(time) + '"';
            default -> '"' + value.toString() + '"';
        };
    }

    /** Reads lines of JSON objects; numbers keep their digits. If a row has a kind, all rows get one. */
    static Relation ofJson(String text) {
        JsonFactory factory = new JsonFactory();
        List<String> names = List.of();
        List<List<Object>> rows = new ArrayList<>();
        boolean hasKinds = text.lines().anyMatch(line -> line.startsWith("{\"op\":"));
        for (String line : text.split("\n")) {
            if (line.isEmpty()) {
                continue;
            }
            List<String> fields = new ArrayList<>();
            List<Object> row = new ArrayList<>();
            if (hasKinds && !line.startsWith("{\"op\":")) {
                fields.add("op");
                row.add("\"+I\"");
            }
            try (JsonParser parser = factory.createParser(line)) {
                parser.nextToken();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    fields.add(parser.currentName());
                    row.add(switch (parser.nextToken()) {
                        case VALUE_NULL -> null;
                        case VALUE_STRING -> '"' + shortTime(parser.getText()) + '"';
                        default -> parser.getText();
                    });
                }
            } catch (IOException e) {
                throw new AssertionError("not JSON: " + line, e);
            }
            if (!rows.isEmpty() && !fields.equals(names)) {
                throw new AssertionError("rows with other columns than " + names + ": " + line);
            }
            names = fields;
            rows.add(row);
        }
        return new Relation(names, rows);
    }

    /** A timestamp with digits of microseconds that are zero, as DuckDB's values come, without them. */
    private static String shortTime(String text) {
        return WHOLE_MILLIS.matcher(text).matches() ? text.substring(0, text.length() - 3) : text;
    }

    /** What is left in the end of rows with kinds, whose first columns behind the kind are their key. */
    Relation last(int keys) {
        if (rows.isEmpty()) {
            return this;
        }
        int first = names.getFirst().equals("op") ? 1 : 0;
        Map<List<Object>, List<Object>> state = new LinkedHashMap<>();
        for (List<Object> row : rows) {
            List<Object> key = row.subList(first, first + keys);
            if (first == 1 && row.getFirst().equals("\"-D\"")) {
                state.remove(key);
            } else {
                state.put(key, row.subList(first, row.size()));
            }
        }
        return new Relation(names.subList(first, names.size()), List.copyOf(state.values()));
    }

    /** Describes in what this differs from the rows expected; null if in nothing. */
    String difference(Relation expected) {
        if (!rows.isEmpty() && !names.equals(expected.names)) {
            return "columns " + names + ", expected " + expected.names;
        }
        List<List<Object>> missing = new ArrayList<>(expected.rows);
        Map<List<Object>, List<List<Object>>> byExactCells = new HashMap<>();
        boolean[] approximate = expected.approximateColumns();
        missing.forEach(
                row -> byExactCells.computeIfAbsent(exactCells(row, approximate), _ -> new ArrayList<>()).add(row));
        List<List<Object>> surplus = new ArrayList<>();
        for (List<Object> row : rows) {
            List<List<Object>> candidates = byExactCells.getOrDefault(exactCells(row, approximate), List.of());
            List<Object> match = candidates.stream()
                    .filter(candidate -> matches(candidate, row, approximate))
                    .findFirst()
                    .orElse(null);
            if (match == null) {
                surplus.add(row);
            } else {
                removeSame(candidates, match);
            }
        }
        missing = byExactCells.values().stream().flatMap(List::stream).toList();
        if (missing.isEmpty() && surplus.isEmpty()) {
            return null;
        }
        return rows.size() + " rows, expected " + expected.rows.size() + "\n  columns    " + expected.names
                + shown("\n  expected   ", missing) + shown("\n  unexpected ", surplus);
    }

    /** Removes this very row: equals would find a neighbour whose double is the same. */
    private static void removeSame(List<List<Object>> rows, List<Object> row) {
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i) == row) {
                rows.remove(i);
                return;
            }
        }
    }

    private boolean[] approximateColumns() {
        boolean[] approximate = new boolean[names.size()];
        for (List<Object> row : rows) {
            for (int i = 0; i < approximate.length; i++) {
                approximate[i] |= row.get(i) instanceof Double;
            }
        }
        return approximate;
    }

    private static List<Object> exactCells(List<Object> row, boolean[] approximate) {
        List<Object> cells = new ArrayList<>(row);
        for (int i = 0; i < cells.size(); i++) {
            if (approximate[i] && cells.get(i) != null) {
                cells.set(i, "double");
            }
        }
        return cells;
    }

    private static boolean matches(List<Object> expected, List<Object> actual, boolean[] approximate) {
        for (int i = 0; i < approximate.length; i++) {
            if (approximate[i] && expected.get(i) != null && !isNear((Double) expected.get(i), actual.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNear(double expected, Object actual) {
        double value;
        try {
            value = Double.parseDouble(((String) actual).replace("\"", ""));
        } catch (NumberFormatException e) {
            return false;
        }
        if (Double.compare(expected, value) == 0) {
            return true;
        }
        double error = Math.abs(expected - value);
        return error <= ABSOLUTE_ERROR_MAX || error <= RELATIVE_ERROR_MAX * Math.abs(expected);
    }

    private static String shown(String head, List<List<Object>> rows) {
        StringBuilder text = new StringBuilder();
        rows.stream().limit(SHOWN_MAX).forEach(row -> text.append(head).append(row));
        if (rows.size() > SHOWN_MAX) {
            text.append(head).append("… ").append(rows.size() - SHOWN_MAX).append(" more");
        }
        return text.toString();
    }
}
