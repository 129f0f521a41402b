// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.ArrayDeque;

/**
 * The rules by which the rows of epochs leave to a target that takes each of them once.
 *
 * <p>An epoch leaves when it is durable, never before, and after those before it. The target knows the last epoch that
 * it has: the marker. It is read once, after the log is claimed and the target has shut out everybody older, so nothing
 * changes it any more but what is released here. Epochs without rows don't travel.
 */
public class Releases {
    /** The marker of a target that knows of no epoch. */
    public static final long UNKNOWN = -1;

    /** An epoch with rows that have not left. */
    private record Pending(long epoch, long bytes) {}

    /**
     * Epochs to be released together, those without rows among them.
     *
     * @param from the first epoch
     * @param to the last epoch, the new marker
     */
    public record Range(long from, long to) {}

    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final String name;
    private long durable;
    private long marker;
    private long pendingBytes;
    private boolean opened;
    private Range underWay;

    /**
     * @param name the partition's name, for errors
     * @param noted the marker that the log knows of, 0 if there is none
     * @param durable the last epoch of the log
     */
    public Releases(String name, long noted, long durable) {
        this.name = name;
        marker = noted;
        this.durable = durable;
    }

    /** An epoch with rows has ended, or was found in the log; in order. */
    public final void add(long epoch, long bytes) {
        if (epoch > marker) {
            pending.add(new Pending(epoch, bytes));
            pendingBytes += bytes;
        }
    }

    /** An epoch is durable. */
    public final void durable(long epoch) {
        durable = Math.max(durable, epoch);
    }

    /**
     * The target is fenced and has told its marker.
     *
     * @throws MillraceException if log and target don't belong together: rows would be lost or come twice
     */
    public void opened(long told) {
        if (told > durable) {
            throw suspicious("the target has epoch " + told + ", the log ends with epoch " + durable
                    + ": it has lost something");
        }
        if (told == UNKNOWN && marker > 0 && !pending.isEmpty()) {
            throw suspicious("the target knows of no epoch, but epochs up to " + marker + " were released");
        }
        if (told != UNKNOWN && told < marker) {
            throw suspicious("the target has epochs up to " + told + " only, but epochs up to " + marker
                    + " were released: it has lost something");
        }
        opened = true;
        leave(told);
    }

    private void leave(long upTo) {
        marker = Math.max(marker, upTo);
        while (!pending.isEmpty() && pending.getFirst().epoch() <= marker) {
            pendingBytes -= pending.removeFirst().bytes();
        }
    }

    /** What is to be released now, all that is durable in one; null while something is on its way, or nothing waits. */
    public Range next() {
        if (!opened || underWay != null) {
            return null;
        }
        long last = UNKNOWN;
        for (Pending epoch : pending) {
            if (mayLeave(epoch.epoch())) {
                last = epoch.epoch();
            }
        }
        if (last == UNKNOWN) {
            return null;
        }
        underWay = new Range(pending.getFirst().epoch(), last);
        return underWay;
    }

    /** Whether the rows of an epoch may be shown to the world. */
    protected boolean mayLeave(long epoch) {
        return epoch <= durable;
    }

    /** What was given by {@link #next} is in the target. */
    public final void released() {
        long to = underWay.to();
        underWay = null;
        leave(to);
    }

    /** The last epoch whose rows are known to be in the target, 0 if there is none. */
    public final long marker() {
        return marker;
    }

    /** The last epoch of which nothing has to leave any more, nor of those before it. */
    public final long settled() {
        return pending.isEmpty() ? durable : Math.min(durable, pending.getFirst().epoch() - 1);
    }

    /** Bytes of the rows that wait to leave. */
    public final long pendingBytes() {
        return pendingBytes;
    }

    /** Whether rows wait to leave, or may yet turn out to. */
    public final boolean isEmpty() {
        return pending.isEmpty();
    }

    public final boolean isOpened() {
        return opened;
    }

    private MillraceException suspicious(String what) {
        return new MillraceException(
                ErrorCode.TARGET_DIFFERS, "partition " + name + ": " + what,
                "bring log and target to the same point, or drop the job and start it again");
    }
}
