// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.util.NlsString;

/** One {@code 'key' = 'value'} of WITH. */
public record OptionDefinition(String key, SqlParserPos keyPosition, String value, SqlParserPos valuePosition) {

    /** Takes any literal as value, so that {@code 'rows' = 10} means the same as {@code 'rows' = '10'}. */
    public static OptionDefinition of(String key, SqlParserPos keyPosition, SqlNode value) {
        String text = value instanceof SqlLiteral literal && literal.getValue() instanceof NlsString string
                ? string.getValue()
                : value instanceof SqlLiteral literal ? literal.toValue() : value.toString();
        return new OptionDefinition(key, keyPosition, text, value.getParserPosition());
    }
}
