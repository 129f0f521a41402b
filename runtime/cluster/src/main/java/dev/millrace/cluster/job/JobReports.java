// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.PartitionStatus;
import dev.millrace.cluster.message.Counters;
import dev.millrace.cluster.message.JobCommand;
import java.util.Comparator;
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

    private record Report(Counters counters, long epoch, long watermark, String slowestInput) {}

    private final Map<PartitionName, Report> partitions = new TreeMap<>();
    private final Set<PartitionName> ended = new HashSet<>();
    private final Map<String, String> problems = new TreeMap<>();

    void put(JobCommand.PartitionReport report) {
        partitions.put(
                new PartitionName(report.stage(), report.index()),
                new Report(report.counters(), report.epoch(), report.watermark(), report.slowestInput()));
    }

    /** What a partition has done when it ends. */
    void put(int stage, int index, Counters counters) {
        partitions.merge(
                new PartitionName(stage, index),
                new Report(counters, 0, Long.MIN_VALUE, null),
                (old, last) -> new Report(last.counters(), old.epoch(), old.watermark(), old.slowestInput()));
    }

    void put(JobCommand.Problem problem) {
        if (problem.problem() == null) {
            problems.remove(problem.who());
        } else {
            problems.put(problem.who(), problem.problem());
        }
    }

    /** A partition has finished or stopped; gives how many have. */
    int end(int stage, int index) {
        ended.add(new PartitionName(stage, index));
        return ended.size();
    }

    void clearEnded() {
        ended.clear();
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

    List<PartitionStatus> partitions() {
        return partitions.entrySet().stream()
                .map(entry -> new PartitionStatus(
                        entry.getKey().stage(),
                        entry.getKey().index(),
                        entry.getValue().counters().toProgress(),
                        entry.getValue().epoch(),
                        entry.getValue().watermark(),
                        entry.getValue().slowestInput()))
                .toList();
    }
}
