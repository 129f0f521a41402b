// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.cluster.protocol.Breakdowns;
import dev.millrace.cluster.protocol.SplitList;
import dev.millrace.engine.plan.Input;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.plan.Target;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * All that a partition must know to do its work. The job sends it again and again; only the first one counts.
 *
 * @param job the job
 * @param lastGeneration the last of the job's generations that was ever begun: its own one, unless others have failed
 * @param stage the stage with its operators and inputs
 * @param index number of the partition in the stage
 * @param splits the inputs of the stage
 * @param inputPrefixes by number of the stage's input what the names of its splits begin with
 * @param tables by number of the stage's input the table that its rows are of: it says what becomes of bad ones
 * @param target where the stage's rows go
 * @param readers the stages that read its output
 * @param client who takes the rows of a SELECT, or null
 * @param options the job's options
 * @param breakdowns the rows that it is to take with care, or to leave out, because it broke down at them
 * @param stateless whether nothing is kept of the partition beyond its actor (a nameless job)
 */
public record PartitionSpec(
        JobId job,
        long lastGeneration,
        Stage stage,
        int index,
        SplitList splits,
        List<String> inputPrefixes,
        List<TableDefinition> tables,
        Target target,
        List<StageBranch> readers,
        ActorRef<ClientCommand> client,
        Map<String, String> options,
        Breakdowns breakdowns,
        boolean stateless) {
    public PartitionSpec {
        inputPrefixes = List.copyOf(inputPrefixes);
        tables = List.copyOf(tables);
        readers = List.copyOf(readers);
    }

    /** The input of the stage that a split belongs to. */
    public Input input(String inputName) {
        return stage.inputs().get(number(inputName));
    }

    /** The table that the rows of an input are of. */
    public TableDefinition table(String inputName) {
        return tables.get(number(inputName));
    }

    private int number(String inputName) {
        for (int i = 0; i < inputPrefixes.size(); i++) {
            if (inputName.startsWith(inputPrefixes.get(i))) {
                return i;
            }
        }
        throw new IllegalStateException("no input " + inputName);
    }

    /** The sharding entity of the partition. */
    public String entityId() {
        return job.partition(stage.index(), index);
    }
}
