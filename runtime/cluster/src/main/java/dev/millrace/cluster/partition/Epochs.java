// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.engine.operator.Pipeline;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The epochs of one partition: when one ends, and how far the last is on its way to be durable.
 *
 * <pre>
 *   changed ──interval──▶ due ──end──▶ waiting for its output to leave ──keep──▶ being stored ──kept──▶ durable
 * </pre>
 */
final class Epochs {
    /** The share of time that may go into writing images: an epoch lasts at least so many times its image's copying. */
    private static final int IMAGE_TIMES = 20;

    private final ActorRef<Object> keeper;
    private final long incarnation;
    private final Duration interval;
    private long epoch;
    private long durable;
    private boolean changed;
    private boolean due;
    private long nextEndNanos;
    private Keeper.Keep waiting;
    private long outputNumber;
    private long badNumber;
    private boolean storing;

    /**
     * @param keeper who stores images, or null if nothing is stored
     * @param epoch the last epoch that is durable, 0 if there is none
     * @param incarnation number of this start of the partition
     * @param interval time between the ends of two epochs
     */
    Epochs(ActorRef<Object> keeper, long epoch, long incarnation, Duration interval) {
        this.keeper = keeper;
        this.epoch = epoch;
        durable = epoch;
        this.incarnation = incarnation;
        this.interval = interval;
        nextEndNanos = System.nanoTime() + interval.toNanos();
    }

    /** The state has changed since the last image. */
    void changed() {
        changed = true;
    }

    /** Time has passed. */
    void tick(long nowNanos) {
        due = keeper != null && changed && !isBusy() && nowNanos - nextEndNanos >= 0;
    }

    boolean isDue() {
        return due;
    }

    /** An image waits for its output to leave, or is being stored. */
    boolean isBusy() {
        return waiting != null || storing;
    }

    boolean isWaiting() {
        return waiting != null;
    }

    /** The output number that must have left before the waiting image may be stored. */
    long outputNumber() {
        return outputNumber;
    }

    /** The number of bad records that must have been written before the waiting image may be stored. */
    long badNumber() {
        return badNumber;
    }

    /** Ends the epoch: copies the state. */
    void end(ImageContent content, Pipeline pipeline, long outputSent, long badSent) {
        long start = System.nanoTime();
        epoch++;
        waiting = new Keeper.Keep(content.write(epoch, incarnation, pipeline));
        outputNumber = outputSent;
        badNumber = badSent;
        changed = false;
        due = false;
        long copying = System.nanoTime() - start;
        nextEndNanos = start + Math.max(interval.toNanos(), copying * IMAGE_TIMES);
    }

    /** The output of the epoch has left: its image may be stored. */
    void keep() {
        keeper.tell(waiting);
        waiting = null;
        storing = true;
    }

    /** The epoch is durable. */
    void kept(long kept) {
        durable = kept;
        if (kept == epoch) {
            storing = false;
        }
    }

    /** The last epoch that is durable, 0 if there is none. */
    long durable() {
        return durable;
    }
}
