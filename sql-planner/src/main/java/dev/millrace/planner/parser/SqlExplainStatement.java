// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/** {@code EXPLAIN} or {@code EXPLAIN UPGRADE} of a query or an INSERT. */
public final class SqlExplainStatement extends DialectStatement {
    private final SqlNode statement;
    private final boolean upgrade;

    public SqlExplainStatement(SqlParserPos position, SqlNode statement, boolean upgrade) {
        super("EXPLAIN", position);
        this.statement = statement;
        this.upgrade = upgrade;
    }

    /** Whether the question is what state is kept. */
    public boolean upgrade() {
        return upgrade;
    }

    public SqlNode statement() {
        return statement;
    }
}
