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

/** {@code CREATE [TEMPORARY] TABLE|STREAM}, with columns or with the query that makes it. */
public final class SqlCreateTable extends SqlCreate {
    private static final SqlSpecialOperator OPERATOR = new SqlSpecialOperator("CREATE TABLE", SqlKind.CREATE_TABLE);

    private final boolean temporary;
    private final boolean stream;
    private final SqlIdentifier name;
    private final List<TableElement> elements;
    private final String comment;
    private final SqlNodeList partitionedBy;
    private final List<OptionDefinition> options;
    private final SqlNode query;

    public SqlCreateTable(SqlParserPos position, boolean replace, boolean ifNotExists, boolean temporary,
            boolean stream, SqlIdentifier name, List<TableElement> elements, String comment,
            SqlNodeList partitionedBy, List<OptionDefinition> options, SqlNode query) {
        super(OPERATOR, position, replace, ifNotExists);
        this.temporary = temporary;
        this.stream = stream;
        this.name = name;
        this.elements = List.copyOf(elements);
        this.comment = comment;
        this.partitionedBy = partitionedBy;
        this.options = List.copyOf(options);
        this.query = query;
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

    public boolean stream() {
        return stream;
    }

    public SqlIdentifier name() {
        return name;
    }

    public List<TableElement> elements() {
        return elements;
    }

    /** The comment, or null. */
    public String comment() {
        return comment;
    }

    public SqlNodeList partitionedBy() {
        return partitionedBy;
    }

    public List<OptionDefinition> options() {
        return options;
    }

    /** The query of CREATE TABLE … AS, or null. */
    public SqlNode query() {
        return query;
    }
}
