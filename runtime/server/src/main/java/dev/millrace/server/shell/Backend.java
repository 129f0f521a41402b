// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.shell;

/** Where statements are carried out: in this process, or on a server. Used by one thread, except where it says so. */
public interface Backend extends AutoCloseable {
    /**
     * Carries out statements, one after the other, up to the first that fails, and shows what they come to. Returns
     * when all have ended; jobs that they start go on.
     *
     * @param text the statements; places of errors count from its start
     * @return the exit code that fits: 0 if all went well
     */
    int execute(String text);

    /** Ends the query that runs, and leaves out the statements behind it. Any thread. */
    void cancel();

    /** What can be completed. */
    Names names();

    /** Waits until the jobs that were started here have ended, if they end with this process. */
    int awaitJobs();

    /** Says what becomes of the jobs that run, and ends what has to end with this process. */
    @Override
    void close();
}
