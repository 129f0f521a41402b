// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Offers tables where a table must stand, and columns, functions and keywords elsewhere. */
final class SqlCompleter implements Completer {
    private static final Set<String> BEFORE_TABLE =
            Set.of("FROM", "JOIN", "INTO", "DESCRIBE", "TABLE", "STREAM", "VIEW", "LATE");

    private final Supplier<Names> source;
    private Names names;

    /** @param names asked when something is completed */
    SqlCompleter(Supplier<Names> names) {
        source = names;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        names = source.get();
        int start = line.cursor() - line.wordCursor();
        String text = line.line();
        List<SqlPiece> before = SqlPieces.of(text.substring(0, start));
        if (!before.isEmpty() && before.getLast().open()) {
            return;
        }
        String previous = before.isEmpty() ? "" : before.getLast().of(text).toUpperCase(Locale.ROOT);
        if (previous.equals("JOB")) {
            offerNames(names.jobs(), "jobs", candidates);
            return;
        }
        if (previous.equals(".")) {
            String table = before.size() < 2 ? "" : unquoted(before.get(before.size() - 2).of(text));
            offerNames(names.columns(tableOf(table, text)), "columns", candidates);
            return;
        }
        if (BEFORE_TABLE.contains(previous)) {
            offerNames(names.tables(), "tables", candidates);
            if (previous.equals("FROM") || previous.equals("JOIN")) {
                offer(List.of("TABLE"), "keywords", line.word(), candidates);
            }
            return;
        }
        if (!before.isEmpty()) {
            offerNames(columns(text), "columns", candidates);
            offer(names.functions(), "functions", line.word(), candidates);
        }
        offer(Keywords.all(), "keywords", line.word(), candidates);
    }

    /** The columns of all tables that the text names, or of all tables if it names none. */
    private Set<String> columns(String text) {
        Set<String> columns = new LinkedHashSet<>();
        for (SqlPiece piece : SqlPieces.of(text)) {
            columns.addAll(names.columns(unquoted(piece.of(text))));
        }
        if (columns.isEmpty()) {
            names.tables().forEach(table -> columns.addAll(names.columns(table)));
        }
        return columns;
    }

    /** The table that a name before a dot stands for: itself, or the one whose alias it is. */
    private String tableOf(String name, String text) {
        if (names.tables().contains(name)) {
            return name;
        }
        List<SqlPiece> pieces = SqlPieces.of(text);
        for (int i = 1; i < pieces.size(); i++) {
            if (unquoted(pieces.get(i).of(text)).equals(name)) {
                int table = pieces.get(i - 1).of(text).equalsIgnoreCase("AS") ? i - 2 : i - 1;
                if (table >= 0 && names.tables().contains(unquoted(pieces.get(table).of(text)))) {
                    return unquoted(pieces.get(table).of(text));
                }
            }
        }
        return name;
    }

    private static String unquoted(String name) {
        return name.startsWith("`") ? name.replace("`", "") : name;
    }

    /** Names are offered as they are, in back quotes where they need them. */
    private static void offerNames(Collection<String> all, String group, List<Candidate> candidates) {
        for (String name : all) {
            boolean plain = name.matches("[A-Za-z_][A-Za-z0-9_]*") && !Keywords.contains(name);
            candidates.add(candidate(plain ? name : "`" + name + "`", group));
        }
    }

    /** Words whose case means nothing are offered in the case that is typed. */
    private static void offer(Collection<String> words, String group, String typed, List<Candidate> candidates) {
        boolean lower = !typed.isEmpty() && typed.equals(typed.toLowerCase(Locale.ROOT));
        for (String word : words) {
            candidates.add(candidate(lower ? word.toLowerCase(Locale.ROOT) : word, group));
        }
    }

    private static Candidate candidate(String value, String group) {
        return new Candidate(value, value, group, null, null, null, true);
    }
}
