// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.Counters;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.LaneReport;
import dev.millrace.cluster.status.Backpressure;
import dev.millrace.cluster.status.HotKey;
import dev.millrace.cluster.status.JobState;
import dev.millrace.cluster.status.PartitionState;
import dev.millrace.cluster.status.PartitionStatus;
import dev.millrace.cluster.status.ReaderPace;
import dev.millrace.engine.plan.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What partitions and readers have last told of themselves. */
final class JobReports {
    private record PartitionName(int stage, int index) implements Comparable<PartitionName> {
        private static final Comparator<PartitionName> ORDER =
                Comparator.comparingInt(PartitionName::stage).thenComparingInt(PartitionName::index);

        @Override
        public int compareTo(PartitionName other) {
            return ORDER.compare(this, other);
        }
    }

    private record Report(Counters counters, long epoch, long watermark, String slowestInput, List<HotKey> hotKeys) {
        private static final Report NONE = new Report(Counters.NONE, 0, Long.MIN_VALUE, null, List.of());
    }

    private final Map<PartitionName, Report> partitions = new TreeMap<>();
    private final Set<PartitionName> ended = new HashSet<>();
    private final Set<PartitionName> atWork = new HashSet<>();
    private final Map<String, String> problems = new TreeMap<>();
    private final Map<String, JobCommand.ReaderReport> readers = new TreeMap<>();

    void put(JobCommand.PartitionReport report) {
        PartitionName name = new PartitionName(report.stage(), report.index());
        atWork.add(name);
        partitions.put(
                name,
                new Report(report.counters(), report.epoch(), report.watermark(), report.slowestInput(),
                        report.hotKeys()));
    }

    /** What a partition has done when it ends; one that was not there has nothing to tell. */
    void put(int stage, int index, Counters counters) {
        if (counters.equals(Counters.NONE)) {
            return;
        }
        partitions.merge(
                new PartitionName(stage, index),
                new Report(counters, 0, Long.MIN_VALUE, null, List.of()),
                (old, last) -> new Report(last.counters(), old.epoch(), old.watermark(), old.slowestInput(),
                        old.hotKeys()));
    }

    void put(JobCommand.Problem problem) {
        if (problem.problem() == null) {
            problems.remove(problem.who());
        } else {
            problems.put(problem.who(), problem.problem());
        }
    }

    void put(JobCommand.ReaderReport report) {
        readers.put(report.input(), report);
    }

    /** A partition has finished or stopped; gives how many have. */
    int end(int stage, int index) {
        // What it waited for when it stopped does not hold up the next start of it.
        problems.remove(JobMembers.partition(stage, index));
        ended.add(new PartitionName(stage, index));
        return ended.size();
    }

    boolean hasEnded(int stage, int index) {
        return ended.contains(new PartitionName(stage, index));
    }

    /** All partitions start, or stop. */
    void clearEnded() {
        ended.clear();
    }

    /** Other partitions take the place of all. */
    void forget() {
        partitions.clear();
        problems.clear();
        readers.clear();
    }

    /** All partitions and readers start: none has come so far that it works, or waits for something. */
    void clearAtWork() {
        atWork.clear();
        problems.clear();
        readers.clear();
    }

    /** A partition has failed: it is not at work any more. */
    void failed(int stage, int index) {
        PartitionName name = new PartitionName(stage, index);
        atWork.remove(name);
        ended.remove(name);
        problems.remove(JobMembers.partition(stage, index));
    }

    /** A reader has failed: what it waited for does not matter any more. */
    void failed(String input) {
        problems.remove(input);
        readers.remove(input);
    }

    /** Whether a partition has told since it was started that it works. */
    boolean isAtWork(int stage, int index) {
        return atWork.contains(new PartitionName(stage, index));
    }

    boolean isEmpty() {
        return partitions.isEmpty();
    }

    Counters total() {
        return partitions.values().stream().map(Report::counters).reduce(Counters.NONE, Counters::plus);
    }

    /** What holds the job up for now, or null. */
    String problem() {
        return problems.isEmpty() ? null : problems.values().iterator().next();
    }

    /**
     * The partitions, in order of stage and index.
     *
     * @param all all partitions of the job; those that have told nothing yet are listed only while the job runs
     * @param job where the job stands
     * @param started whether its partitions are there
     * @param placements where they are
     */
    List<PartitionStatus> partitions(
            List<Stage> all, JobState job, boolean started, Restarts restarts, Placements placements) {
        List<PartitionStatus> list = new ArrayList<>();
        long now = System.nanoTime();
        Map<PartitionName, Backpressure> backpressure = started ? backpressure() : Map.of();
        for (Stage stage : all) {
            for (int index = 0; index < stage.partitions(); index++) {
                PartitionName name = new PartitionName(stage.index(), index);
                String who = JobMembers.partition(stage.index(), index);
                Report report = partitions.getOrDefault(name, Report.NONE);
                if (started || report != Report.NONE || restarts.error(who) != null) {
                    list.add(new PartitionStatus(
                            stage.index(),
                            index,
                            report.counters().toProgress(),
                            report.epoch(),
                            report.watermark(),
                            report.slowestInput(),
                            state(name, job, started, restarts, who),
                            placements.node(who),
                            restarts.restarts(who),
                            restarts.waitMillis(who, now),
                            restarts.error(who),
                            backpressure.getOrDefault(name, Backpressure.NONE),
                            report.hotKeys()));
                }
            }
        }
        return list;
    }

    private Map<PartitionName, Backpressure> backpressure() {
        Map<PartitionName, Backpressure> all = new HashMap<>();
        for (JobCommand.ReaderReport reader : readers.values()) {
            for (LaneReport lane : reader.lanes()) {
                all.merge(new PartitionName(lane.stage(), lane.index()), lane.backpressure(), Backpressure::plus);
            }
        }
        return all;
    }

    /** How its partitions let the reader of an input read, as far as it has told. */
    ReaderPace pace(String input) {
        JobCommand.ReaderReport report = readers.get(input);
        return report == null ? ReaderPace.FREE : report.pace();
    }

    /** For how long they have kept it from reading, as far as it has told. */
    long heldUpMillis(String input) {
        JobCommand.ReaderReport report = readers.get(input);
        return report == null ? 0 : report.heldUpMillis();
    }

    private PartitionState state(
            PartitionName name, JobState job, boolean started, Restarts restarts, String who) {
        if (restarts.isSuspended(who)) {
            return PartitionState.SUSPENDED;
        } else if (!started) {
            return job == JobState.FINISHED ? PartitionState.FINISHED : PartitionState.STOPPED;
        } else if (restarts.isWaiting(who)) {
            return PartitionState.RESTARTING;
        } else if (ended.contains(name)) {
            return job == JobState.STOPPING ? PartitionState.STOPPED : PartitionState.FINISHED;
        }
        return atWork.contains(name) ? PartitionState.RUNNING : PartitionState.RECOVERING;
    }
}
