// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.parser;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.avatica.util.TimeUnit;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlIntervalLiteral;
import org.apache.calcite.sql.SqlIntervalQualifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * The clause {@code WINDOW TUMBLING (…)} of a SELECT. It travels as the last entry of the GROUP BY list, because
 * Calcite's SELECT has no place of its own for it, and is replaced by a window table function before validation.
 */
public final class SqlGroupWindow extends DialectStatement {

    /** The shape of the windows. */
    public enum Kind { TUMBLING, HOPPING, SLIDING, SESSION }

    private final Kind kind;
    private final SqlIdentifier time;
    private final List<SqlNode> durations;
    private final SqlNode grace;

    /**
     * @param time the event-time column, or null for the one that the table's watermark is on
     * @param durations interval literals in the order in which they were written: size, then advance
     * @param grace how long after its end a window still takes rows, or null
     */
    public SqlGroupWindow(SqlParserPos position, Kind kind, SqlIdentifier time, List<SqlNode> durations,
            SqlNode grace) {
        super("WINDOW " + kind, position);
        this.kind = kind;
        this.time = time;
        this.durations = List.copyOf(durations);
        this.grace = grace;
    }

    public Kind kind() {
        return kind;
    }

    public SqlIdentifier time() {
        return time;
    }

    public List<SqlNode> durations() {
        return durations;
    }

    public SqlNode grace() {
        return grace;
    }

    /** The GROUP BY list with the window at its end; a window alone makes a list of its own. */
    public static SqlNodeList addTo(SqlNodeList groupBy, SqlGroupWindow window) {
        if (window == null) {
            return groupBy;
        }
        List<SqlNode> items = new ArrayList<>(groupBy == null ? List.of() : groupBy.getList());
        items.add(window);
        return new SqlNodeList(items, groupBy == null ? window.getParserPosition() : groupBy.getParserPosition());
    }

    /** An interval literal for {@code 1 MINUTE} or {@code 1m}. */
    public static SqlIntervalLiteral duration(int number, String unit, SqlParserPos position) {
        String value = Integer.toString(number);
        TimeUnit timeUnit = switch (unit.toUpperCase(Locale.ROOT)) {
            case "MS", "MILLISECOND", "MILLISECONDS" -> {
                value = number / 1000 + "." + String.format(Locale.ROOT, "%03d", number % 1000);
                yield TimeUnit.SECOND;
            }
            case "S", "SEC", "SECOND", "SECONDS" -> TimeUnit.SECOND;
            case "M", "MIN", "MINUTE", "MINUTES" -> TimeUnit.MINUTE;
            case "H", "HOUR", "HOURS" -> TimeUnit.HOUR;
            case "D", "DAY", "DAYS" -> TimeUnit.DAY;
            default -> throw new SyntaxException(position,
                    "unknown unit of time \"" + unit + "\"", "units are ms, s, m, h, d, or SECOND, MINUTE, HOUR, DAY");
        };
        SqlIntervalQualifier qualifier = new SqlIntervalQualifier(timeUnit, null, position);
        return SqlLiteral.createInterval(1, value, qualifier, position);
    }

    /** What the grammar throws where a word stands that is not the expected one. */
    public static SyntaxException expected(String word, String found, SqlParserPos position) {
        return new SyntaxException(position, "found \"" + found + "\" where " + word + " is expected", null);
    }
}
