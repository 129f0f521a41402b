// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.cluster.message.DeadLetterCommand;
import dev.millrace.connectors.deadletter.OnError;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.plan.TableDefinition;
import java.nio.file.Path;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What the actors of a node share.
 *
 * @param entities how jobs, readers and partitions are found
 * @param connectors the connectors
 * @param deadLetters who writes bad records
 * @param deadLetterDirectory where bad records go unless their table says otherwise
 */
public record NodeContext(
        Entities entities, Connectors connectors, ActorRef<DeadLetterCommand> deadLetters, Path deadLetterDirectory) {
    /** Name of the dispatcher for work that waits for a disk or a terminal. */
    public static final String BLOCKING = "millrace.dispatchers.blocking";

    /** Name of the dispatcher of partitions and readers. */
    public static final String WORK = "millrace.dispatchers.work";

    /** The file for bad records of a table. */
    public Path deadLetterPath(TableDefinition table) {
        String path = table.options().get(OnError.PATH_OPTION);
        return path != null ? Path.of(path) : deadLetterDirectory.resolve(table.name() + ".jsonl");
    }
}
