// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.Savepoint;
import dev.millrace.cluster.protocol.SavepointCut;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.plan.Stage;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;

/** A savepoint that a job is taking: a shell around the rules of {@link SavepointCut}. */
final class SavepointTaking {
    /** What the job does when the savepoint is durable. */
    enum Then {
        GO_ON, STOP, ALTER
    }

    private static final Duration DEADLINE = Duration.ofSeconds(45);

    private final String unique = UUID.randomUUID().toString().replace("-", "");
    private final String name;
    private final Then then;
    private final Map<String, String> options;
    private final ActorRef<JobCommand.SavepointReply> replyTo;
    private final SavepointCut cut;
    private final long deadlineNanos = System.nanoTime() + DEADLINE.toNanos();
    private final Map<String, Long> bytes = new TreeMap<>();
    private boolean wentOn;

    private SavepointTaking(
            JobRecord record, String name, Then then, Map<String, String> options,
            ActorRef<JobCommand.SavepointReply> replyTo) {
        this.name = name;
        this.then = then;
        this.options = options;
        this.replyTo = replyTo;
        cut = new SavepointCut(JobMembers.inputAndOutputNames(record), partitions(record));
    }

    static SavepointTaking of(JobRecord record, JobCommand.TakeSavepoint take) {
        return new SavepointTaking(
                record, take.name(), take.stops() ? Then.STOP : Then.GO_ON, Map.of(), take.replyTo());
    }

    static SavepointTaking of(JobRecord record, JobCommand.Alter alter) {
        return new SavepointTaking(record, "", Then.ALTER, alter.options(), alter.replyTo());
    }

    private static Set<String> partitions(JobRecord record) {
        Set<String> partitions = new TreeSet<>();
        for (Stage stage : record.plan().stages()) {
            for (int index = 0; index < stage.partitions(); index++) {
                partitions.add(JobMembers.partition(stage.index(), index));
            }
        }
        return partitions;
    }

    void level(JobCommand.Level level) {
        cut.level(level.input(), level.position());
    }

    void frozen(JobCommand.Frozen frozen) {
        if (frozen.savepoint().equals(unique)) {
            String partition = JobMembers.partition(frozen.stage(), frozen.index());
            cut.frozen(partition);
            if (frozen.bytes() >= 0) {
                bytes.put(partition, frozen.bytes());
                cut.stored(partition);
            }
        }
    }

    void failed(JobCommand.FreezeFailed failed) {
        if (failed.savepoint().equals(unique)) {
            cut.refuse(failed.reason());
        }
    }

    /** Asks whom it waits for, again and again. */
    void ask(JobRecord record, JobMembers members) {
        if (System.nanoTime() - deadlineNanos >= 0) {
            cut.timeOut();
        }
        SavepointCut.Phase phase = cut.phase();
        if (cut.holdsReaders() || phase == SavepointCut.Phase.STORING && then != Then.GO_ON) {
            members.hold(record);
        } else if (!wentOn && (then == Then.GO_ON || phase == SavepointCut.Phase.REFUSED)) {
            wentOn = true;
            members.goOn(record);
        }
        if (phase == SavepointCut.Phase.LEVELLING) {
            members.drain(record, unique, cut.cut());
        }
        if (phase == SavepointCut.Phase.FREEZING || phase == SavepointCut.Phase.STORING) {
            members.freeze(record, unique, cut.cut());
        }
    }

    SavepointCut.Phase phase() {
        return cut.phase();
    }

    Then then() {
        return then;
    }

    /** The options that change with it. */
    Map<String, String> options() {
        return options;
    }

    Savepoint result(JobRecord record, long rowsRead) {
        return new Savepoint(
                record.id(), name, unique, System.currentTimeMillis(), record.plan(), record.splits(), cut.cut(),
                bytes.values().stream().mapToLong(Long::longValue).sum(), rowsRead, then == Then.STOP);
    }

    void replyTaken(Savepoint savepoint) {
        replyTo.tell(new JobCommand.SavepointReply(savepoint, null, null));
    }

    void replyRefused() {
        replyRefused(ErrorCode.SAVEPOINT_FAILED, cut.reason());
    }

    void replyRefused(ErrorCode code, String reason) {
        replyTo.tell(new JobCommand.SavepointReply(null, code, reason));
    }
}
