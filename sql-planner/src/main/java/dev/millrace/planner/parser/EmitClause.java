// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import org.apache.calcite.sql.parser.SqlParserPos;

/** {@code EMIT CHANGES} or {@code EMIT FINAL} after a query. */
public record EmitClause(Mode mode, SqlParserPos position) {

    /** What the user asked to see: every change, or only what is final. */
    public enum Mode { CHANGES, FINAL }
}
