// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import dev.millrace.engine.error.SourceSpan;
import org.apache.calcite.sql.parser.SqlParserPos;

/** Places in the script. */
public final class Positions {
    private Positions() {}

    /** The place of a tree's position; what goes over several lines is underlined to the end of its first line. */
    public static SourceSpan span(SqlParserPos position) {
        if (position == null || position.getLineNum() < 1 || position.getColumnNum() < 1) {
            return null;
        }
        int length = position.getEndLineNum() == position.getLineNum()
                ? Math.max(1, position.getEndColumnNum() - position.getColumnNum() + 1)
                : Integer.MAX_VALUE;
        return new SourceSpan(position.getLineNum(), position.getColumnNum(), length);
    }
}
