// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.csv;

import dev.millrace.connectors.options.TableOptions;
import dev.millrace.connectors.text.CsvStyle;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The options of the format.
 *
 * @param delimiter stands between fields
 * @param quote stands around fields, or {@link #NO_QUOTE}
 * @param nullLiteral UTF-8 text of unquoted fields that are NULL, or null
 * @param allowsComments whether lines that start with # mean nothing
 * @param header what stands in the first line of a file
 * @param nullOnFieldError whether a value that is not one of its column's type is NULL, rather than making the record bad
 */
record CsvSettings(
        byte delimiter,
        byte quote,
        byte[] nullLiteral,
        boolean allowsComments,
        Header header,
        boolean nullOnFieldError) {
    /** What stands in the first line of a file. */
    enum Header {
        /** Names, whatever they are. */
        ALWAYS,
        /** A record. */
        NEVER,
        /** A header if its fields are the names of the columns, in order; else a record. */
        IF_IT_NAMES_THE_COLUMNS
    }

    /** A byte that UTF-8 text never holds. */
    static final byte NO_QUOTE = (byte) 0xFF;

    private static final String DELIMITER = "csv.field-delimiter";
    private static final String QUOTE = "csv.quote-character";
    private static final String NO_QUOTES = "csv.disable-quote-character";
    private static final String NULL_LITERAL = "csv.null-literal";
    private static final String COMMENTS = "csv.allow-comments";
    private static final String HEADER = "csv.ignore-first-line";
    private static final String IGNORE_PARSE_ERRORS = "csv.ignore-parse-errors";
    private static final String ESCAPE = "csv.escape-character";

    /** The last ones are Flink's for what flat rows don't have, or for writing. */
    static final Set<String> NAMES = Set.of(
            DELIMITER,
            QUOTE,
            NO_QUOTES,
            NULL_LITERAL,
            COMMENTS,
            HEADER,
            IGNORE_PARSE_ERRORS,
            ESCAPE,
            "csv.array-element-delimiter",
            "csv.write-bigdecimal-in-scientific-notation");

    static CsvSettings of(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        if (options.has(ESCAPE)) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED,
                    "option '" + ESCAPE + "' of table \"" + table.name() + "\" is not supported yet",
                    "write a quote within a quoted field twice");
        }
        byte delimiter = character(options, DELIMITER, ",");
        byte quote = options.flag(NO_QUOTES, false) ? NO_QUOTE : character(options, QUOTE, "\"");
        if (delimiter == quote) {
            throw options.invalid(options.has(QUOTE) ? QUOTE : DELIMITER, "delimiter and quote must differ");
        }
        Header header = Header.IF_IT_NAMES_THE_COLUMNS;
        if (options.has(HEADER)) {
            header = options.flag(HEADER, false) ? Header.ALWAYS : Header.NEVER;
        }
        String nullLiteral = options.text(NULL_LITERAL, null);
        return new CsvSettings(
                delimiter,
                quote,
                nullLiteral == null ? null : nullLiteral.getBytes(StandardCharsets.UTF_8),
                options.flag(COMMENTS, false),
                header,
                options.flag(IGNORE_PARSE_ERRORS, false));
    }

    /**
     * Checks that every row can be written so that it is read back.
     *
     * @throws MillraceException if there is one that can't
     */
    void checkForWriting(TableDefinition table) {
        TableOptions options = new TableOptions(table);
        if (quote == NO_QUOTE) {
            throw options.invalid(NO_QUOTES, "to write, leave it out: texts may need quotes");
        }
        if (nullLiteral == null) {
            return;
        }
        for (byte b : nullLiteral) {
            if (b == delimiter || b == quote || b == '\n' || b == '\r') {
                throw options.invalid(NULL_LITERAL, "it takes a text without delimiters, quotes and line ends");
            }
        }
        if (nullLiteral.length == 0 && table.schema().size() == 1) {
            throw options.invalid(NULL_LITERAL,
                    "with a single column it takes a text such as NULL: blank lines are no rows");
        }
        if (allowsComments && nullLiteral.length > 0 && nullLiteral[0] == '#') {
            throw options.invalid(NULL_LITERAL, "a line that starts with # is a comment: choose another text");
        }
    }

    /** How rows are written. */
    CsvStyle style() {
        return new CsvStyle(delimiter, quote, nullLiteral);
    }

    private static byte character(TableOptions options, String name, String defaultValue) {
        String value = switch (options.text(name, defaultValue)) {
            case "\\t" -> "\t";
            case "\\u0001" -> "\u0001";
            case String text -> text;
        };
        char c = value.length() == 1 ? value.charAt(0) : '\n';
        if (c == '\n' || c == '\r' || c > '~') {
            throw options.invalid(name, "it takes one ASCII character; a tab is written \\t");
        }
        return (byte) c;
    }
}
