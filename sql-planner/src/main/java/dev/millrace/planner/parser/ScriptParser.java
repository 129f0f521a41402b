// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import dev.millrace.engine.error.SourceSpan;
import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlNode;

/**
 * Splits a script into statements and reads each. Positions count from the start of the script. Not a validator: names
 * and types are not looked at.
 */
public final class ScriptParser {
    private ScriptParser() {}

    /**
     * All statements of a script, in order.
     *
     * @throws dev.millrace.engine.error.MillraceException at the first statement that does not follow the grammar
     */
    public static List<ParsedStatement> parse(String script) {
        List<ParsedStatement> statements = new ArrayList<>();
        List<Token> current = new ArrayList<>();
        for (Token token : Tokenizer.tokens(script)) {
            if (token.isSymbol(";")) {
                add(statements, script, current);
                current = new ArrayList<>();
            } else {
                current.add(token);
            }
        }
        add(statements, script, current);
        return statements;
    }

    private static void add(List<ParsedStatement> statements, String script, List<Token> tokens) {
        if (tokens.isEmpty()) {
            return;
        }
        Token first = tokens.getFirst();
        String text = script.substring(first.start(), tokens.getLast().end());
        Statement statement = new CommandParser(script, tokens).parse();
        if (statement == null) {
            statement = new Statement.Sql(GrammarParser.parse(text, first.line(), first.column()));
        }
        SourceSpan position = new SourceSpan(first.line(), first.column(), first.end() - first.start());
        statements.add(new ParsedStatement(text, position, statement));
    }

    /**
     * A query that was read before, again.
     *
     * @param line line of the script on which the text starts
     * @param column column in which it starts
     */
    public static SqlNode parseQuery(String text, int line, int column) {
        return GrammarParser.parse(text, line, column);
    }
}
