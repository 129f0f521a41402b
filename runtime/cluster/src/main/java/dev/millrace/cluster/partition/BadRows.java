// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.deadletter.RowText;
import dev.millrace.cluster.message.DeadLetterCommand;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.PartitionSpec;
import dev.millrace.connectors.deadletter.OnError;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The bad records and failed rows of one partition: counted here, and written down, left out or fatal as the table's
 * option {@code on-error} says.
 */
final class BadRows {
    /** Records on their way to the dead letters at most; then the partition takes no more input. */
    private static final int PENDING_MAX = 4096;

    private final PartitionSpec spec;
    private final NodeContext node;
    private final ActorRef<PartitionCommand> self;
    private long count;
    private long sent;
    private long written;

    BadRows(PartitionSpec spec, NodeContext node, ActorRef<PartitionCommand> self) {
        this.spec = spec;
        this.node = node;
        this.self = self;
    }

    /** Takes bad records of an input. */
    void add(String inputName, List<BadRecord> records) {
        if (records.isEmpty()) {
            return;
        }
        count += records.size();
        TableDefinition table = spec.table(inputName);
        switch (OnError.of(table)) {
            case SKIP -> {
                // Counted is all that it shall be.
            }
            case FAIL -> {
                BadRecord first = records.getFirst();
                throw new MillraceException(
                        first.code(),
                        "table \"" + table.name() + "\", position " + first.position() + ": " + first.reason(),
                        "with 'on-error' = 'dead_letter' the job writes such records to a file and goes on");
            }
            case DEAD_LETTER -> {
                sent += records.size();
                node.deadLetters()
                        .tell(new DeadLetterCommand.Write(
                                table,
                                JobId.split(inputName),
                                records,
                                self));
            }
        }
    }

    /** Takes the rows of a batch that failed in an operator. */
    void addErrors(String inputName, RowErrors errors, Batch batch) {
        if (errors.isEmpty()) {
            return;
        }
        List<BadRecord> records = new ArrayList<>();
        for (RowErrors.RowError error : errors.take()) {
            byte[] text = RowText.of(batch, error.position(), spec.input(inputName).sent());
            records.add(new BadRecord(error.position(), text, error.code(), error.reason()));
        }
        add(inputName, records);
    }

    /** So many more records were written. */
    void written(int records) {
        written += records;
    }

    /** Records written since the start of the partition. */
    long written() {
        return written;
    }

    /** Records on their way or written since the start of the partition. */
    long sent() {
        return sent;
    }

    boolean hasRoom() {
        return sent - written < PENDING_MAX;
    }

    /** All bad records and failed rows so far. */
    long count() {
        return count;
    }

    /** Goes on counting from here after a restore. */
    void restore(long restoredCount) {
        count = restoredCount;
    }
}
