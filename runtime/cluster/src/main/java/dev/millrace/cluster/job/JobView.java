// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.Counters;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobUpdate;
import dev.millrace.cluster.status.JobProgress;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.JobStatus;
import dev.millrace.cluster.status.Moves;
import dev.millrace.engine.plan.Stage;
import java.util.List;

/** How a job stands: what is recorded of it, what its actor is about, and what its members have told, put together. */
final class JobView {
    @FunctionalInterface
    private interface PartitionPredicate {
        boolean test(int stage, int index);
    }

    private final String address;
    private final JobCourse course;
    private final JobReports reports;
    private final Restarts restarts;
    private final Placements placements;

    /** @param address host and port of the node from which the job is led */
    JobView(String address, JobCourse course, JobReports reports, Restarts restarts, Placements placements) {
        this.address = address;
        this.course = course;
        this.reports = reports;
        this.restarts = restarts;
        this.placements = placements;
    }

    JobState state(JobRecord record) {
        if (course.isPreparing()) {
            // Perhaps it was there before, and goes on from a savepoint.
            return JobState.STARTING;
        } else if (course.isStopping()) {
            return JobState.STOPPING;
        } else if (!course.isStarted() || record.state() != JobState.RUNNING) {
            return record.state();
        }
        if (course.comingUp() != null && !hasComeUp(record)) {
            return course.comingUp();
        }
        return placements.isAnyMoving() ? JobState.REBALANCING : JobState.RUNNING;
    }

    /** Whether each partition is at work, has ended, or is not to run for now. */
    boolean hasComeUp(JobRecord record) {
        return allPartitions(record, this::hasComeUp);
    }

    private boolean hasComeUp(int stage, int index) {
        return reports.isAtWork(stage, index) || reports.hasEnded(stage, index)
                || !restarts.mayRun(JobMembers.partition(stage, index));
    }

    /** Whether all partitions have ended or are suspended, and some are. */
    boolean nothingIsAtWork(JobRecord record) {
        return restarts.suspension() != null && allPartitions(record, (stage, index) -> reports.hasEnded(stage, index)
                || restarts.isSuspended(JobMembers.partition(stage, index)));
    }

    private static boolean allPartitions(JobRecord record, PartitionPredicate predicate) {
        for (Stage stage : record.plan().stages()) {
            for (int index = 0; index < stage.partitions(); index++) {
                if (!predicate.test(stage.index(), index)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What holds the job up for now, or null. */
    private String problem() {
        Restarts.Suspension suspension = restarts.suspension();
        if (suspension != null) {
            return suspension.toString();
        }
        return reports.problem() == null ? restarts.interruption() : reports.problem();
    }

    private Counters counters(JobRecord record) {
        return reports.isEmpty() ? record.counters() : reports.total();
    }

    /** As those see it who watch the job. */
    JobUpdate update(JobRecord record) {
        return new JobUpdate(state(record), counters(record), record.code(), record.reason(), problem());
    }

    /** As an operator sees it; null if there is no such job. */
    JobStatus status(JobRecord record) {
        if (record.isCreated()) {
            return new JobStatus(
                    record.id().name(),
                    record.plan().sql(),
                    state(record),
                    record.code(),
                    record.reason(),
                    problem(),
                    counters(record).toProgress(),
                    address,
                    placements.moves().totals(),
                    reports.partitions(record.plan().stages(), state(record), course.isStarted(), restarts, placements),
                    course.isStarted() ? JobMembers.readerStatuses(record, placements, reports) : List.of());
        }
        return uncreated(JobState.STARTING);
    }

    /** What is known of a job that is not created yet; null if it is not being prepared either. */
    JobStatus uncreated(JobState state) {
        JobCommand.Run run = course.preparing();
        return run == null ? null
                : new JobStatus(
                        run.id().name(), run.plan().sql(), state, null, null, null, JobProgress.NONE, address,
                        Moves.NONE, List.of(), List.of());
    }
}
