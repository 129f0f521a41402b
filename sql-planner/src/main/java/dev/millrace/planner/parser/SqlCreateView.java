// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.parser.SqlParserPos;

/** {@code CREATE [TEMPORARY] VIEW v [(columns)] AS query}. */
public final class SqlCreateView extends SqlCreate {
    private static final SqlSpecialOperator OPERATOR = new SqlSpecialOperator("CREATE VIEW", SqlKind.CREATE_VIEW);

    private final boolean temporary;
    private final SqlIdentifier name;
    private final SqlNodeList columns;
    private final SqlNode query;
    private final SqlParserPos queryStart;

    public SqlCreateView(SqlParserPos position, boolean replace, boolean ifNotExists, boolean temporary,
            SqlIdentifier name, SqlNodeList columns, SqlNode query, SqlParserPos queryStart) {
        super(OPERATOR, position, replace, ifNotExists);
        this.temporary = temporary;
        this.name = name;
        this.columns = columns;
        this.query = query;
        this.queryStart = queryStart;
    }

    @Override
    public List<SqlNode> getOperandList() {
        return List.of(name);
    }

    public boolean ifNotExists() {
        return ifNotExists;
    }

    public boolean temporary() {
        return temporary;
    }

    public SqlIdentifier name() {
        return name;
    }

    /** The names of the view's columns, or null where they are those of the query. */
    public SqlNodeList columns() {
        return columns;
    }

    public SqlNode query() {
        return query;
    }

    /** Where the query's text starts, an opening parenthesis included. */
    public SqlParserPos queryStart() {
        return queryStart;
    }
}
