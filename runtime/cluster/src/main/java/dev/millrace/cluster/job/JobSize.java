// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.job;

import dev.millrace.cluster.message.InputSplits;
import dev.millrace.cluster.message.JobCommand;
import dev.millrace.engine.connector.Split;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.JobPlan;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.serialization.SerializationExtension;

/**
 * Whether what has to be told of a job fits the messages between nodes. What does not is never sent, which nobody would
 * see: so it is refused before the job is made, also on a node that is alone, to which others may come.
 */
public final class JobSize {
    /** Names, addresses and options around the plan. */
    private static final int ENVELOPE_BYTES = 64 << 10;

    /** A split in the list of all splits: its name and where it starts. */
    private static final int LISTED_BYTES = 100;

    private JobSize() {}

    /**
     * @param splits the splits of all inputs, where they are known
     * @throws MillraceException if it is too large ({@link ErrorCode#JOB_TOO_LARGE})
     */
    public static void check(ActorSystem<?> system, JobPlan plan, List<InputSplits> splits) {
        long frame = frame(system);
        long planBytes = planBytes(system, plan);
        if (planBytes + ENVELOPE_BYTES > frame) {
            throw new MillraceException(
                    ErrorCode.JOB_TOO_LARGE,
                    "the plan of the job has " + planBytes + " bytes; a message between nodes has " + frame,
                    "say it in several statements, or shorter");
        }
        for (InputSplits input : splits) {
            long listed = (long) input.splits().size() * LISTED_BYTES;
            for (Split split : input.splits()) {
                long bytes = planBytes + listed + bytes(split);
                if (bytes + ENVELOPE_BYTES > frame) {
                    throw new MillraceException(
                            ErrorCode.JOB_TOO_LARGE,
                            "what is to be said of a split and its files has " + bytes
                                    + " bytes; a message between nodes has " + frame,
                            "give the table more 'source.splits', or read fewer and larger files");
                }
            }
        }
    }

    /** Why a savepoint of the job could not be told of, which all splits and files stand in; null if it can. */
    static String whyNoSavepoint(ActorSystem<?> system, JobPlan plan, List<InputSplits> splits) {
        long bytes = planBytes(system, plan) + ENVELOPE_BYTES;
        for (InputSplits input : splits) {
            for (Split split : input.splits()) {
                bytes += bytes(split) + LISTED_BYTES;
            }
        }
        return bytes <= frame(system)
                ? null
                : "its list of files has " + bytes + " bytes; a message between nodes has " + frame(system);
    }

    private static long frame(ActorSystem<?> system) {
        return system.settings().config().getBytes("pekko.remote.artery.advanced.maximum-frame-size");
    }

    private static long planBytes(ActorSystem<?> system, JobPlan plan) {
        return SerializationExtension.get(system).serialize(new JobCommand.PlanReply(plan)).get().length;
    }

    private static long bytes(Split split) {
        return split.description().getBytes(StandardCharsets.UTF_8).length;
    }
}
