// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.OptionalLong;

/**
 * The rules by which a partition's log is read at its start and kept small afterwards.
 *
 * <p>The log is a row of numbered slots: claims and epochs. The state lies in the epochs' portions; an image is a row of
 * portions that holds all of it. What a snapshot says is only where the newest complete image begins, and its number is
 * that of the slot before: so recovery replays exactly the image and what came after it.
 *
 * <p>First {@link #image}, if there is a snapshot, then {@link #started} and {@link #epoch} for each slot in order, then
 * {@link #claim}. From then on {@link #written} for each epoch that is durable.
 */
public class EpochLog {
    private static final long NONE = -1;

    private final String name;
    private long incarnation;
    /** The last generation that was begun with what the log holds, 0 if none was. */
    private long shutFor;
    private long lastEpoch;
    private long imageFirst = NONE;
    private long imageLast = NONE;

    /** While epochs are being written: the image begun last, and where it begins. */
    private long begunEpoch = NONE;
    private long begunSlot;

    /** The image that is complete and has no snapshot yet. */
    private Snapshot due;

    private long released;
    private long newestSnapshot = NONE;

    /**
     * A snapshot to be stored.
     *
     * @param number its number: that of the slot before the one with which the image begins
     * @param firstEpoch the epoch with which the image begins
     * @param lastEpoch the epoch that completes it
     */
    public record Snapshot(long number, long firstEpoch, long lastEpoch) {}

    /** @param name the partition's name, for errors */
    public EpochLog(String name) {
        this.name = name;
    }

    // ---- Reading

    /** There is a snapshot: an image that begins with one epoch and is complete with another. */
    public final void image(long number, long firstEpoch, long completingEpoch, long writer) {
        newestSnapshot = number;
        imageFirst = firstEpoch;
        imageLast = completingEpoch;
        lastEpoch = firstEpoch - 1;
        incarnation = Math.max(incarnation, writer);
    }

    /** A slot is a claim. */
    public final void started(long writer) {
        if (writer <= incarnation) {
            throw damaged("start " + writer + " stands behind start " + incarnation);
        }
        incarnation = writer;
    }

    /** A slot is a claim by which a generation of the job was begun with what the log holds. */
    public final void shut(long writer, long generation) {
        started(writer);
        shutFor = Math.max(shutFor, generation);
    }

    /** A slot is an epoch. */
    public final void epoch(long epoch, long writer, boolean begins) {
        if (!follows(epoch)) {
            throw damaged(
                    lastEpoch == 0 && imageFirst == NONE
                            ? "it begins with epoch " + epoch + " and there is no snapshot"
                            : "epoch " + (lastEpoch + 1) + " is missing before epoch " + epoch);
        }
        if (!begins && epoch == (imageFirst == NONE ? 1 : imageFirst)) {
            throw damaged("no image begins with its first epoch, " + epoch);
        }
        if (writer < incarnation) {
            throw damaged("start " + writer + " wrote epoch " + epoch + " behind start " + incarnation);
        }
        incarnation = Math.max(incarnation, writer);
        lastEpoch = epoch;
    }

    /** Whether an epoch stands behind the one before it. */
    protected boolean follows(long epoch) {
        return epoch == lastEpoch + 1;
    }

    /**
     * All slots were read.
     *
     * @param generation the last generation of which the job knows that it was begun
     * @return the incarnation with which the log is to be claimed; nothing may be done before that is durable
     * @throws MillraceException if the log has lost something, or was shut for a generation of which the job doesn't know
     */
    public final long claim(long generation) {
        if (!holdsImage()) {
            throw damaged("it ends with epoch " + lastEpoch + ", its snapshot tells of epoch " + imageLast);
        }
        if (!mayClaim(generation)) {
            throw new MillraceException(
                    ErrorCode.STATE_FENCED,
                    "generation " + shutFor + " of its job was begun with what partition " + name + " held", null);
        }
        incarnation++;
        return incarnation;
    }

    /** Whether the job knows of the generation for which the log was shut: then it goes on as it was. */
    protected boolean mayClaim(long generation) {
        return generation >= shutFor;
    }

    /** Whether the log holds all of the image that the snapshot tells of. */
    protected boolean holdsImage() {
        return lastEpoch >= imageLast;
    }

    /** The last epoch, 0 if there is none. */
    public final long lastEpoch() {
        return lastEpoch;
    }

    /** Number of this start; of the last one before the claim. */
    public final long incarnation() {
        return incarnation;
    }

    // ---- Keeping

    /**
     * An epoch is durable.
     *
     * @param slot the number of its slot
     * @param begins whether an image begins with it
     * @param completes whether the image that began last is complete with it
     */
    public final void written(long epoch, long slot, boolean begins, boolean completes) {
        lastEpoch = epoch;
        if (begins) {
            begunEpoch = epoch;
            begunSlot = slot;
        }
        if (completes && begunEpoch != NONE) {
            due = new Snapshot(begunSlot - 1, begunEpoch, epoch);
            begunEpoch = NONE;
        }
    }

    /** The rows of all epochs up to this one have left. */
    public final void released(long epoch) {
        released = Math.max(released, epoch);
    }

    /**
     * The snapshot that is to be stored now, or null. It waits until the rows of all epochs before it have left: they
     * would not be read any more.
     */
    public final Snapshot snapshot() {
        if (due == null || due.number() <= newestSnapshot || !haveLeft(due.firstEpoch() - 1)) {
            return null;
        }
        Snapshot now = due;
        due = null;
        return now;
    }

    /** Whether the rows of all epochs up to this one have left. */
    protected boolean haveLeft(long epoch) {
        return released >= epoch;
    }

    /**
     * A snapshot is stored.
     *
     * @return up to which slot the log may be deleted, and below which number snapshots: all that a restore from the
     *     snapshot before this one would not need
     */
    public OptionalLong stored(Snapshot snapshot) {
        long before = newestSnapshot;
        newestSnapshot = snapshot.number();
        return before > 0 ? OptionalLong.of(before) : OptionalLong.empty();
    }

    private MillraceException damaged(String what) {
        return new MillraceException(
                ErrorCode.STATE_DAMAGED, "the log of partition " + name + " is damaged: " + what,
                "restore the state directory from a copy");
    }
}
