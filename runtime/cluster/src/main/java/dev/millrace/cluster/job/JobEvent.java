// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.Counters;
import dev.millrace.cluster.message.InputSplits;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.protocol.RowRange;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.JobPlan;
import java.util.List;

/** What happened to a job, for ever. */
public sealed interface JobEvent {
    /** The query was planned and its splits resolved; neither changes any more. */
    record Created(JobId id, JobPlan plan, List<InputSplits> splits) implements JobEvent {}

    /** State is laid down for a generation; whether it succeeds or not, nobody else gets its number. */
    record Restoring(long generation) implements JobEvent {}

    /** The job goes on as another generation, from a savepoint: with other options, on other partitions. */
    record Restored(JobId id, JobPlan plan, List<InputSplits> splits) implements JobEvent {}

    /** A reader of an input got a number. */
    record ReaderNumbered(String input, long number) implements JobEvent {}

    /** The job runs (again), or another actor leads it: what one before that writes now is refused. */
    record Started() implements JobEvent {}

    /** All partitions have ended their epochs and stopped, because somebody asked. */
    record Stopped(Counters counters) implements JobEvent {}

    /** As {@link Stopped}, for a while. */
    record Paused(Counters counters) implements JobEvent {}

    /** New splits were found. */
    record SplitsAdded(List<InputSplits> splits) implements JobEvent {}

    /** The job is to go for ever: it never runs again, and what it has left behind is being erased. */
    record Dropping() implements JobEvent {}

    /** The job is gone for ever. */
    record Dropped() implements JobEvent {}

    /** All inputs have ended and all results have left. */
    record Finished(Counters counters) implements JobEvent {}

    /** A partition has broken down while these rows were under way. */
    record BrokeDown(int stage, int index, RowRange at, String reason) implements JobEvent {}

    /** A partition has a durable epoch behind all rows at which it broke down. */
    record Healed(int stage, int index) implements JobEvent {}

    /** The job can't go on; it keeps its state. */
    record Suspended(ErrorCode code, String reason) implements JobEvent {}
}
