// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import org.apache.calcite.sql.parser.SqlParserPos;

/** Text that does not follow the grammar, found by other means than the generated parser's own errors. */
public final class SyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient SqlParserPos position;
    private final String hint;

    /** @param hint the way out, or null */
    public SyntaxException(SqlParserPos position, String message, String hint) {
        super(message, null, false, false);
        this.position = position;
        this.hint = hint;
    }

    public SqlParserPos position() {
        return position;
    }

    public String hint() {
        return hint;
    }
}
