// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.message;

import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/** What the dead letters of a node are told. */
public sealed interface DeadLetterCommand {
    /**
     * From a partition: records to write down.
     *
     * @param table the source table, which may say where its bad records go
     * @param split number of the split
     * @param records the records
     * @param partition who is told when they are written
     */
    record Write(
            TableDefinition table, int split, List<BadRecord> records,
            ActorRef<PartitionCommand> partition) implements DeadLetterCommand, LocalMessage {}
}
