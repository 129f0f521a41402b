// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.error.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the statements that have no expressions in them (SET, SHOW, DROP, …), which are simpler without the grammar: an
 * option's name or value may be any text. Names what is known of the dialect but can't be run yet.
 */
final class CommandParser {
    private static final List<String> FIRST_WORDS = List.of(
            "CREATE", "INSERT", "SELECT", "WITH", "VALUES", "EXECUTE", "SET", "RESET", "EXPLAIN", "SHOW", "DESCRIBE",
            "DROP",
            "PAUSE", "RESUME", "STOP", "ALTER");
    private static final String SHOWN = "SHOW takes TABLES, STREAMS, VIEWS, FUNCTIONS, CREATE TABLE t, JOBS,"
            + " PARTITIONS FOR JOB j, WATERMARKS FOR JOB j, SAVEPOINTS FOR JOB j";
    private static final String ALTER_FORM = "ALTER JOB j SET ('partitions' = '8')";

    private static final String NO_SET = "this is no statement set";
    private static final String SET_FORM = "EXECUTE STATEMENT SET BEGIN INSERT …; INSERT …; END";

    private final String script;
    private final List<Token> tokens;
    private int next;

    CommandParser(String script, List<Token> tokens) {
        this.script = script;
        this.tokens = tokens;
    }

    /** The statement, or null if it is one for the grammar. */
    Statement parse() {
        Token first = tokens.getFirst();
        if (first.kind() != Token.Kind.WORD) {
            return null;
        }
        next = 1;
        return switch (first.text().toUpperCase(Locale.ROOT)) {
            case "SET" -> set();
            case "RESET" -> reset();
            case "SHOW" -> show();
            case "DESCRIBE", "DESC" -> describe();
            case "DROP" -> drop();
            case "CREATE" -> create();
            case "EXPLAIN" -> explain();
            case "EXECUTE", "STATEMENT" -> throw syntax(first, NO_SET, SET_FORM);
            case "PAUSE" -> jobControl(JobAction.PAUSE);
            case "RESUME" -> jobControl(JobAction.RESUME);
            case "STOP" -> jobControl(JobAction.STOP);
            case "ALTER" -> alter();
            case "BEGIN", "END", "USE", "UPDATE", "DELETE", "MERGE", "CALL", "ADD", "LOAD", "ANALYZE" ->
                    throw notYet(first, first.text().toUpperCase(Locale.ROOT), null);
            case "INSERT", "SELECT", "WITH", "VALUES", "TABLE" -> null;
            default -> throw new MillraceException(
                    ErrorCode.SYNTAX,
                    "no statement starts with \"" + first.text() + "\"",
                    span(first),
                    NearestName.hint(first.text(), FIRST_WORDS, "statements start with"));
        };
    }

    private Statement set() {
        if (next == tokens.size()) {
            return new Statement.ShowOptions();
        }
        int equals = next;
        while (equals < tokens.size() && !tokens.get(equals).isSymbol("=")) {
            equals++;
        }
        if (equals == next || equals >= tokens.size() - 1) {
            throw syntax(tokens.get(Math.min(equals, tokens.size() - 1)), "SET takes a name, = and a value",
                    "SET 'name' = 'value'");
        }
        return new Statement.SetOption(
                text(next, equals), span(next, equals), text(equals + 1, tokens.size()),
                span(equals + 1, tokens.size()));
    }

    private Statement reset() {
        if (next == tokens.size() || tokens.size() == next + 1 && tokens.get(next).isWord("ALL")) {
            return new Statement.ResetOption(null, null);
        }
        return new Statement.ResetOption(text(next, tokens.size()), span(next, tokens.size()));
    }

    private Statement show() {
        Token what = need("SHOW needs to say what", SHOWN);
        for (Statement.Show.Kind kind : Statement.Show.Kind.values()) {
            if (what.isWord(kind.name())) {
                end();
                return new Statement.Show(kind);
            }
        }
        if (what.isWord("CREATE")) {
            skip("TABLE", "STREAM", "VIEW");
            Token name = name();
            end();
            return new Statement.ShowCreate(name.text(), span(name));
        }
        if (what.isWord("JOBS")) {
            end();
            return new Statement.ShowJobs(JobView.JOBS, null, span(what));
        }
        for (JobView view : List.of(JobView.PARTITIONS, JobView.WATERMARKS, JobView.SAVEPOINTS)) {
            if (what.isWord(view.name())) {
                word("FOR", "SHOW " + view + " FOR JOB j");
                word("JOB", "SHOW " + view + " FOR JOB j");
                Token job = job(view.name());
                end();
                return new Statement.ShowJobs(view, job.text(), span(job));
            }
        }
        throw notYet(what, "SHOW " + what.text().toUpperCase(Locale.ROOT), SHOWN);
    }

    private Statement jobControl(JobAction action) {
        word("JOB", action + " JOB j");
        boolean ifExists = action == JobAction.DROP && ifExists();
        Token job = job(action.name());
        String savepoint = null;
        if (action == JobAction.STOP && next < tokens.size() && tokens.get(next).isWord("WITH")) {
            next++;
            word("SAVEPOINT", "STOP JOB j WITH SAVEPOINT 's'");
            savepoint = savepoint();
        }
        end();
        return new Statement.JobControl(action, ifExists, job.text(), savepoint, span(job));
    }

    /** The rest of {@code CREATE|DROP SAVEPOINT 's' FOR JOB j}. */
    private Statement savepointControl(JobAction action) {
        String form = action.name().replace('_', ' ') + " 's' FOR JOB j";
        String savepoint = savepoint();
        word("FOR", form);
        word("JOB", form);
        Token job = job(action.name().replace('_', ' '));
        end();
        return new Statement.JobControl(action, false, job.text(), savepoint, span(job));
    }

    private String savepoint() {
        Token name = need("the name of the savepoint is missing", "SAVEPOINT 's'");
        if (!name.isName() && name.kind() != Token.Kind.STRING || name.text().isBlank() || name.text().contains("/")) {
            throw syntax(name, "\"" + name.text() + "\" can't be the name of a savepoint",
                    "names are text in quotes, without slashes");
        }
        return name.text();
    }

    private Statement alter() {
        word("JOB", ALTER_FORM);
        Token job = job("ALTER");
        word("SET", ALTER_FORM);
        symbol("(");
        List<Statement.SetOption> options = new ArrayList<>();
        do {
            Token key = need("an option is missing", ALTER_FORM);
            symbol("=");
            Token value = need("the value of option '" + key.text() + "' is missing", ALTER_FORM);
            options.add(new Statement.SetOption(key.text(), span(key), value.text(), span(value)));
        } while (comma());
        symbol(")");
        end();
        return new Statement.AlterJob(job.text(), options, span(job));
    }

    private boolean comma() {
        boolean found = next < tokens.size() && tokens.get(next).isSymbol(",");
        next += found ? 1 : 0;
        return found;
    }

    private void symbol(String symbol) {
        Token token = need(symbol + " is missing", ALTER_FORM);
        if (!token.isSymbol(symbol)) {
            throw syntax(token, "found \"" + token.text() + "\" where " + symbol + " is expected", ALTER_FORM);
        }
    }

    /** The name of a job, in quotes of either kind or bare; the names that jobs get by themselves have hyphens. */
    private Token job(String statement) {
        Token first = need(statement + " needs the name of a job", "SHOW JOBS names them");
        if (first.kind() == Token.Kind.SYMBOL) {
            throw syntax(first, "\"" + first.text() + "\" is not a name",
                    "names with other characters stand in `back quotes`");
        }
        Token last = first;
        while (first.isName() && next < tokens.size() && tokens.get(next).start() == last.end()) {
            last = tokens.get(next++);
        }
        return last == first ? first
                : new Token(Token.Kind.WORD, script.substring(first.start(), last.end()), first.start(), last.end(),
                        first.line(), first.column());
    }

    private void word(String word, String whole) {
        Token token = need(word + " is missing", whole);
        if (!token.isWord(word)) {
            throw syntax(token, "found \"" + token.text() + "\" where " + word + " is expected", whole);
        }
    }

    private Statement describe() {
        skip("TABLE", "STREAM", "VIEW");
        Token name = name();
        end();
        return new Statement.Describe(name.text(), span(name));
    }

    private Statement drop() {
        Token kind = need("DROP needs to say what", "DROP TABLE, STREAM or VIEW");
        if (kind.isWord("TEMPORARY")) {
            kind = need("DROP needs to say what", "DROP TABLE, STREAM or VIEW");
        }
        if (kind.isWord("JOB")) {
            next--;
            return jobControl(JobAction.DROP);
        }
        if (kind.isWord("SAVEPOINT")) {
            return savepointControl(JobAction.DROP_SAVEPOINT);
        }
        if (kind.isWord("FUNCTION")) {
            throw notYet(tokens.getFirst(), "DROP " + kind.text().toUpperCase(Locale.ROOT), null);
        }
        if (!kind.isWord("TABLE") && !kind.isWord("STREAM") && !kind.isWord("VIEW")) {
            throw syntax(kind, "\"" + kind.text() + "\" can't be dropped", "DROP TABLE, STREAM or VIEW");
        }
        boolean ifExists = ifExists();
        Token name = name();
        end();
        return new Statement.Drop(kind.isWord("VIEW"), ifExists, name.text(), span(name));
    }

    private boolean ifExists() {
        boolean found = next + 1 < tokens.size() && tokens.get(next).isWord("IF")
                && tokens.get(next + 1).isWord("EXISTS");
        if (found) {
            next += 2;
        }
        return found;
    }

    private Statement create() {
        if (tokens.size() > 1 && tokens.get(1).isWord("SAVEPOINT")) {
            next = 2;
            return savepointControl(JobAction.CREATE_SAVEPOINT);
        }
        for (Token token : tokens.subList(1, Math.min(5, tokens.size()))) {
            if (token.isWord("FUNCTION") || token.isWord("CATALOG")
                    || token.isWord("DATABASE")) {
                throw notYet(token, "CREATE " + token.text().toUpperCase(Locale.ROOT), null);
            }
            if (token.isWord("TABLE") || token.isWord("STREAM") || token.isWord("VIEW")) {
                return null;
            }
        }
        return null;
    }

    private Statement explain() {
        if (next < tokens.size()) {
            Token second = tokens.get(next);
            if (second.isWord("EXECUTE") || second.isWord("STATEMENT")) {
                throw syntax(second, NO_SET, "EXPLAIN " + SET_FORM);
            }
            if (second.isWord("UPGRADE") && next + 1 < tokens.size() && tokens.get(next + 1).isWord("JOB")) {
                next += 2;
                Token job = job("EXPLAIN UPGRADE JOB");
                end();
                return new Statement.ExplainUpgrade(job.text(), span(job));
            }
            if (second.isWord("WAITING") || second.isWord("JOB")) {
                throw notYet(second, "EXPLAIN " + second.text().toUpperCase(Locale.ROOT), null);
            }
        }
        return null;
    }

    private Token name() {
        Token name = need("a name is missing", null);
        if (!name.isName()) {
            throw syntax(name, "\"" + name.text() + "\" is not a name",
                    "names with other characters stand in `back quotes`");
        }
        return name;
    }

    private void skip(String... words) {
        for (String word : words) {
            if (next < tokens.size() - 1 && tokens.get(next).isWord(word)) {
                next++;
                return;
            }
        }
    }

    private Token need(String message, String hint) {
        if (next == tokens.size()) {
            throw syntax(tokens.getLast(), message, hint);
        }
        return tokens.get(next++);
    }

    private void end() {
        if (next < tokens.size()) {
            throw syntax(tokens.get(next), "\"" + tokens.get(next).text() + "\" is not expected here",
                    "statements end with a semicolon");
        }
    }

    /** One quoted token without its quotes, several tokens as they were written. */
    private String text(int from, int to) {
        return to == from + 1 ? tokens.get(from).text()
                : script.substring(tokens.get(from).start(), tokens.get(to - 1).end());
    }

    private SourceSpan span(int from, int to) {
        Token first = tokens.get(from);
        return new SourceSpan(first.line(), first.column(), tokens.get(to - 1).end() - first.start());
    }

    private static SourceSpan span(Token token) {
        return new SourceSpan(token.line(), token.column(), token.end() - token.start());
    }

    private static MillraceException syntax(Token at, String message, String hint) {
        return new MillraceException(ErrorCode.SYNTAX, message, span(at), hint);
    }

    private static MillraceException notYet(Token at, String what, String hint) {
        return new MillraceException(ErrorCode.NOT_SUPPORTED, what + " is not supported yet", span(at), hint);
    }
}
