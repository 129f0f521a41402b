// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import static dev.millrace.server.run.Rows.row;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import org.junit.jupiter.api.Test;

final class TableRowsTest {
    private static final Schema SCHEMA =
            Schema.of(new Column("symbol", SqlType.STRING), new Column("n", SqlType.BIGINT));

    private final TextBuffer out = new TextBuffer();

    @Test
    void shouldAlignTextLeftAndNumbersRight() {
        TableRows table = new TableRows(SCHEMA, false);

        table.write(Rows.of(SCHEMA, row("AAPL", 7L), row("a longer name", 12345L), row(null, null)), out);
        table.flush(out);

        assertEquals(
                """
                        symbol             n
                        -------------  -----
                        AAPL               7
                        a longer name  12345
                        NULL            NULL
                        """,
                out.toString());
    }

    @Test
    void shouldHoldRowsBackUntilTheWidthsAreKnown() {
        TableRows table = new TableRows(SCHEMA, false);

        table.write(Rows.of(SCHEMA, row("AAPL", 7L)), out);

        assertEquals("", out.toString());
    }

    @Test
    void shouldStreamAfterTheLookAhead() {
        TableRows table = new TableRows(SCHEMA, false);
        Object[][] rows = new Object[TableRows.LOOK_AHEAD_ROWS_MAX][];
        java.util.Arrays.fill(rows, row("A", 1L));
        table.write(Rows.of(SCHEMA, rows), out);
        out.clear();

        table.write(Rows.of(SCHEMA, row("wider than all before", 2L)), out);

        assertEquals("wider than all before     2\n", out.toString());
    }

    @Test
    void shouldShowTheKindOfEveryRowOfAnUpdatingResult() {
        TableRows table = new TableRows(SCHEMA, true);
        Batch batch = Rows.of(SCHEMA, row("A", 1L), row("A", 2L), row("A", 2L))
                .withKinds(new byte[] {RowKind.INSERT.code(), RowKind.UPDATE_AFTER.code(), RowKind.DELETE.code()});

        table.write(batch, out);
        table.flush(out);

        assertEquals(
                """
                        op  symbol     n
                        --  ------  ----
                        +I  A          1
                        +U  A          2
                        -D  A          2
                        """,
                out.toString());
    }

    @Test
    void shouldShowTheHeadOfAnEmptyResult() {
        TableRows table = new TableRows(SCHEMA, false);

        table.flush(out);
        table.finish(out);

        assertEquals("symbol     n\n------  ----\n", out.toString());
    }

    @Test
    void shouldKeepARowOnOneLine() {
        TableRows table = new TableRows(SCHEMA, false);

        table.write(Rows.of(SCHEMA, row("a\nb\tc", 1L)), out);
        table.flush(out);

        assertEquals("a\\nb\\tc     1", out.toString().lines().toList().get(2));
    }
}
