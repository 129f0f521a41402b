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
 *
 * <p>A target may forget its marker, and must not be taken for one that never had any. So a target that knows of none is
 * given one before anything else, and the first rows leave only when the log knows that there is one: see {@link #noted}.
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
    /** What the log held at this start; what is written since can't have been released by anybody else. */
    private final long restored;
    private long durable;
    private long marker;
    private long pendingBytes;
    private boolean opened;
    /** Whether the target has to be told the marker that it should have. */
    private boolean forgotten;
    /** The epoch with which the log knows that the target has a marker, {@link #UNKNOWN} if none has ended yet. */
    private long notedWith = UNKNOWN;
    private Range underWay;

    /**
     * @param name the partition's name, for errors
     * @param noted the marker that the log knows of, {@link #UNKNOWN} if it doesn't know that the target ever had one
     * @param durable the last epoch of the log
     */
    public Releases(String name, long noted, long durable) {
        this.name = name;
        marker = noted;
        if (noted != UNKNOWN) {
            notedWith = durable;
        }
        restored = durable;
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
    public final void opened(long told) {
        check(told);
        opened = true;
        forgotten = told == UNKNOWN;
        if (believes(told)) {
            leave(told);
        }
    }

    /** Whether the target knows what has left. */
    protected boolean believes(long told) {
        return told != UNKNOWN;
    }

    /** Whether log and target belong together. */
    protected void check(long told) {
        if (told > restored) {
            throw suspicious("the target has epoch " + told + ", the log ended with epoch " + restored
                    + ": it has lost something");
        }
        if (told == UNKNOWN && marker != UNKNOWN && waited()) {
            throw suspicious("the target knows of no epoch, but epochs up to " + marker
                    + " were released, and nobody knows about the next ones");
        }
        if (told != UNKNOWN && told < marker) {
            throw suspicious("the target has epochs up to " + told + " only, but epochs up to " + marker
                    + " were released: it has lost something");
        }
    }

    /** Whether rows of older starts may have to leave. */
    private boolean waited() {
        return !pending.isEmpty() && pending.getFirst().epoch() <= restored;
    }

    private void leave(long upTo) {
        marker = Math.max(marker, upTo);
        while (!pending.isEmpty() && pending.getFirst().epoch() <= marker) {
            pendingBytes -= pending.removeFirst().bytes();
        }
    }

    /**
     * What is to be released now, all that is durable in one; null while something is on its way, or nothing waits. To a
     * target without a marker it is no epoch at all, just the marker.
     */
    public Range next() {
        if (!opened || underWay != null) {
            return null;
        }
        if (forgotten) {
            long known = Math.max(marker, 0);
            underWay = new Range(known, known);
            return underWay;
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
        return epoch <= durable && isMarkerKnown();
    }

    /** Whether the log knows that the target has a marker: if it has none later, it has forgotten it. */
    protected boolean isMarkerKnown() {
        return notedWith != UNKNOWN && notedWith <= durable;
    }

    /** An epoch ends, and notes the {@link #marker}. */
    public final void noted(long epoch) {
        if (notedWith == UNKNOWN && marker != UNKNOWN) {
            notedWith = epoch;
        }
    }

    /** Whether rows wait for an epoch that notes the marker. */
    public final boolean wantsNote() {
        return notedWith == UNKNOWN && marker != UNKNOWN && !pending.isEmpty();
    }

    /** What was given by {@link #next} is in the target. */
    public final void released() {
        long to = underWay.to();
        underWay = null;
        forgotten = false;
        leave(to);
    }

    /**
     * The last epoch whose rows are known to be in the target; 0 if there is none, {@link #UNKNOWN} if it isn't even known
     * whether the target has a marker.
     */
    public final long marker() {
        return marker;
    }

    /** The last epoch of which nothing has to leave any more, nor of those before it. */
    public final long settled() {
        return pending.isEmpty() ? durable : Math.min(durable, pending.getFirst().epoch() - 1);
    }

    /**
     * Whether more rows may join the epoch that goes on. If not, it has to end, or others have to leave.
     *
     * @param staged bytes of its rows so far
     * @param epochMax bytes of the rows of an epoch
     * @param outboxMax bytes of all rows that wait to leave
     */
    public boolean hasRoom(long staged, long epochMax, long outboxMax) {
        return staged < epochMax && staged + pendingBytes < outboxMax;
    }

    /** Bytes of the rows that wait to leave. */
    public final long pendingBytes() {
        return pendingBytes;
    }

    /** Whether rows wait to leave, or may yet turn out to. */
    public final boolean isEmpty() {
        return pending.isEmpty();
    }

    /**
     * Whether further epochs may end. Before the target has told its marker, they could take the numbers of epochs that the
     * log has lost, and the marker would seem to be theirs.
     *
     * @param incarnation number of this start of the partition; nobody can have released anything before the first
     */
    public boolean mayEndEpochs(long incarnation) {
        return opened || incarnation == 1;
    }

    private MillraceException suspicious(String what) {
        return new MillraceException(
                ErrorCode.TARGET_DIFFERS, "partition " + name + ": " + what,
                "bring log and target to the same point, or drop the job and start it again");
    }
}
