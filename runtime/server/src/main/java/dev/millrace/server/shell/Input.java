// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What somebody has typed so far, or piped in: whether it is complete, and whether it is for the shell itself. */
final class Input {
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

    /** Whether the last statement has ended: at its semicolon, or, for a statement set, at the one behind its END. */
    private static boolean endsStatement(String text) {
        List<SqlPiece> pieces = SqlPieces.of(text).stream()
                .filter(piece -> piece.kind() != SqlPiece.Kind.COMMENT || piece.open())
                .toList();
        int start = 0;
        boolean ended = false;
        boolean inSet = false;
        int cases = 0;
        for (int i = 0; i < pieces.size(); i++) {
            SqlPiece piece = pieces.get(i);
            ended = piece.kind() == SqlPiece.Kind.SYMBOL && piece.of(text).equals(";") && !inSet;
            if (ended) {
                start = i + 1;
            } else if (piece.kind() == SqlPiece.Kind.WORD) {
                switch (piece.of(text).toUpperCase(Locale.ROOT)) {
                    case "SET" -> inSet |= i == start + 2 && isStatementSet(text, pieces, start);
                    case "CASE" -> cases++;
                    case "END" -> {
                        if (cases > 0) {
                            cases--;
                        } else {
                            inSet = false;
                        }
                    }
                    default -> {
                        // Says nothing about the end.
                    }
                }
            }
        }
        return ended;
    }

    private static boolean isStatementSet(String text, List<SqlPiece> pieces, int start) {
        String first = pieces.get(start).of(text);
        return (first.equalsIgnoreCase("EXECUTE") || first.equalsIgnoreCase("BEGIN"))
                && pieces.get(start + 1).of(text).equalsIgnoreCase("STATEMENT");
    }
}
