// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.affinity;

import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;

/** A thread of a pool that stays on one CPU. */
final class PinnedThread extends ForkJoinWorkerThread {
    PinnedThread(ForkJoinPool pool) {
        super(pool);
    }

    @Override
    protected void onStart() {
        super.onStart();
        PinnedThreads.ofProcess().pin();
    }

    @Override
    protected void onTermination(Throwable failure) {
        PinnedThreads.ofProcess().release();
        super.onTermination(failure);
    }
}
