// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.planner;

import dev.millrace.engine.upgrade.SavepointName;
import dev.millrace.planner.catalog.Catalog;
import dev.millrace.planner.options.JobOption;
import dev.millrace.planner.options.JobOptions;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What the statements before have left: tables, options, names of jobs. Used by one thread at a time. */
public final class Session {
    private final Catalog catalog;
    private final JobOptions options = new JobOptions();
    private final Set<String> jobNames = new HashSet<>();
    private final Map<String, String> runningJobs;
    private final int defaultPartitions;

    /** @param defaultPartitions partitions of a job that does not say how many it wants */
    public Session(int defaultPartitions) {
        this(defaultPartitions, new Catalog(), Map.of());
    }

    /**
     * @param defaultPartitions partitions of a job that does not say how many it wants
     * @param catalog the tables and views that there are; statements change it
     * @param runningJobs the names of jobs that there are, each with its statement: only that statement gets the name
     */
    public Session(int defaultPartitions, Catalog catalog, Map<String, String> runningJobs) {
        this.defaultPartitions = defaultPartitions;
        this.catalog = catalog;
        this.runningJobs = Map.copyOf(runningJobs);
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

    /** The name for the job of a statement: the one given by SET, or else its table's, with a number if that is taken. */
    String nextJobName(String table, String statement) {
        String given = options.get(JobOption.JOB_NAME);
        return freeJobName(
                given == null ? table : given, statement, options.get(JobOption.SAVEPOINT));
    }

    /**
     * This name, with a number if it is taken by a job other than the one from whose savepoint the statement starts.
     *
     * @param savepoint the savepoint, or null
     */
    String freeJobName(String base, String statement, String savepoint) {
        String name = base;
        if (savepoint != null && SavepointName.parse(savepoint, base).job().equals(base)) {
            // The job goes on, with another statement.
            return base;
        }
        for (int i = 2; isTaken(name, statement); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    private boolean isTaken(String name, String statement) {
        return jobNames.contains(name) || !runningJobs.getOrDefault(name, statement).equals(statement);
    }

    /** Takes note of a job that is gone, or has never come to be: its name is free. */
    public void jobGone(String name) {
        jobNames.remove(name);
    }

    /** Takes note of a job that was planned: its name is taken, and what SET gave the next job is used up. */
    void jobPlanned(String name) {
        jobNames.add(name);
        options.jobPlanned();
    }
}
