// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobUpdate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/** Who is told how a job stands, as long as they live. */
final class JobWatchers {
    private final ActorContext<JobCommand> context;
    private final Set<ActorRef<JobUpdate>> watchers = new LinkedHashSet<>();
    private JobUpdate news;

    JobWatchers(ActorContext<JobCommand> context) {
        this.context = context;
    }

    /** Adds one; that it is gone is told to the job. */
    void add(ActorRef<JobUpdate> watcher) {
        if (watchers.add(watcher)) {
            context.watchWith(watcher, new JobCommand.WatcherGone(watcher));
        }
    }

    void remove(ActorRef<JobUpdate> watcher) {
        watchers.remove(watcher);
    }

    boolean isEmpty() {
        return watchers.isEmpty();
    }

    List<ActorRef<JobUpdate>> all() {
        return List.copyOf(watchers);
    }

    void tell(JobUpdate update) {
        watchers.forEach(watcher -> watcher.tell(update));
    }

    /**
     * Tells them where the job stands on its course.
     *
     * @param always whether to tell them also what they know, as a sign of life
     */
    void tellNews(JobUpdate update, boolean always) {
        if (always || !update.equals(news)) {
            news = update;
            tell(update);
        }
    }
}
