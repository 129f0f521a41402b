// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.cluster.protocol.EpochNumbers;
import dev.millrace.cluster.protocol.EpochTimes;
import dev.millrace.cluster.protocol.Images;
import dev.millrace.cluster.settings.EpochSettings;
import dev.millrace.engine.operator.Pipeline;
import dev.millrace.engine.state.ChunkPool;
import dev.millrace.engine.state.StateWriter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The epochs of one partition: when one ends, and how far the last ones are on their way to be durable.
 *
 * <pre>
 *   changed ──interval──▶ due ──end──▶ waiting for what has to leave before ──keep──▶ being stored ──kept──▶ durable
 * </pre>
 *
 * <p>An epoch that is being stored doesn't hold up the next one; a few may be on their way.
 */
final class Epochs {
    private final ActorRef<Object> keeper;
    private final ChunkPool chunks;
    private final EpochSettings settings;
    private final EpochTimes times;
    private final boolean unstored;
    private final long incarnation;
    private final Images images;
    private final BooleanSupplier allowed;
    private final EpochNumbers numbers;
    private boolean changed;
    private boolean progressed;
    private boolean due;
    private long nextEndNanos;
    private long soonNanos;
    private long lastEndNanos;
    private Keeper.Keep waiting;
    /** Those that the keeper has and that are not durable. */
    private final ArrayDeque<EpochCommitted> storing = new ArrayDeque<>();
    private long outputNumber;
    private long badNumber;

    /**
     * @param keeper who stores epochs, or null if nothing is stored
     * @param chunks for what is written of the state
     * @param times when epochs end
     * @param unstored whether epochs end though nothing is stored: what they give is as good as durable at once
     * @param often how many epochs may end in an interval, because others wait for them
     * @param incarnation number of this start of the partition
     * @param restored what the log held
     * @param allowed whether the output allows that epochs end
     */
    Epochs(
            ActorRef<Object> keeper,
            ChunkPool chunks,
            EpochSettings settings,
            EpochTimes times,
            boolean unstored,
            int often,
            long incarnation,
            Restoring restored,
            BooleanSupplier allowed) {
        this.keeper = keeper;
        this.chunks = chunks;
        this.settings = settings;
        this.times = times;
        this.unstored = unstored;
        this.incarnation = incarnation;
        this.allowed = allowed;
        images = new Images(restored.epochs(), restored.bytes(), often);
        numbers = new EpochNumbers(restored.epoch(), settings.inFlightMax());
        lastEndNanos = System.nanoTime();
        nextEndNanos = times.next(lastEndNanos, 0);
        soonNanos = lastEndNanos;
    }

    /** The state has changed since the last epoch. */
    void changed() {
        changed = true;
    }

    /** Only positions and watermarks have moved since the last epoch. */
    void progressed() {
        progressed = true;
    }

    /** The epoch is to end as soon as it may. */
    void hurry() {
        changed = true;
        due = true;
    }

    /**
     * Time has passed.
     *
     * @param wanted whether the output wants an epoch to end though nothing has changed
     */
    void tick(long nowNanos, boolean wanted) {
        boolean idle = progressed && nowNanos - lastEndNanos >= settings.idleInterval().toNanos();
        due |= wanted || idle || changed && nowNanos - nextEndNanos >= 0;
    }

    /** Somebody waits for the end of the epoch: it ends soon after the last one, as soon as that is durable. */
    void soon(long nowNanos) {
        due |= numbers.isDurable() && nowNanos - soonNanos >= 0;
    }

    boolean isDue() {
        return due && mayEnd();
    }

    /** Whether an epoch may end: not too many are on their way. */
    boolean mayEnd() {
        return (keeper != null || unstored) && waiting == null && numbers.mayEnd() && allowed.getAsBoolean();
    }

    /** Whether nothing is stored, and epochs end all the same. */
    boolean areUnstored() {
        return unstored;
    }

    /** Whether the last epoch has ended, but not what must leave before it has left. */
    boolean isWaiting() {
        return waiting != null;
    }

    /** The output number that must have left before the waiting epoch may be stored. */
    long outputNumber() {
        return outputNumber;
    }

    /** The number of bad records that must have been written before the waiting epoch may be stored. */
    long badNumber() {
        return badNumber;
    }

    /**
     * Ends the epoch: takes from the operators what has changed.
     *
     * @param rows the rows that leave when it is durable
     */
    void end(EpochHeader header, Pipeline pipeline, List<byte[]> rows, long outputSent, long badSent) {
        long start = System.nanoTime();
        long epoch = numbers.end();
        if (unstored) {
            numbers.kept(epoch);
        } else {
            store(epoch, header, pipeline, rows);
        }
        outputNumber = outputSent;
        badNumber = badSent;
        changed = false;
        progressed = false;
        due = false;
        lastEndNanos = System.nanoTime();
        long least = (lastEndNanos - start) * settings.copyingTimes();
        nextEndNanos = times.next(start, least);
        soonNanos = start + Math.max(settings.exchangeInterval().toNanos(), least);
    }

    private void store(long epoch, EpochHeader header, Pipeline pipeline, List<byte[]> rows) {
        boolean begins = images.begins();
        StateWriter out = new StateWriter(chunks);
        boolean complete = pipeline.savePortion(out, begins, images.slice());
        List<byte[]> state = out.finish();
        long bytes = state.stream().mapToLong(chunk -> chunk.length).sum();
        boolean completes = images.wrote(begins, complete, bytes);
        waiting = new Keeper.Keep(new EpochCommitted(
                epoch, incarnation, begins, completes, header.toByteArray(), state.toArray(byte[][]::new),
                rows.toArray(byte[][]::new)));
    }

    /** What must leave before the last epoch has left: it may be stored. */
    void keep() {
        keeper.tell(waiting);
        storing.add(waiting.epoch());
        waiting = null;
    }

    /** An epoch is durable. */
    void kept(long kept) {
        numbers.kept(kept);
        while (!storing.isEmpty() && storing.peek().epoch() <= kept) {
            chunks.giveBack(storing.poll().state());
        }
    }

    /** The rows of all epochs up to this one have left. */
    void settled(long settled) {
        if (keeper != null) {
            keeper.tell(new Keeper.Settled(settled));
        }
    }

    /** The last epoch that has ended, 0 if there is none. */
    long ended() {
        return numbers.ended();
    }

    /** The last epoch that is durable, 0 if there is none. */
    long durable() {
        return numbers.durable();
    }

    /** Whether all that has ended is durable. */
    boolean isDurable() {
        return numbers.isDurable();
    }
}
