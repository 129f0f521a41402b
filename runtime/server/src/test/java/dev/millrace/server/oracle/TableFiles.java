// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Writes a table's rows as files, in any of the ways in which the formats let the same value be written. */
final class TableFiles {
    private static final DateTimeFormatter SQL_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");
    private static final DateTimeFormatter ISO_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'");
    private static final int UNUSUAL_ONE_IN = 8;

    private final DataTable table;
    private final TextFormat format;
    private final Path directory;
    private final Random random;

    /** How JSON has timestamps: as SQL, as ISO 8601, as milliseconds. */
    private final int timeForm;

    private TableFiles(DataTable table, TextFormat format, Path directory, Random random) {
        this.table = table;
        this.format = format;
        this.directory = directory;
        this.random = random;
        timeForm = Math.floorMod(table.name().hashCode(), 3);
    }

    /**
     * Writes the files.
     *
     * @return the CREATE TABLE statement that reads them
     */
    static String write(DataTable table, TextFormat format, Path directory, long seed) {
        TableFiles files = new TableFiles(table, format, directory, new Random(seed));
        try {
            Files.createDirectories(directory);
            for (int i = 0; i < table.files().size(); i++) {
                Path file = directory.resolve("part-%02d.%s".formatted(i, format.suffix()));
                Files.writeString(file, files.text(table.files().get(i)));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return files.createTable();
    }

    private String createTable() {
        List<String> columns = new ArrayList<>();
        table.fields().forEach(field -> columns.add(field.name() + " " + field.type()));
        if (!table.watermark().isEmpty()) {
            columns.add(table.watermark());
        }
        return "CREATE TABLE " + table.name() + " (" + String.join(", ", columns)
                + ") WITH ('connector' = 'filesystem', 'path' = '" + directory + "', 'format' = '" + format.option()
                + "', 'source.splits' = '" + table.splits() + "', 'dead-letter.path' = '" + directory
                + "-dead-letters.jsonl'" + (format == TextFormat.CSV ? ", 'csv.null-literal' = 'NULL'" : "") + ");\n";
    }

    private String text(List<Object[]> rows) {
        StringBuilder text = new StringBuilder();
        for (Object[] row : rows) {
            switch (format) {
                case JSON -> appendJson(row, text);
                case CSV -> appendCsv(row, text);
            }
            text.append(unusual() ? "\r\n" : "\n");
        }
        if (!rows.isEmpty() && random.nextBoolean()) {
            // The last line feed of a file may be missing.
            text.setLength(text.length() - (text.charAt(text.length() - 2) == '\r' ? 2 : 1));
        }
        return text.toString();
    }

    private boolean unusual() {
        return random.nextInt(UNUSUAL_ONE_IN) == 0;
    }

    private void appendJson(Object[] row, StringBuilder text) {
        List<String> members = new ArrayList<>();
        for (int i = 0; i < row.length; i++) {
            if (row[i] == null && random.nextBoolean()) {
                continue;
            }
            members.add(jsonString(table.fields().get(i).name()) + (unusual() ? " : " : ":") + jsonValue(row[i]));
        }
        if (unusual()) {
            members.add("\"unknown\":{\"a\":[1,\"}\\\"\"]}");
            Collections.shuffle(members, random);
        }
        text.append('{').append(String.join(unusual() ? " , " : ",", members)).append('}');
    }

    private String jsonValue(Object value) {
        return switch (value) {
            case null -> "null";
            case String string -> jsonString(string);
            case LocalDateTime time -> jsonTime(time);
            case BigDecimal number -> unusual() ? '"' + number.toPlainString() + '"' : number.toPlainString();
            case Number number -> number.toString();
            case Boolean truth -> truth.toString();
            default -> '"' + value.toString() + '"';
        };
    }

    private String jsonTime(LocalDateTime time) {
        boolean isFine = time.getNano() % 1_000_000 != 0;
        return switch (isFine ? 0 : timeForm) {
            case 0 -> '"' + SQL_TIME.format(time) + '"';
            case 1 -> '"' + ISO_TIME.format(time) + '"';
            default -> Long.toString(time.toInstant(ZoneOffset.UTC).toEpochMilli());
        };
    }

    private String jsonString(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean mustEscape = c < ' ' || c == '"' || c == '\\';
            if (c == '\n') {
                text.append("\\n");
            } else if (mustEscape && c >= ' ') {
                text.append('\\').append(c);
            } else if (mustEscape || !Character.isSurrogate(c) && unusual() && unusual()) {
                text.append("\\u%04x".formatted((int) c));
            } else if (Character.isHighSurrogate(c)) {
                char low = value.charAt(++i);
                text.append(unusual() ? "\\u%04X\\u%04x".formatted((int) c, (int) low) : "" + c + low);
            } else {
                text.append(c);
            }
        }
        return text.append('"').toString();
    }

    private void appendCsv(Object[] row, StringBuilder text) {
        for (int i = 0; i < row.length; i++) {
            boolean isText = table.fields().get(i).type().matches("STRING|VARCHAR.*");
            text.append(i == 0 ? "" : ",").append(row[i] == null && (isText || unusual()) ? "NULL" : csvValue(row[i]));
        }
    }

    private String csvValue(Object value) {
        return switch (value) {
            case null -> "";
            case LocalDateTime time -> SQL_TIME.format(time);
            case BigDecimal number -> number.toPlainString();
            default -> {
                String string = value.toString();
                boolean mustQuote = value instanceof String
                        && (string.isEmpty() || string.equals("NULL") || !string.matches("[A-Za-z0-9 ]*"));
                yield mustQuote || unusual() ? '"' + string.replace("\"", "\"\"") + '"' : string;
            }
        };
    }
}
