// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.connectors.text.ValueText;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows as a table of aligned columns. The first rows are held back until they are many or no more come, and decide how
 * wide the columns are; later rows stream. A later value that is wider than its column shifts its line.
 */
public final class TableRows implements RowEncoder {
    /** Rows that are looked at to find the widths. */
    static final int LOOK_AHEAD_ROWS_MAX = 1000;

    private static final String GAP = "  ";
    private static final String NULL = "NULL";
    private static final int TIMESTAMP_WIDTH = 23;

    private final Schema schema;
    private final boolean withKind;
    private final int[] widths;
    private final boolean[] rightAligned;
    private final List<String[]> lookAhead = new ArrayList<>();
    private final TextBuffer cell = new TextBuffer();
    private boolean laidOut;

    /** @param withKind whether a leading column {@code op} holds the kind of every row */
    public TableRows(Schema schema, boolean withKind) {
        this.schema = schema;
        this.withKind = withKind;
        int first = withKind ? 1 : 0;
        widths = new int[schema.size() + first];
        rightAligned = new boolean[widths.length];
        if (withKind) {
            widths[0] = 2;
        }
        for (int i = 0; i < schema.size(); i++) {
            Column column = schema.column(i);
            widths[first + i] = Math.max(width(column.name()), usualWidth(column.type()));
            rightAligned[first + i] = column.type().kind().isNumeric();
        }
    }

    @Override
    public void write(Batch batch, TextBuffer out) {
        for (int i = 0; i < batch.size(); i++) {
            String[] cells = cells(batch, batch.row(i));
            if (laidOut) {
                appendLine(cells, out);
                continue;
            }
            lookAhead.add(cells);
            if (lookAhead.size() == LOOK_AHEAD_ROWS_MAX) {
                flush(out);
            }
        }
    }

    @Override
    public void flush(TextBuffer out) {
        if (laidOut || lookAhead.isEmpty()) {
            return;
        }
        layOut(out);
    }

    @Override
    public void finish(TextBuffer out) {
        if (!laidOut) {
            layOut(out);
        }
    }

    private void layOut(TextBuffer out) {
        for (String[] cells : lookAhead) {
            for (int i = 0; i < cells.length; i++) {
                widths[i] = Math.max(widths[i], width(cells[i]));
            }
        }
        String[] names = new String[widths.length];
        String[] rules = new String[widths.length];
        int first = withKind ? 1 : 0;
        if (withKind) {
            names[0] = "op";
        }
        for (int i = 0; i < schema.size(); i++) {
            names[first + i] = printable(schema.column(i).name());
        }
        for (int i = 0; i < rules.length; i++) {
            rules[i] = "-".repeat(widths[i]);
        }
        appendLine(names, out);
        appendLine(rules, out);
        for (String[] cells : lookAhead) {
            appendLine(cells, out);
        }
        lookAhead.clear();
        laidOut = true;
    }

    private String[] cells(Batch batch, int row) {
        String[] cells = new String[widths.length];
        int first = withKind ? 1 : 0;
        if (withKind) {
            cells[0] = batch.kind(row).symbol();
        }
        for (int i = 0; i < schema.size(); i++) {
            Vector vector = batch.column(i);
            if (vector.isNull(row)) {
                cells[first + i] = NULL;
                continue;
            }
            cell.clear();
            ValueText.append(schema.type(i), vector, row, cell);
            cells[first + i] = printable(cell.toString());
        }
        return cells;
    }

    private void appendLine(String[] cells, TextBuffer out) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.length; i++) {
            if (i > 0) {
                line.append(GAP);
            }
            String fill = " ".repeat(Math.max(0, widths[i] - width(cells[i])));
            line.append(rightAligned[i] ? fill + cells[i] : cells[i] + fill);
        }
        out.append(line.toString().stripTrailing());
        out.append('\n');
    }

    private static int usualWidth(SqlType type) {
        return type.kind().isTimestamp() ? TIMESTAMP_WIDTH : NULL.length();
    }

    private static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The text on one line: control characters would tear the table. */
    private static String printable(String text) {
        if (text.chars().noneMatch(Character::isISOControl)) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.chars().forEach(c -> {
            switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> shown.append(Character.isISOControl(c) ? '\uFFFD' : (char) c);
            }
        });
        return shown.toString();
    }
}
