// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A few rows for people: aligned, numbers to the right. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<String> names;
    private final List<List<Object>> rows = new ArrayList<>();

    TextTable(String... names) {
        this.names = List.of(names);
    }

    /** @param cells as many as there are names; null leaves a cell empty */
    void add(Object... cells) {
        List<Object> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell == null ? "" : cell);
        }
        rows.add(row);
    }

    @Override
    public String toString() {
        int[] widths = new int[names.size()];
        for (int c = 0; c < widths.length; c++) {
            int column = c;
            widths[c] = Math.max(names.get(c).length(),
                    rows.stream().mapToInt(row -> text(row.get(column)).length()).max().orElse(0));
        }
        StringBuilder out = new StringBuilder();
        line(out, widths, List.copyOf(names));
        List<Object> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add("-".repeat(width));
        }
        line(out, widths, rule);
        rows.forEach(row -> line(out, widths, row));
        return out.toString();
    }

    private void line(StringBuilder out, int[] widths, List<?> cells) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String text = text(cells.get(c));
            String space = " ".repeat(widths[c] - text.length());
            line.append(c == 0 ? "" : GAP).append(isNumeric(c) ? space + text : text + space);
        }
        out.append(line.toString().stripTrailing()).append('\n');
    }

    private boolean isNumeric(int column) {
        return rows.stream().anyMatch(row -> row.get(column) instanceof Number);
    }

    private static String text(Object cell) {
        return cell instanceof Number number ? String.format(Locale.ROOT, "%,d", number.longValue()) : cell.toString();
    }
}
