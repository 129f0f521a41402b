// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server;

import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.PrintStream;
import org.slf4j.LoggerFactory;

/** Tells errors to people: coded, with the place and the way out, and without a stack trace unless asked for. */
public final class ErrorReport {
    private static final String LOG_HINT = "details are in ";

    private final PrintStream err;
    private final boolean debug;

    /** @param debug whether stack traces are shown */
    public ErrorReport(PrintStream err, boolean debug) {
        this.err = err;
        this.debug = debug;
    }

    /**
     * Shows an error.
     *
     * @param text the script that the error's place refers to, or null
     * @return the exit code that fits
     */
    public int show(MillraceException error, String text) {
        err.println(error.render(text));
        if (debug) {
            error.printStackTrace(err);
        }
        return ExitCode.of(error.code());
    }

    /**
     * The error that a failed job is told as.
     *
     * @param job how the job is called
     * @param outcome of state FAILED
     */
    public static MillraceException ofFailed(String job, JobOutcome outcome) {
        ErrorCode code = outcome.code() == null ? ErrorCode.JOB_FAILED : outcome.code();
        // A reason of several lines brings its way out.
        String[] reason = String.valueOf(outcome.reason()).split("\\R\\s*", 2);
        String hint = switch (code) {
            case INTERNAL -> LOG_HINT + Logging.file();
            case JOB_EXISTS -> "give the job another name with SET 'job.name', or use another state directory";
            default -> reason.length > 1 ? reason[1].replaceAll("\\R\\s*", "\n") : null;
        };
        return new MillraceException(code, job + " failed: " + reason[0], hint);
    }

    /** Shows any error: operating errors as such, all others as defects with the file that has the details. */
    public int show(Throwable error, String text) {
        if (error instanceof MillraceException known) {
            return show(known, text);
        }
        if (error instanceof StackOverflowError) {
            return show(
                    new MillraceException(
                            ErrorCode.NOT_SUPPORTED,
                            "the statement is nested too deeply",
                            null,
                            "split the expression, or give more stack by JAVA_TOOL_OPTIONS=-Xss16m",
                            error),
                    text);
        }
        LoggerFactory.getLogger(Logging.DEFECTS).error("unexpected error", error);
        String what = error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
        MillraceException defect = new MillraceException(
                ErrorCode.INTERNAL,
                "unexpected error: " + what.lines().findFirst().orElse(""),
                null,
                LOG_HINT + Logging.file() + "\nplease report it with that file, or run again with --debug",
                error);
        return show(defect, text);
    }
}
