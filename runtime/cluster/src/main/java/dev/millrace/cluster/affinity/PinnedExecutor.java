// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.affinity;

import com.typesafe.config.Config;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.dispatch.DispatcherPrerequisites;
import org.apache.pekko.dispatch.ForkJoinExecutorConfigurator;
import org.apache.pekko.dispatch.MonitorableThreadFactory;

/** Pekko's usual executor, with its settings, whose threads are each pinned to a CPU; made by Pekko by its name. */
public final class PinnedExecutor extends ForkJoinExecutorConfigurator {
    /** @param config that of the dispatcher */
    public PinnedExecutor(Config config, DispatcherPrerequisites prerequisites) {
        super(config.getConfig("fork-join-executor"), prerequisites);
    }

    @Override
    public ForkJoinPool.ForkJoinWorkerThreadFactory validate(ThreadFactory usual) {
        // Named after the dispatcher by then.
        MonitorableThreadFactory named = (MonitorableThreadFactory) super.validate(usual);
        // Of a name the kernel keeps the first 15 letters, and whoever looks at pinned threads looks there: "work-7".
        String prefix = named.name().substring(named.name().lastIndexOf('.') + 1) + "-";
        return pool -> {
            PinnedThread thread = new PinnedThread(pool);
            thread.setName(prefix + named.counter().incrementAndGet());
            thread.setDaemon(named.daemonic());
            thread.setUncaughtExceptionHandler(named.exceptionHandler());
            thread.setContextClassLoader(named.contextClassLoader().getOrElse(thread::getContextClassLoader));
            return thread;
        };
    }
}
