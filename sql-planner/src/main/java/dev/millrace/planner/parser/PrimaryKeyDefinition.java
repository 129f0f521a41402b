// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;

/** {@code PRIMARY KEY (…) [NOT ENFORCED]} in CREATE TABLE; the columns are simple identifiers. */
public record PrimaryKeyDefinition(SqlNodeList columns, boolean enforced,
        SqlParserPos position) implements TableElement {}
