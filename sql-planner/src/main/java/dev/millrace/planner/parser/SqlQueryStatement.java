// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A query with at least one suffix of the dialect; a query without any is left as Calcite's own tree. */
public final class SqlQueryStatement extends DialectStatement {
    private final SqlNode query;
    private final EmitClause emit;
    private final SqlIdentifier lateTable;

    public SqlQueryStatement(SqlParserPos position, SqlNode query, EmitClause emit, SqlIdentifier lateTable) {
        super("QUERY", position);
        this.query = query;
        this.emit = emit;
        this.lateTable = lateTable;
    }

    public SqlNode query() {
        return query;
    }

    /** The EMIT clause, or null. */
    public EmitClause emit() {
        return emit;
    }

    /** The table of LATE INTO, or null. */
    public SqlIdentifier lateTable() {
        return lateTable;
    }
}
