// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.Counters;
import dev.millrace.cluster.message.InputSplits;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.protocol.Breakdowns;
import dev.millrace.cluster.protocol.SplitList;
import dev.millrace.cluster.status.JobState;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.Input;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A job as its events tell it.
 *
 * @param id the job's id, null before it was created
 * @param plan the plan
 * @param splits the splits of all inputs
 * @param generation the highest number of a generation that was ever begun
 * @param splitsVersion counts the changes of the splits, from 1
 * @param readers the highest number given to a reader, by input
 * @param breakdowns where partitions broke down, by {@link JobMembers#partition}
 * @param state where the job stands: CREATED, RUNNING, PAUSED, STOPPED, FINISHED, FAILED, or STOPPING while it is dropped
 * @param counters what it had done when it stopped or finished
 * @param code kind of failure, or null
 * @param reason why it failed, or null
 */
record JobRecord(
        JobId id,
        long generation,
        JobPlan plan,
        List<InputSplits> splits,
        long splitsVersion,
        Map<String, Long> readers,
        Map<String, Breakdowns> breakdowns,
        JobState state,
        Counters counters,
        ErrorCode code,
        String reason) {
    static final JobRecord EMPTY =
            new JobRecord(null, 0, null, List.of(), 0, Map.of(), Map.of(), JobState.CREATED, Counters.NONE, null, null);

    /** After a job was dropped: its id is never used again. */
    private static final JobRecord DROPPED =
            new JobRecord(null, 0, null, List.of(), 0, Map.of(), Map.of(), JobState.STOPPED, Counters.NONE, null, null);

    boolean isCreated() {
        return id != null;
    }

    boolean isDropped() {
        return this == DROPPED;
    }

    JobRecord after(JobEvent event) {
        return switch (event) {
            case JobEvent.Created created ->
                    new JobRecord(
                            created.id(),
                            Math.max(generation, created.id().generation()),
                            created.plan(),
                            created.splits(),
                            1,
                            Map.of(),
                            Map.of(),
                            JobState.RUNNING,
                            Counters.NONE,
                            null,
                            null);
            case JobEvent.Restoring restoring ->
                    new JobRecord(
                            id, restoring.generation(), plan, splits, splitsVersion, readers, breakdowns, state,
                            counters, code, reason);
            case JobEvent.Restored restored ->
                    new JobRecord(
                            restored.id(), generation, restored.plan(), restored.splits(), 1, Map.of(), Map.of(),
                            JobState.RUNNING, counters, null, null);
            case JobEvent.ReaderNumbered numbered -> {
                Map<String, Long> numbers = new HashMap<>(readers);
                numbers.put(numbered.input(), numbered.number());
                yield new JobRecord(
                        id, generation, plan, splits, splitsVersion, numbers, breakdowns, state, counters, code,
                        reason);
            }
            case JobEvent.Started _ -> in(JobState.RUNNING, counters, null, null);
            case JobEvent.Stopped stopped -> in(JobState.STOPPED, stopped.counters(), null, null);
            case JobEvent.Paused paused -> in(JobState.PAUSED, paused.counters(), null, null);
            case JobEvent.SplitsAdded added ->
                    new JobRecord(
                            id,
                            generation,
                            plan,
                            added.splits(),
                            splitsVersion + 1,
                            readers,
                            breakdowns,
                            state,
                            counters,
                            code,
                            reason);
            case JobEvent.BrokeDown down -> {
                String partition = JobMembers.partition(down.stage(), down.index());
                yield with(partition, breakdowns(partition).after(down.at(), down.reason()));
            }
            case JobEvent.Healed healed ->
                    with(JobMembers.partition(healed.stage(), healed.index()), Breakdowns.NONE);
            case JobEvent.Dropping _ -> in(JobState.STOPPING, counters, null, null);
            case JobEvent.Dropped _ -> DROPPED;
            case JobEvent.Finished finished -> in(JobState.FINISHED, finished.counters(), null, null);
            case JobEvent.Suspended suspended -> in(JobState.FAILED, counters, suspended.code(), suspended.reason());
        };
    }

    private JobRecord in(JobState next, Counters nextCounters, ErrorCode nextCode, String nextReason) {
        return new JobRecord(
                id, generation, plan, splits, splitsVersion, readers, breakdowns, next, nextCounters, nextCode,
                nextReason);
    }

    private JobRecord with(String partition, Breakdowns now) {
        Map<String, Breakdowns> all = new HashMap<>(breakdowns);
        if (now.isNone()) {
            all.remove(partition);
        } else {
            all.put(partition, now);
        }
        return new JobRecord(
                id, generation, plan, splits, splitsVersion, readers, all, state, counters, code, reason);
    }

    /** Where a partition broke down since its last healthy checkpoint. */
    Breakdowns breakdowns(String partition) {
        return breakdowns.getOrDefault(partition, Breakdowns.NONE);
    }

    /** The inputs of a stage, for its partitions. */
    SplitList splitList(int stage) {
        List<SplitList.Split> listed = new ArrayList<>();
        for (SourceGroup group : SourceGroup.of(plan)) {
            if (group.members().stream().anyMatch(member -> member.stage() == stage)) {
                for (Split split : splits(group)) {
                    listed.add(new SplitList.Split(inputName(group, split), split.start()));
                }
            }
        }
        for (Input input : plan.stages().get(stage).inputs()) {
            if (input instanceof StageInput before) {
                for (int index = 0; index < plan.stages().get(before.stage()).partitions(); index++) {
                    listed.add(new SplitList.Split(JobId.output(before.stage(), index), 0));
                }
            }
        }
        return new SplitList(splitsVersion, listed);
    }

    /** By number of a stage's input what the names of its splits begin with. */
    List<String> inputPrefixes(Stage stage) {
        List<SourceGroup> groups = SourceGroup.of(plan);
        List<String> prefixes = new ArrayList<>();
        for (int input = 0; input < stage.inputs().size(); input++) {
            if (stage.inputs().get(input) instanceof StageInput before) {
                prefixes.add(JobId.outputPrefix(before.stage()));
            }
            for (SourceGroup group : groups) {
                if (group.contains(stage.index(), input)) {
                    prefixes.add(JobId.inputPrefix(group.leader().stage(), group.leader().input()));
                }
            }
        }
        return prefixes;
    }

    /** The splits of a group of inputs. */
    List<Split> splits(SourceGroup group) {
        return splits(splits, group);
    }

    /** The splits of a group of inputs, among those of all. */
    static List<Split> splits(List<InputSplits> all, SourceGroup group) {
        SourceGroup.Member leader = group.leader();
        return all.stream()
                .filter(input -> input.stage() == leader.stage() && input.input() == leader.input())
                .flatMap(input -> input.splits().stream())
                .toList();
    }

    /** The name of an input: one split for all stages that share its reader. */
    static String inputName(SourceGroup group, Split split) {
        return JobId.input(group.leader().stage(), group.leader().input(), split.index());
    }
}
