// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.planner.catalog.Catalog;
import dev.millrace.planner.options.JobOption;
import dev.millrace.planner.options.JobOptions;
import java.util.HashSet;
import java.util.Set;

/** What the statements before have left: tables, options, names of jobs. Used by one thread at a time. */
public final class Session {
    private final Catalog catalog = new Catalog();
    private final JobOptions options = new JobOptions();
    private final Set<String> jobNames = new HashSet<>();
    private final int defaultPartitions;

    /** @param defaultPartitions partitions of a job that does not say how many it wants */
    public Session(int defaultPartitions) {
        this.defaultPartitions = defaultPartitions;
    }

    public Catalog catalog() {
        return catalog;
    }

    public JobOptions options() {
        return options;
    }

    int defaultPartitions() {
        return defaultPartitions;
    }

    /** The name for the next job: the one given by SET, or else its table's, with a number if that is taken. */
    String nextJobName(String table) {
        String given = options.get(JobOption.JOB_NAME);
        return freeJobName(given == null ? table : given);
    }

    /** This name, with a number if it is taken. */
    String freeJobName(String base) {
        String name = base;
        for (int i = 2; jobNames.contains(name); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    /** Takes note of a job that was planned: its name is taken, and the one given by SET used up. */
    void jobPlanned(String name) {
        jobNames.add(name);
        options.clearJobName();
    }
}
