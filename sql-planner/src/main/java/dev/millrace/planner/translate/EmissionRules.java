// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner.translate;

import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import dev.millrace.engine.expression.Expression;
import dev.millrace.engine.plan.Emit;
import dev.millrace.planner.catalog.CatalogTable;
import dev.millrace.planner.parser.EmitClause;
import dev.millrace.planner.parser.Positions;

/** Which results a query may give when, and which of them a table can take. */
final class EmissionRules {
    private EmissionRules() {}

    /**
     * When an aggregation gives its results.
     *
     * @param clause what the query asks for, or null
     * @param ordered whether the result has ORDER BY or LIMIT
     * @param position where the query stands
     */
    static Emit emit(
            Relation.Grouped grouped, EmitClause clause, boolean bounded, boolean ordered, SourceSpan position) {
        boolean windowed = grouped.windowing() != null;
        if (windowed) {
            grouped.branches().forEach(branch -> checkEventTime(
                    branch, branch.windowing().time(), bounded, "the window is", "its windows would never close",
                    position));
        }
        return emit(windowed, clause, bounded, ordered, position);
    }

    /**
     * When a result that can change is given.
     *
     * @param windowed whether windows close
     */
    static Emit emit(boolean windowed, EmitClause clause, boolean bounded, boolean ordered, SourceSpan position) {
        SourceSpan place = clause == null ? position : Positions.span(clause.position());
        Emit asked = clause == null ? null : switch (clause.mode()) {
            case CHANGES -> Emit.CHANGES;
            case FINAL -> Emit.FINAL;
        };
        if (asked == Emit.CHANGES && ordered) {
            throw new MillraceException(
                    ErrorCode.EMIT_REFUSED, "ORDER BY and LIMIT need final results, EMIT CHANGES gives changes", place,
                    "leave out EMIT CHANGES, or ORDER BY and LIMIT");
        }
        if (asked != null) {
            if (asked == Emit.FINAL && !windowed && !bounded) {
                throw new MillraceException(
                        ErrorCode.EMIT_REFUSED,
                        "EMIT FINAL waits for the end of the input, and this input never ends", place,
                        "group by a window as well: WINDOW TUMBLING (SIZE 1 MINUTE),\nor ask for EMIT CHANGES");
            }
            return asked;
        }
        if (windowed || ordered && bounded) {
            return Emit.FINAL;
        }
        if (ordered) {
            throw new MillraceException(
                    ErrorCode.EMIT_REFUSED, "LIMIT needs final results, and those of this query change for ever", place,
                    "leave out LIMIT, or group by a window as well: WINDOW TUMBLING (SIZE 1 MINUTE)");
        }
        return Emit.CHANGES;
    }

    /** Refuses OVER by another time than the event time, and on rows whose order will never be known. */
    static void checkEventTime(Relation.Over over, boolean bounded, SourceSpan position) {
        over.branches().forEach(branch -> checkEventTime(
                branch, branch.columns().get(over.timeColumn()), bounded, "ORDER BY of OVER is",
                "the order of its rows would never be known", position));
    }

    private static void checkEventTime(
            Branch branch, Expression time, boolean bounded, String what, String consequence, SourceSpan position) {
        CatalogTable table = branch.table();
        if (table.timeColumn() < 0) {
            if (!bounded) {
                throw new MillraceException(
                        ErrorCode.WATERMARK_MISSING,
                        "table \"" + table.name()
                                + "\" never ends and has no WATERMARK, so " + consequence,
                        position, "add to CREATE TABLE: WATERMARK FOR ts AS ts - INTERVAL '5' SECOND");
            }
            return;
        }
        String column = table.columns().get(table.timeColumn()).name();
        if (!time.equals(table.columns().get(table.timeColumn()).value())) {
            throw new MillraceException(
                    ErrorCode.WATERMARK_INVALID,
                    what + " on another time than the WATERMARK of table \"" + table.name() + "\"", position,
                    "use its event time: " + column);
        }
    }

    /** Refuses windows over a table of upserts. */
    static void checkNoWindow(Branch branch, SourceSpan position) {
        if (branch.windowing() != null) {
            throw new MillraceException(
                    ErrorCode.NOT_SUPPORTED,
                    "windows close for good, and rows of table \"" + branch.table().name()
                            + "\" can be replaced and deleted after that",
                    position, "group without a window,\n"
                            + "or read the topic with connector 'kafka', every record as a new row");
        }
    }

    /**
     * Refuses tables that can't take what comes of a table of upserts: new values and deletes.
     *
     * @param changes what the target's connector takes
     * @param source the table of upserts
     */
    static void checkChangingSink(InsertTarget insert, SinkChanges changes, CatalogTable source, boolean bounded) {
        boolean keyed = !insert.definition().primaryKey().isEmpty();
        if (changes == SinkChanges.ANY || keyed && changes == SinkChanges.UPSERT_DELETE) {
            return;
        }
        throw new MillraceException(
                ErrorCode.SINK_REFUSED,
                "rows of table \"" + source.name() + "\" are replaced and deleted, and table \""
                        + insert.table().name() + "\" "
                        + (keyed || changes != SinkChanges.UPSERT_DELETE ? "can't take deletes"
                                : "has no PRIMARY KEY to replace and delete by"),
                insert.position(),
                "insert into a table with a PRIMARY KEY that takes deletes, such as one of connector 'upsert-kafka'"
                        + (bounded ? ",\nor say EMIT FINAL to get the rows that are left at the end" : ""));
    }

    /**
     * Refuses updates that a table can't take.
     *
     * @param changes what its connector takes
     * @param asked whether the query says EMIT CHANGES
     * @param deletes whether the query can take back results
     */
    static void checkSink(InsertTarget insert, SinkChanges changes, boolean asked, boolean deletes) {
        String name = insert.table().name();
        boolean keyed = !insert.definition().primaryKey().isEmpty();
        String waysOut = "declare PRIMARY KEY (…) NOT ENFORCED on " + name + ", so that new values replace old ones,\n"
                + "or say EMIT CHANGES to append every change as a row, or EMIT FINAL where the input ends or has windows";
        if (changes == SinkChanges.ANY) {
            return;
        }
        if (!keyed && !asked) {
            throw new MillraceException(
                    ErrorCode.SINK_REFUSED,
                    "the query updates its results, and table \"" + name + "\" has no PRIMARY KEY to update by",
                    insert.position(), waysOut);
        }
        if (keyed && changes == SinkChanges.APPEND && !asked) {
            throw new MillraceException(
                    ErrorCode.SINK_REFUSED,
                    "the query updates its results, and connector '" + insert.definition().connector()
                            + "' of table \"" + name + "\" only appends",
                    insert.position(),
                    "say EMIT CHANGES to append every change as a row,\n"
                            + "or EMIT FINAL where the input ends or has windows");
        }
        if (deletes && changes != SinkChanges.UPSERT_DELETE) {
            throw new MillraceException(
                    ErrorCode.SINK_REFUSED,
                    "HAVING takes back groups that stop to fulfil it, and table \"" + name + "\" can't take deletes",
                    insert.position(), "use EMIT FINAL, or a sink that takes deletes");
        }
    }
}
