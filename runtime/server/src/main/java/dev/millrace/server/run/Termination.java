// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends work in order when the process is asked to end, by Ctrl-C or SIGTERM: stops what runs, then gives the main
 * thread a moment to tell about it. The process then ends with the usual code of the signal (130, 143), or with one of
 * its own.
 */
public final class Termination implements AutoCloseable {
    private static final long LAST_WORDS_SECONDS_MAX = 5;
    private static final Duration STOP_TIME_MAX = Duration.ofSeconds(30);

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;
    private volatile boolean requested;

    private Termination(Runnable stop, Duration stopTimeMax, int exitCode) {
        hook = new Thread(() -> end(stop, stopTimeMax, exitCode), "termination");
    }

    /** @param stop what to do; returns when all has stopped */
    public static Termination onSignal(Runnable stop) {
        return register(stop, STOP_TIME_MAX, -1);
    }

    /** @param stopTimeMax how long {@code stop} may take */
    public static Termination onSignal(Runnable stop, Duration stopTimeMax) {
        return register(stop, stopTimeMax, -1);
    }

    /** @param exitCode the exit code of the process after a signal */
    public static Termination onSignal(Runnable stop, int exitCode) {
        return register(stop, STOP_TIME_MAX, exitCode);
    }

    private static Termination register(Runnable stop, Duration stopTimeMax, int exitCode) {
        Termination termination = new Termination(stop, stopTimeMax, exitCode);
        Runtime.getRuntime().addShutdownHook(termination.hook);
        return termination;
    }

    /** Whether the process was asked to end. */
    public boolean isRequested() {
        return requested;
    }

    /** The work is over and told about; from now on a signal has nothing to stop. */
    @Override
    public void close() {
        done.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The process began to end in this moment; the hook finds the work done.
                requested = true;
            }
        }
    }

    private void end(Runnable stop, Duration stopTimeMax, int exitCode) {
        requested = true;
        Thread stopping = new Thread(stop, "stopping");
        stopping.setDaemon(true);
        stopping.start();
        try {
            // Whatever does not stop in time goes on from its last checkpoint the next time.
            stopping.join(stopTimeMax);
            done.await(LAST_WORDS_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (exitCode >= 0) {
            Runtime.getRuntime().halt(exitCode);
        }
    }
}
