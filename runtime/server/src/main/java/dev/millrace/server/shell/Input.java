// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What somebody has typed so far, or piped in: whether it is complete, and whether it is for the shell itself. */
final class Input {
    /** What stands before the SET of a statement set. */
    private static final Set<List<String>> OPENINGS = Set.of(
            List.of("EXECUTE", "STATEMENT"),
            List.of("EXPLAIN", "EXECUTE", "STATEMENT"),
            List.of("EXPLAIN", "STATEMENT"),
            List.of("STATEMENT"),
            List.of("BEGIN", "STATEMENT"));

    private static final Set<String> LEAVE = Set.of("quit", "exit", "\\q");
    private static final Set<String> HELP = Set.of("help", "\\?", "\\h");

    private Input() {}

    /** Whether the text asks to leave. */
    static boolean asksToLeave(String text) {
        return LEAVE.contains(word(text));
    }

    /** Whether the text asks for help. */
    static boolean asksForHelp(String text) {
        return HELP.contains(word(text));
    }

    /** Whether there is nothing to carry out: white space and comments. */
    static boolean isEmpty(String text) {
        return SqlPieces.of(text).stream()
                .allMatch(piece -> piece.kind() == SqlPiece.Kind.COMMENT && !piece.open());
    }

    /** Whether the text can be taken as it is; otherwise it goes on in the next line. */
    static boolean isComplete(String text) {
        return isEmpty(text) || asksToLeave(text) || asksForHelp(text) || endsStatement(text);
    }

    private static String word(String text) {
        String word = text.strip();
        return (word.endsWith(";") ? word.substring(0, word.length() - 1).strip() : word).toLowerCase(Locale.ROOT);
    }

    /**
     * The statements of a text, in order. What stands behind the last semicolon is the last one, unless it is empty.
     *
     * @return each with its semicolon and at its place: line breaks and blanks stand for all that is before it
     */
    static List<String> statements(String text) {
        List<String> statements = new ArrayList<>();
        int start = 0;
        for (int end : ends(text)) {
            statements.add(atItsPlace(text, start, end));
            start = end;
        }
        if (!isEmpty(text.substring(start))) {
            statements.add(atItsPlace(text, start, text.length()));
        }
        return statements;
    }

    private static String atItsPlace(String text, int start, int end) {
        int lineStart = text.lastIndexOf('\n', start - 1) + 1;
        long lines = text.substring(0, lineStart).chars().filter(c -> c == '\n').count();
        return "\n".repeat((int) lines) + " ".repeat(start - lineStart) + text.substring(start, end);
    }

    private static boolean endsStatement(String text) {
        List<Integer> ends = ends(text);
        return !ends.isEmpty() && isEmpty(text.substring(ends.getLast()));
    }

    /** Offsets behind the ends of statements: semicolons, but of those in a statement set only the one behind its END. */
    private static List<Integer> ends(String text) {
        List<SqlPiece> pieces = SqlPieces.of(text).stream()
                .filter(piece -> piece.kind() != SqlPiece.Kind.COMMENT)
                .toList();
        List<Integer> ends = new ArrayList<>();
        int start = 0;
        boolean inSet = false;
        int cases = 0;
        for (int i = 0; i < pieces.size(); i++) {
            SqlPiece piece = pieces.get(i);
            if (piece.kind() == SqlPiece.Kind.SYMBOL && piece.of(text).equals(";") && !inSet) {
                ends.add(piece.end());
                start = i + 1;
                cases = 0;
            } else if (piece.kind() == SqlPiece.Kind.WORD) {
                switch (piece.of(text).toUpperCase(Locale.ROOT)) {
                    case "SET" -> inSet |= isStatementSet(text, pieces.subList(start, i));
                    case "CASE" -> cases++;
                    case "END" -> {
                        // The END of a CASE ends nothing else.
                        inSet &= cases > 0;
                        cases = Math.max(0, cases - 1);
                    }
                    default -> {
                        // Says nothing about the end.
                    }
                }
            }
        }
        return ends;
    }

    /** @param before what stands before SET in the statement */
    private static boolean isStatementSet(String text, List<SqlPiece> before) {
        return before.size() <= 3
                && OPENINGS.contains(before.stream().map(piece -> piece.of(text).toUpperCase(Locale.ROOT)).toList());
    }
}
