// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.PartitionSpec;
import dev.millrace.cluster.message.ReaderBranch;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.ReaderSpec;
import dev.millrace.cluster.message.StageBranch;
import dev.millrace.cluster.settings.JobOptions;
import dev.millrace.cluster.status.ReaderStatus;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.plan.Input;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/** The partitions and readers of a job: tells them what they are, and when to stop. */
final class JobMembers {
    private final NodeContext node;
    private final ActorRef<JobCommand> job;
    private final boolean stateless;

    /** @param stateless whether the job leaves nothing behind */
    JobMembers(NodeContext node, ActorRef<JobCommand> job, boolean stateless) {
        this.node = node;
        this.job = job;
        this.stateless = stateless;
    }

    /** The name of a partition as people see it. */
    static String partition(int stage, int index) {
        return "partition " + stage + "/" + index;
    }

    /** The name of an input's reader as people see it. */
    static String reader(String input) {
        return "reader " + input;
    }

    /** Number of partitions over all stages. */
    static int partitions(JobRecord record) {
        return record.plan().stages().stream().mapToInt(Stage::partitions).sum();
    }

    /**
     * Tells all of them what they are; may be repeated at will.
     *
     * @param client who takes the rows of a SELECT, or null
     * @param first whether this is the first time since the job started
     * @param wanted who of them is told, by name
     */
    void assign(
            JobRecord record, ActorRef<ClientCommand> client, boolean first, Predicate<String> wanted) {
        for (Stage stage : record.plan().stages()) {
            for (int index = 0; index < stage.partitions(); index++) {
                String name = partition(stage.index(), index);
                if (!wanted.test(name)) {
                    continue;
                }
                PartitionSpec spec = new PartitionSpec(
                        record.id(),
                        record.generation(),
                        stage,
                        index,
                        record.splitList(stage.index()),
                        record.inputPrefixes(stage),
                        stage.inputs().stream().map(record.plan()::table).toList(),
                        record.plan().target(stage),
                        readersOf(record, stage),
                        client,
                        record.plan().options(),
                        record.breakdowns(name),
                        stateless);
                node.entities()
                        .partition(record.id(), stage.index(), index)
                        .tell(new PartitionCommand.Assign(spec, job, first));
            }
        }
        for (ReaderSpec spec : readers(record)) {
            if (wanted.test(reader(spec.inputName()))) {
                node.entities().reader(record.id(), spec.inputName()).tell(new ReaderCommand.Assign(spec, job));
            }
        }
    }

    private static List<StageBranch> readersOf(JobRecord record, Stage stage) {
        List<StageBranch> branches = new ArrayList<>();
        for (Stage reader : record.plan().readers(stage)) {
            for (Input input : reader.inputs()) {
                if (input instanceof StageInput read && read.stage() == stage.index()) {
                    branches.add(new StageBranch(reader.index(), read, reader.partitions()));
                }
            }
        }
        return branches;
    }

    /**
     * Stops all of them; may be repeated at will.
     *
     * @param keepState whether partitions end their epoch and make it durable first
     */
    void stop(JobRecord record, boolean keepState) {
        for (ReaderSpec spec : readers(record)) {
            node.entities().reader(record.id(), spec.inputName()).tell(new ReaderCommand.Stop());
        }
        for (Stage stage : record.plan().stages()) {
            for (int index = 0; index < stage.partitions(); index++) {
                node.entities()
                        .partition(record.id(), stage.index(), index)
                        .tell(new PartitionCommand.Stop(stage.index(), index, keepState, job));
            }
        }
    }

    /** Names of all inputs. */
    static List<String> inputNames(JobRecord record) {
        return readers(record).stream().map(ReaderSpec::inputName).toList();
    }

    /** Names of all inputs, and of the outputs that later stages read. */
    static Set<String> inputAndOutputNames(JobRecord record) {
        Set<String> names = new TreeSet<>(inputNames(record));
        for (Stage stage : record.plan().stages()) {
            for (int index = 0; index < stage.partitions() && !record.plan().readers(stage).isEmpty(); index++) {
                names.add(JobId.output(stage.index(), index));
            }
        }
        return names;
    }

    /**
     * Asks the partitions whose output later stages read to end it behind a cut, and to say where, as far as it is known
     * where their own inputs are cut; to be repeated.
     */
    void drain(JobRecord record, String savepoint, Map<String, Long> cut) {
        for (Stage stage : record.plan().stages()) {
            boolean known = record.splitList(stage.index()).splits().stream()
                    .allMatch(split -> cut.containsKey(split.input()));
            for (int index = 0; index < stage.partitions() && known; index++) {
                String output = JobId.output(stage.index(), index);
                if (!record.plan().readers(stage).isEmpty() && !cut.containsKey(output)) {
                    node.entities().partition(record.id(), stage.index(), index)
                            .tell(new PartitionCommand.Drain(savepoint, cut, job));
                }
            }
        }
    }

    /** Lets the readers read nothing new and say where they stand; to be repeated. */
    void hold(JobRecord record) {
        inputNames(record)
                .forEach(input -> node.entities().reader(record.id(), input).tell(new ReaderCommand.Hold(job)));
    }

    /** Lets the readers go on. */
    void goOn(JobRecord record) {
        inputNames(record).forEach(input -> node.entities().reader(record.id(), input).tell(new ReaderCommand.GoOn()));
    }

    /** Lets the partitions copy and store their state at a cut; to be repeated. */
    void freeze(JobRecord record, String savepoint, Map<String, Long> cut) {
        PartitionCommand.Freeze freeze = new PartitionCommand.Freeze(savepoint, cut, job);
        for (Stage stage : record.plan().stages()) {
            for (int index = 0; index < stage.partitions(); index++) {
                node.entities().partition(record.id(), stage.index(), index).tell(freeze);
            }
        }
    }

    /** The readers as an operator sees them. */
    static List<ReaderStatus> readerStatuses(JobRecord record, Placements placements, JobReports reports) {
        return readers(record).stream()
                .map(spec -> new ReaderStatus(
                        spec.inputName(), spec.table().name(), JobId.split(spec.inputName()),
                        placements.node(reader(spec.inputName())), reports.pace(spec.inputName()),
                        reports.heldUpMillis(spec.inputName())))
                .toList();
    }

    private static List<ReaderSpec> readers(JobRecord record) {
        List<ReaderSpec> specs = new ArrayList<>();
        for (SourceGroup group : SourceGroup.of(record.plan())) {
            List<ReaderBranch> branches = group.members().stream()
                    .map(member -> new ReaderBranch(
                            member.stage(),
                            SourceGroup.source(record.plan(), member),
                            record.plan().stages().get(member.stage()).partitions(),
                            record.plan().stages().get(member.stage()).combinedFor()))
                    .toList();
            for (Split split : record.splits(group)) {
                specs.add(new ReaderSpec(record.id(), JobRecord.inputName(group, split), split, branches,
                        JobOptions.isolates(record.plan().options())));
            }
        }
        return specs;
    }
}
