// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import dev.millrace.engine.error.MillraceException;
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
        List<MillraceException> errors = new ArrayList<>();
        List<ParsedStatement> statements = parse(script, errors);
        if (!errors.isEmpty()) {
            throw errors.getFirst();
        }
        return statements;
    }

    /**
     * All statements of a script that follow the grammar, in order.
     *
     * @param errors takes one error for each of the others
     */
    public static List<ParsedStatement> parse(String script, List<MillraceException> errors) {
        List<ParsedStatement> statements = new ArrayList<>();
        try {
            new StatementSplitter(script, statements, errors).split(Tokenizer.tokens(script));
        } catch (MillraceException e) {
            // A text that does not even fall into words ends where it does not.
            errors.add(e);
        }
        return statements;
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
