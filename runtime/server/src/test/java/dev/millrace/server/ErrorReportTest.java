// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobProgress;
import dev.millrace.cluster.status.JobState;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class ErrorReportTest {
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream err = new PrintStream(shown, true, StandardCharsets.UTF_8);

    @Test
    void shouldShowTheLineWithACaretAndTheWayOut() {
        String script = "SELECT symbol,\n  2,\n  SUM(prcie)\nFROM trades";
        MillraceException error = new MillraceException(
                ErrorCode.COLUMN_NOT_FOUND,
                "column \"prcie\" not found",
                new SourceSpan(3, 7, 5),
                "did you mean \"price\"? columns of trades: symbol, price");

        int code = new ErrorReport(err, false).show(error, script);

        assertEquals(ExitCode.INVALID, code);
        assertEquals(
                """
                        MR-1042  column "prcie" not found
                          line 3, column 7:   SUM(prcie)
                                                  ^^^^^
                          did you mean "price"? columns of trades: symbol, price
                        """,
                shown.toString(StandardCharsets.UTF_8));
    }

    @Test
    void shouldTellADefectWithoutItsStackAndKeepTheStackInTheLog() {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger defects = (Logger) LoggerFactory.getLogger(Logging.DEFECTS);
        defects.addAppender(log);

        int code = new ErrorReport(err, false).show(new IllegalStateException("group 7 has no row"), null);

        defects.detachAppender(log);

        String text = shown.toString(StandardCharsets.UTF_8);
        assertEquals(ExitCode.FAILED, code);
        assertTrue(text.startsWith("MR-6900  unexpected error: group 7 has no row\n"), text);
        assertTrue(text.contains(Logging.file().toString()), text);
        assertFalse(text.contains("\tat "), text);
        assertEquals("group 7 has no row", log.list.getFirst().getThrowableProxy().getMessage());
    }

    @Test
    void shouldTellTheKindOfADefectWithoutAMessage() {
        new ErrorReport(err, false).show(new NullPointerException(), null);

        String text = shown.toString(StandardCharsets.UTF_8);
        assertTrue(text.startsWith("MR-6900  unexpected error: NullPointerException"), text);
    }

    @Test
    void shouldTellTheWayOutOfAFailedJobBehindItsPlace() {
        JobOutcome outcome = new JobOutcome(
                JobState.FAILED, ErrorCode.FILE_NOT_FOUND, "path 'x' does not exist\n  look again", JobProgress.NONE);

        MillraceException error = ErrorReport.ofFailed("SELECT", outcome).at(new SourceSpan(1, 1, 6));

        assertEquals(
                """
                        MR-3001  SELECT failed: path 'x' does not exist
                          line 1, column 1:   SELECT a FROM t
                                              ^^^^^^
                          look again""",
                error.render("SELECT a FROM t"));
    }

    @Test
    void shouldEndWithTheCodeOfItsKind() {
        assertEquals(ExitCode.INVALID, ExitCode.of(ErrorCode.SYNTAX));
        assertEquals(ExitCode.INVALID, ExitCode.of(ErrorCode.OPTION_UNKNOWN));
        assertEquals(ExitCode.INVALID, ExitCode.of(ErrorCode.USAGE));
        assertEquals(ExitCode.INVALID, ExitCode.of(ErrorCode.SCRIPT_UNREADABLE));
        assertEquals(ExitCode.FAILED, ExitCode.of(ErrorCode.FILE_NOT_FOUND));
        assertEquals(ExitCode.FAILED, ExitCode.of(ErrorCode.JOB_FAILED));
        assertEquals(ExitCode.FAILED, ExitCode.of(ErrorCode.STATE_LOCKED));
    }
}
