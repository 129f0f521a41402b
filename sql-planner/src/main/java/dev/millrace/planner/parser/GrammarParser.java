// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.planner.parser.impl.MillraceParser;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.util.Casing;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlAbstractParserImpl;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.SourceStringReader;

/** Runs the generated parser on one statement and says in plain words what is wrong with it. */
final class GrammarParser {
    private static final int EXPECTED_SHOWN_MAX = 6;
    private static final List<String> CLAUSES = List.of(
            "SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "WINDOW", "LIMIT", "UNION", "VALUES", "EMIT", "WITH",
            "INTO", "TABLE", "WATERMARK", "DISTINCT");
    private static final List<String> QUERY_STARTS = List.of("SELECT", "VALUES", "WITH");
    private static final Pattern LEXICAL =
            Pattern.compile("Lexical error at line (\\d+), column (\\d+)\\.");

    private GrammarParser() {}

    /**
     * @param line line of the script on which the text starts, from 1
     * @param column column in which the text starts, from 1
     */
    static SqlNode parse(String text, int line, int column) {
        // The generated parser counts from the start of what it is given: the blanks put the text in its place.
        String padded = "\n".repeat(line - 1) + " ".repeat(column - 1) + text;
        SqlAbstractParserImpl parser = MillraceParser.FACTORY.getParser(new SourceStringReader(padded));
        parser.setTabSize(1);
        parser.setQuotedCasing(Casing.UNCHANGED);
        parser.setUnquotedCasing(Casing.UNCHANGED);
        parser.setIdentifierMaxLength(256);
        parser.setConformance(DialectConformance.INSTANCE);
        parser.switchTo(SqlAbstractParserImpl.LexicalState.BTID);
        try {
            return parser.parseSqlStmtEof();
        } catch (SyntaxException e) {
            throw new MillraceException(ErrorCode.SYNTAX, e.getMessage(), Positions.span(e.position()), e.hint());
        } catch (Throwable e) {
            if (e instanceof VirtualMachineError fatal) {
                throw fatal;
            }
            throw translate(parser.normalizeException(e), text, line, column);
        }
    }

    private static MillraceException translate(SqlParseException e, String text, int line, int column) {
        String message = e.getMessage() == null ? "" : e.getMessage();
        SqlParserPos position = e.getPos();
        Matcher lexical = LEXICAL.matcher(message);
        if (lexical.find()) {
            position = new SqlParserPos(Integer.parseInt(lexical.group(1)), Integer.parseInt(lexical.group(2)));
        } else if (!message.startsWith("Encountered")) {
            Throwable cause = e.getCause() instanceof CalciteContextException context ? context.getCause() : null;
            String reason = cause != null && cause.getMessage() != null ? cause.getMessage() : message;
            if (reason.startsWith("Non-query expression")) {
                String word = wordAt(text, offset(text, line, column, position));
                return new MillraceException(
                        ErrorCode.SYNTAX, "a query is expected here", Positions.span(position),
                        NearestName.of(word, QUERY_STARTS).map(near -> "did you mean " + near + "?").orElse(null));
            }
            return new MillraceException(ErrorCode.SYNTAX, plain(reason), Positions.span(position), null);
        }
        int offset = offset(text, line, column, position);
        TreeSet<String> expected = new TreeSet<>();
        for (String token : e.getExpectedTokenNames()) {
            expected.add(token.replace("\"", "").replace("<", "").replace(">", ""));
        }
        String word = wordAt(text, offset);
        boolean last = offset + word.length() >= text.length();
        boolean lead = Keywords.isReserved(word) && expected.contains("EOF")
                || "+-*/%=<>,|.(".indexOf(word.isEmpty() ? ',' : word.charAt(0)) >= 0;
        if (word.isEmpty() || last && lead) {
            return new MillraceException(
                    ErrorCode.SYNTAX, "the statement ends too early", lastCharacter(text, line, column), null);
        }
        String after = null;
        int next = skipBlanks(text, offset + word.length());
        if (isLead(word, wordAt(text, next))) {
            // The parser looks two words ahead and names the first; the second is the one that does not fit.
            after = word;
            word = wordAt(text, next);
            offset = next;
            expected.clear();
        }
        SourceSpan span = span(text, line, column, offset, word.length());
        String hint = word.startsWith("\"") ? "names are quoted with `back quotes`, strings with 'single quotes'"
                : hint(word, wordBefore(text, offset), expected);
        String what = word.startsWith("\"") ? "a double quote" : "\"" + word + "\"";
        String place = after == null ? "here" : "after \"" + after + "\"";
        return new MillraceException(ErrorCode.SYNTAX, what + " is not expected " + place, span, hint);
    }

    /** Whether a word that the parser complains of is right, but not before the next one. */
    private static boolean isLead(String word, String next) {
        String upper = word.toUpperCase(Locale.ROOT);
        if (next.isEmpty()) {
            return false;
        }
        return switch (upper) {
            case "GROUP", "ORDER", "PARTITION" -> !next.equalsIgnoreCase("BY");
            case "AS" -> Keywords.isReserved(next);
            case "SELECT", "FROM", "WHERE", "HAVING", "BY", "ON", "AND", "OR", "NOT" ->
                    CLAUSES.contains(next.toUpperCase(Locale.ROOT)) || !Character.isLetterOrDigit(next.charAt(0));
            default -> !Character.isJavaIdentifierStart(word.charAt(0)) && "+-*/%=<>,|".indexOf(word.charAt(0)) >= 0;
        };
    }

    private static int skipBlanks(String text, int offset) {
        int at = offset;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static SourceSpan span(String text, int line, int column, int offset, int length) {
        int lines = (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
        int start = text.lastIndexOf('\n', offset - 1) + 1;
        return new SourceSpan(line + lines, lines == 0 ? column + offset : offset - start + 1, Math.max(1, length));
    }

    private static String hint(String word, String before, TreeSet<String> expected) {
        List<String> keywords = expected.stream().filter(token -> Character.isLetter(token.charAt(0))
                && !token.contains("LITERAL") && !token.contains("IDENTIFIER") && !token.equals("EOF")).toList();
        String near = NearestName.of(word, keywords).orElse(null);
        if (near != null && !near.equalsIgnoreCase(word) && near.length() > 1) {
            return "did you mean " + near + "?";
        }
        // A misspelt keyword reads as a name, so the error shows one word later.
        near = NearestName.of(before, CLAUSES).orElse(null);
        if (near != null && !near.equalsIgnoreCase(before) && !Keywords.isReserved(before)) {
            return "did you mean " + near + " where \"" + before + "\" stands?";
        }
        if (Keywords.isReserved(word) && !CLAUSES.contains(word.toUpperCase(Locale.ROOT))) {
            return word.toUpperCase(Locale.ROOT) + " is a keyword; as a name it stands in back quotes: `" + word + "`";
        }
        if (expected.isEmpty() || expected.size() > EXPECTED_SHOWN_MAX || expected.contains("EOF")) {
            return null;
        }
        return "expected: " + String.join(", ", expected);
    }

    /** Offset in the text of a position in the script. */
    private static int offset(String text, int line, int column, SqlParserPos position) {
        int offset = 0;
        for (int at = line; at < position.getLineNum(); at++) {
            offset = text.indexOf('\n', offset) + 1;
        }
        return offset + position.getColumnNum() - (position.getLineNum() == line ? column : 1);
    }

    private static String wordAt(String text, int offset) {
        if (offset < 0 || offset >= text.length()) {
            return "";
        }
        int end = offset + 1;
        if (Character.isJavaIdentifierStart(text.charAt(offset))) {
            while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
                end++;
            }
        }
        return text.substring(offset, end);
    }

    private static String wordBefore(String text, int offset) {
        String[] words = text.substring(0, Math.max(0, Math.min(offset, text.length()))).split("\\W+");
        return words.length == 0 ? "" : words[words.length - 1];
    }

    private static SourceSpan lastCharacter(String text, int line, int column) {
        int lastBreak = text.lastIndexOf('\n');
        int lines = (int) text.chars().filter(c -> c == '\n').count();
        return lines == 0 ? new SourceSpan(line, column + text.length() - 1, 1)
                : new SourceSpan(line + lines, text.length() - lastBreak - 1, 1);
    }

    private static String plain(String reason) {
        String first = reason.split("\n", 2)[0].strip();
        return first.isEmpty() ? "the statement does not follow the grammar"
                : Character.toLowerCase(first.charAt(0)) + first.substring(1);
    }
}
