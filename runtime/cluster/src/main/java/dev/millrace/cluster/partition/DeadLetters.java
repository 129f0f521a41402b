// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.message.DeadLetterCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.connectors.deadletter.DeadLetterFile;
import dev.millrace.engine.error.MillraceException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Writes the bad records of all partitions of a node to files; one actor a node, on a thread for waiting. */
public final class DeadLetters {
    private final Map<Path, DeadLetterFile> files = new HashMap<>();

    private DeadLetters() {}

    public static Behavior<DeadLetterCommand> create() {
        return Behaviors.setup(_ -> {
            DeadLetters letters = new DeadLetters();
            return Behaviors.receive(DeadLetterCommand.class)
                    .onMessage(DeadLetterCommand.Write.class, write -> {
                        letters.write(write);
                        return Behaviors.same();
                    })
                    .onSignal(PostStop.class, _ -> {
                        letters.files.values().forEach(DeadLetterFile::close);
                        return Behaviors.same();
                    })
                    .build();
        });
    }

    private void write(DeadLetterCommand.Write write) {
        try {
            DeadLetterFile file = files.computeIfAbsent(Path.of(write.path()), DeadLetterFile::open);
            write.records().forEach(record -> file.append(write.table(), write.split(), record));
            file.flush();
            write.partition().tell(new PartitionCommand.DeadLettersWritten(write.records().size()));
        } catch (MillraceException e) {
            write.partition().tell(new PartitionCommand.OutputFailed(e.code(), e.getMessage()));
        }
    }
}
