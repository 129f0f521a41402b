// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/** {@code EXPLAIN} of a query or an INSERT. */
public final class SqlExplainStatement extends DialectStatement {
    private final SqlNode statement;

    public SqlExplainStatement(SqlParserPos position, SqlNode statement) {
        super("EXPLAIN", position);
        this.statement = statement;
    }

    public SqlNode statement() {
        return statement;
    }
}
