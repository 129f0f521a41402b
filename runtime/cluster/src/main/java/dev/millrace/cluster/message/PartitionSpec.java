// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.cluster.protocol.SplitList;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.Target;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * All that a partition must know to do its work. The job sends it again and again; only the first one counts.
 *
 * @param job the job
 * @param stage the stage with its operators and inputs
 * @param index number of the partition in the stage
 * @param splits the inputs of the stage
 * @param target where the last stage's rows go
 * @param client who takes the rows of a SELECT, or null
 * @param options the job's options
 * @param stateless whether nothing is kept of the partition beyond its actor (a nameless job)
 */
public record PartitionSpec(
        JobId job,
        Stage stage,
        int index,
        SplitList splits,
        Target target,
        ActorRef<ClientCommand> client,
        Map<String, String> options,
        boolean stateless) {
    /** The sharding entity of the partition. */
    public String entityId() {
        return job.partition(stage.index(), index);
    }
}
