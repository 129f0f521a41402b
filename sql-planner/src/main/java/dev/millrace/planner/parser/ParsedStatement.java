// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import dev.millrace.engine.error.SourceSpan;
import org.apache.calcite.sql.SqlNode;

/**
 * One statement of a script.
 *
 * @param text the statement as written, without the semicolon
 * @param position where it starts in the script
 * @param statement what it says
 */
public record ParsedStatement(String text, SourceSpan position, Statement statement) {
    /** Whether the statement makes, or takes away, a table or view that outlives the session: it is not TEMPORARY. */
    public boolean changesCatalog() {
        return switch (statement) {
            case Statement.Drop _ -> true;
            case Statement.Sql(SqlNode tree) -> switch (tree) {
                case SqlCreateTable create -> !create.temporary();
                case SqlCreateView create -> !create.temporary();
                default -> false;
            };
            default -> false;
        };
    }
}
