// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.cluster.message.InputSplits;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.partition.EpochHeader;
import dev.millrace.cluster.protocol.InputVector;
import dev.millrace.cluster.protocol.Releases;
import dev.millrace.cluster.settings.JobOptions;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.operator.StateTransfer;
import dev.millrace.engine.plan.JobPlan;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.StageInput;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.upgrade.StageUpgrade;
import dev.millrace.engine.upgrade.StateMapping;
import dev.millrace.engine.upgrade.Upgrade;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lays a savepoint down as the beginning of the partitions' logs of another generation or another job, on any number of
 * partitions and for any plan that the state fits. The partitions then start as if they had written it themselves.
 */
final class Restore {
    private final Savepoint savepoint;
    private final JobId id;
    private final JobPlan plan;
    private final List<InputSplits> splits;
    private final ImageStore images;
    /** What the images of the savepoint say, by {@link JobMembers#partition}. */
    private final Map<String, EpochHeader> copies = new TreeMap<>();

    private Restore(Savepoint savepoint, JobId id, JobPlan plan, List<InputSplits> splits, ImageStore images) {
        this.savepoint = savepoint;
        this.id = id;
        this.plan = plan;
        this.splits = splits;
        this.images = images;
    }

    /**
     * Does it; waits until all is durable.
     *
     * @param id whose logs are written; nobody has ever had its generation
     * @param plan its plan
     * @param splits its splits
     * @param allowLoss whether state that does not fit the plan may be left out
     * @return what the images say that were used, by {@link JobMembers#partition}
     * @throws dev.millrace.engine.error.MillraceException if something would be lost, or stored state is damaged
     */
    static Map<String, EpochHeader> run(Savepoint savepoint, JobId id, JobPlan plan, List<InputSplits> splits,
            boolean allowLoss, ImageStore images) {
        Upgrade upgrade = Upgrade.of(savepoint.plan(), plan);
        if (!allowLoss) {
            upgrade.requireNothingLost();
        }
        Restore restore = new Restore(savepoint, id, plan, splits, images);
        for (StageUpgrade stage : upgrade.stages()) {
            if (stage.before() != StateMapping.NONE) {
                restore.stage(stage);
            }
        }
        return restore.copies;
    }

    private void stage(StageUpgrade upgrade) {
        Stage before = savepoint.plan().stages().get(upgrade.before());
        Stage after = plan.stages().get(upgrade.stage());
        Map<String, String> names = inputNames(upgrade);
        StateTransfer transfer = new StateTransfer(
                before, JobOptions.pipeline(savepoint.plan().options()), after, JobOptions.pipeline(plan.options()),
                upgrade, name -> names.getOrDefault(name, name));
        InputVector inputs = InputVector.EMPTY;
        long rowsRead = 0;
        long rowsWritten = 0;
        long badRecords = 0;
        for (int index = 0; index < before.partitions(); index++) {
            EpochCommitted image = images.read(savepoint.log(before.index(), index));
            transfer.take(List.of(new StateReader(Arrays.asList(image.state()))));
            EpochHeader header = EpochHeader.read(image.header());
            copies.put(JobMembers.partition(before.index(), index), header);
            // At the cut it is the same in all partitions.
            inputs = header.inputs();
            rowsRead += header.rowsRead();
            rowsWritten += header.rowsWritten();
            badRecords += header.badRecords();
        }
        InputVector renamed = vector(inputs, names);
        List<List<byte[]>> states = transfer.finish();
        for (int index = 0; index < states.size(); index++) {
            // Counters have no key; they go on in one partition.
            EpochHeader header = index == 0
                    ? new EpochHeader(renamed, Releases.UNKNOWN, rowsRead, rowsWritten, badRecords, false)
                    : new EpochHeader(renamed, Releases.UNKNOWN, 0, 0, 0, false);
            images.write(
                    id.partition(after.index(), index),
                    new EpochCommitted(
                            1, 1, true, true, header.toByteArray(), states.get(index).toArray(byte[][]::new),
                            new byte[0][]));
        }
    }

    /** By name of an input before, its name now: of all splits that both have. */
    private Map<String, String> inputNames(StageUpgrade upgrade) {
        Map<String, String> names = new HashMap<>();
        for (int input = 0; input < upgrade.inputs().size(); input++) {
            int inputBefore = upgrade.inputs().get(input);
            if (inputBefore == StateMapping.NONE
                    || plan.stages().get(upgrade.stage()).inputs().get(input) instanceof StageInput) {
                continue;
            }
            SourceGroup groupBefore = SourceGroup.of(savepoint.plan(), upgrade.before(), inputBefore);
            SourceGroup group = SourceGroup.of(plan, upgrade.stage(), input);
            for (Split before : JobRecord.splits(savepoint.splits(), groupBefore)) {
                for (Split now : JobRecord.splits(splits, group)) {
                    if (now.description().equals(before.description())) {
                        names.put(JobRecord.inputName(groupBefore, before), JobRecord.inputName(group, now));
                    }
                }
            }
        }
        return names;
    }

    /**
     * Where the inputs stand, under their names of now. The split list of the job says which there are besides: outputs of
     * stages have been read to their ends, and begin anew.
     */
    private static InputVector vector(InputVector before, Map<String, String> names) {
        List<InputVector.Entry> entries = new ArrayList<>();
        for (InputVector.Entry entry : before.inputs()) {
            String name = names.get(entry.input());
            if (name != null) {
                entries.add(new InputVector.Entry(name, entry.standing()));
            }
        }
        return new InputVector(0, before.watermark(), entries);
    }
}
