// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.deadletter;

import dev.millrace.cluster.message.DeadLetterCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.connectors.deadletter.DeadLetterFile;
import dev.millrace.connectors.deadletter.OnError;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.engine.connector.DeadLetterWriter;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Writes the bad records of all partitions of a node to where their tables want them, by default a file a table; one
 * actor a node, on a thread for waiting.
 */
public final class DeadLetters {
    private final Connectors connectors;
    private final Path directory;

    /** By file, so that tables with the same file share it. */
    private final Map<Path, DeadLetterWriter> files = new HashMap<>();

    /** By table, for tables with a place of their connector's own. */
    private final Map<TableDefinition, DeadLetterWriter> others = new HashMap<>();

    private DeadLetters(Connectors connectors, Path directory) {
        this.connectors = connectors;
        this.directory = directory;
    }

    /** @param directory where bad records go unless their table says otherwise */
    public static Behavior<DeadLetterCommand> create(Connectors connectors, Path directory) {
        return Behaviors.setup(_ -> {
            DeadLetters letters = new DeadLetters(connectors, directory);
            return Behaviors.receive(DeadLetterCommand.class)
                    .onMessage(DeadLetterCommand.Write.class, write -> {
                        letters.write(write);
                        return Behaviors.same();
                    })
                    .onSignal(PostStop.class, _ -> {
                        letters.files.values().forEach(DeadLetterWriter::close);
                        letters.others.values().forEach(DeadLetterWriter::close);
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    private void write(DeadLetterCommand.Write write) {
        try {
            DeadLetterWriter writer = writer(write.table());
            write.records().forEach(record -> writer.append(write.table().name(), write.split(), record));
            writer.flush();
            write.partition().tell(new PartitionCommand.DeadLettersWritten(write.records().size()));
        } catch (MillraceException e) {
            write.partition().tell(new PartitionCommand.OutputFailed(e.code(), e.getMessage()));
        }
    }

    private DeadLetterWriter writer(TableDefinition table) {
        DeadLetterWriter known = others.get(table);
        if (known != null) {
            return known;
        }
        DeadLetterWriter own = connectors.source(table).openDeadLetters(table);
        if (own != null) {
            others.put(table, own);
            return own;
        }
        String named = table.options().get(OnError.PATH_OPTION);
        Path path = named != null ? Path.of(named) : directory.resolve(table.name() + ".jsonl");
        return files.computeIfAbsent(path, DeadLetterFile::open);
    }
}
