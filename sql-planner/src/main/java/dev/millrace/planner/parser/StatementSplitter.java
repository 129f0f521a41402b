// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlInsert;

/** Puts tokens together to statements: those between semicolons, and those between BEGIN and END of a statement set. */
final class StatementSplitter {
    /** What a statement set starts with; the last of them with a semicolon behind it. */
    private static final List<List<String>> OPENINGS = List.of(
            List.of("EXECUTE", "STATEMENT", "SET", "BEGIN"),
            List.of("EXPLAIN", "EXECUTE", "STATEMENT", "SET", "BEGIN"),
            List.of("EXPLAIN", "UPGRADE", "EXECUTE", "STATEMENT", "SET", "BEGIN"),
            List.of("EXPLAIN", "STATEMENT", "SET", "BEGIN"),
            List.of("STATEMENT", "SET", "BEGIN"),
            List.of("BEGIN", "STATEMENT", "SET"));

    private final String script;
    private final List<ParsedStatement> statements;
    private final List<MillraceException> errors;
    private List<Token> current = new ArrayList<>();
    /** The first words of the statement set that is open, or null. */
    private List<Token> opening;
    private List<ParsedStatement> inserts = new ArrayList<>();

    StatementSplitter(String script, List<ParsedStatement> statements, List<MillraceException> errors) {
        this.script = script;
        this.statements = statements;
        this.errors = errors;
    }

    void split(List<Token> tokens) {
        for (Token token : tokens) {
            if (token.isSymbol(";")) {
                end();
                continue;
            }
            current.add(token);
            if (opening == null && OPENINGS.stream().anyMatch(words -> is(current, words))) {
                opening = current;
                current = new ArrayList<>();
            }
        }
        end();
        if (opening != null) {
            errors.add(new MillraceException(
                    ErrorCode.SYNTAX, "this statement set has no END", span(opening),
                    "write END; behind its last INSERT"));
        }
    }

    private void end() {
        List<Token> tokens = current;
        current = new ArrayList<>();
        if (tokens.isEmpty()) {
            return;
        }
        try {
            if (opening == null) {
                statements.add(parse(tokens));
            } else if (is(tokens, List.of("END"))) {
                close(tokens.getLast());
            } else {
                inserts.add(insert(tokens));
            }
        } catch (MillraceException e) {
            errors.add(e);
        }
    }

    private void close(Token end) {
        List<Token> words = opening;
        List<ParsedStatement> members = inserts;
        opening = null;
        inserts = new ArrayList<>();
        if (members.isEmpty() && errors.isEmpty()) {
            throw new MillraceException(
                    ErrorCode.SYNTAX, "this statement set has no INSERT", span(words), "write INSERTs before END");
        }
        String text = script.substring(words.getFirst().start(), end.end());
        boolean explained = words.getFirst().isWord("EXPLAIN");
        boolean upgrade = explained && words.get(1).isWord("UPGRADE");
        statements.add(new ParsedStatement(
                text, span(words), new Statement.StatementSet(members, explained, upgrade)));
    }

    private ParsedStatement insert(List<Token> tokens) {
        ParsedStatement member = parse(tokens);
        if (member.statement() instanceof Statement.Sql sql && sql.tree() instanceof SqlInsert) {
            return member;
        }
        throw new MillraceException(
                ErrorCode.SYNTAX, "a statement set holds INSERTs only", member.position(),
                "put other statements before it, or behind its END");
    }

    private ParsedStatement parse(List<Token> tokens) {
        Token first = tokens.getFirst();
        String text = script.substring(first.start(), tokens.getLast().end());
        Statement statement = new CommandParser(script, tokens).parse();
        if (statement == null) {
            statement = new Statement.Sql(GrammarParser.parse(text, first.line(), first.column()));
        }
        return new ParsedStatement(text, span(List.of(first)), statement);
    }

    private static boolean is(List<Token> tokens, List<String> words) {
        if (tokens.size() != words.size()) {
            return false;
        }
        for (int i = 0; i < words.size(); i++) {
            if (!tokens.get(i).isWord(words.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static SourceSpan span(List<Token> tokens) {
        Token first = tokens.getFirst();
        return new SourceSpan(first.line(), first.column(), tokens.getLast().end() - first.start());
    }
}
