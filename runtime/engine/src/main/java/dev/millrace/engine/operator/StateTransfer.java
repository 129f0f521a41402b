// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.state.Routes;
import dev.millrace.engine.state.Share;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.upgrade.StageUpgrade;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Makes the state of the partitions of a stage out of a savepoint: of all partitions before, of which there may have been
 * more or fewer, and whose plan may have been another. Each group goes to the partition that its key is routed to now.
 *
 * <p>All partitions before stand at one cut: they have taken the same rows of the inputs, told all watermarks and given all
 * results, coalesced changes included. Memory holds one of them at a time, and all that are made.
 *
 * <p>What is kept without a key: the watermark is the same in all partitions; counters of a partition go to one of the new
 * ones; a global group stands in the only partition of its stage.
 */
public final class StateTransfer {
    private final Stage before;
    private final PipelineOptions optionsBefore;
    private final StageUpgrade upgrade;
    private final List<Pipeline> made = new ArrayList<>();
    private final UnaryOperator<String> inputNames;
    private int taken;

    /**
     * @param before the stage that the savepoint is of; null if there was none: then there is nothing to take
     * @param optionsBefore its options, as its partitions had them
     * @param after the stage now, with as many partitions as are to be made
     * @param optionsAfter its options
     * @param upgrade where the stage finds its state
     * @param inputNames the names that inputs have now, by those they had before
     */
    public StateTransfer(
            Stage before,
            PipelineOptions optionsBefore,
            Stage after,
            PipelineOptions optionsAfter,
            StageUpgrade upgrade,
            UnaryOperator<String> inputNames) {
        this.before = before;
        this.optionsBefore = optionsBefore;
        this.upgrade = upgrade;
        this.inputNames = inputNames;
        for (int partition = 0; partition < after.partitions(); partition++) {
            made.add(pipeline(after, optionsAfter, partition));
        }
    }

    private static Pipeline pipeline(Stage stage, PipelineOptions options, int partition) {
        return Pipeline.of(
                stage.inputs().getFirst().sent(), stage.steps(),
                options.withHashedColumns(stage.inputs().getFirst().exchange().keys()).withPartition(partition));
    }

    /**
     * Takes the state of the next partition before; the order is theirs.
     *
     * @param portions a row of portions, from one with which an image begins, in order
     */
    public void take(Iterable<StateReader> portions) {
        try (Pipeline source = pipeline(before, optionsBefore, taken)) {
            portions.forEach(source::restorePortion);
            source.restored();
            Routes routes = new Routes(made.size());
            for (int i = 0; i < made.size(); i++) {
                made.get(i).absorb(source, taken, upgrade.operators(), new Share(i, routes, inputNames));
            }
        }
        taken++;
    }

    /**
     * The state of the partitions that were made, in order: of each one portion that is a whole image. The transfer must
     * not be used any more.
     */
    public List<List<byte[]>> finish() {
        List<List<byte[]>> images = new ArrayList<>();
        while (!made.isEmpty()) {
            try (Pipeline pipeline = made.removeFirst()) {
                pipeline.absorbed(upgrade.operators());
                StateWriter out = new StateWriter();
                if (!pipeline.savePortion(out, true, Long.MAX_VALUE)) {
                    throw new IllegalStateException("a portion with all state is no whole image");
                }
                images.add(out.finish());
            }
        }
        return images;
    }
}
