// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** A statement, or part of one, that Calcite's own trees have no place for. The validator never sees it. */
abstract class DialectStatement extends SqlCall {
    private final SqlOperator operator;

    DialectStatement(String name, SqlParserPos position) {
        super(position);
        this.operator = new SqlSpecialOperator(name, SqlKind.OTHER);
    }

    @Override
    public final SqlOperator getOperator() {
        return operator;
    }

    @Override
    public List<SqlNode> getOperandList() {
        return List.of();
    }

    @Override
    public void unparse(SqlWriter writer, int leftPrecedence, int rightPrecedence) {
        writer.keyword(operator.getName());
    }
}
