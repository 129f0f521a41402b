// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.planner.PlannedStatement;
import dev.millrace.server.client.ResultColumn;
import dev.millrace.server.client.ResultRow;
import dev.millrace.server.run.KnownRows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rows that a server has sent as text, made batches again: numbers are numbers, all other types stay text. */
final class RemoteRows {
    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\((\\d+), ?(\\d+)\\).*");

    private final Schema schema;

    RemoteRows(List<ResultColumn> columns) {
        schema = new Schema(
                columns.stream().map(column -> new Column(column.name(), type(column.type()))).toList());
    }

    Schema schema() {
        return schema;
    }

    Batch batch(List<ResultRow> rows) {
        List<List<Object>> values = new ArrayList<>();
        byte[] kinds = new byte[rows.size()];
        for (int r = 0; r < kinds.length; r++) {
            ResultRow row = rows.get(r);
            kinds[r] = kind(row.kind()).code();
            List<Object> converted = new ArrayList<>();
            for (int c = 0; c < schema.size(); c++) {
                converted.add(value(schema.type(c), row.values().get(c)));
            }
            values.add(converted);
        }
        return new KnownRows(new PlannedStatement.Rows(schema, values)).batch().withKinds(kinds);
    }

    private static RowKind kind(String symbol) {
        return Arrays.stream(RowKind.values())
                .filter(kind -> kind.symbol().equals(symbol))
                .findFirst()
                .orElse(RowKind.INSERT);
    }

    private static SqlType type(String name) {
        Matcher decimal = DECIMAL.matcher(name);
        if (decimal.matches()) {
            return SqlType.decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
        }
        return switch (name.split(" ", 2)[0]) {
            case "BOOLEAN" -> SqlType.BOOLEAN;
            case "TINYINT", "SMALLINT", "INTEGER", "INT", "BIGINT" -> SqlType.BIGINT;
            case "FLOAT", "DOUBLE" -> SqlType.DOUBLE;
            default -> SqlType.STRING;
        };
    }

    private static Object value(SqlType type, String text) {
        if (text == null) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN -> Boolean.valueOf(text);
            case BIGINT -> Long.valueOf(text);
            case DOUBLE -> Double.valueOf(text);
            case DECIMAL -> new BigDecimal(text);
            default -> text;
        };
    }
}
