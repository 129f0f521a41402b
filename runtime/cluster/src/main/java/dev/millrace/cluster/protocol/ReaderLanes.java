// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * One reader of one split with its lanes to all partitions of the stage. The actor forwards each message that it gets
 * and carries out the decisions, in order; it calls {@link #tick} every few milliseconds while it has something to do.
 *
 * <pre>
 *   start() ─▶ greeting ──all answers, or greet.wait──▶ Seek ─▶ reading ──────▶ at the end, all lanes acknowledged
 *                                                        ▲  │ read()
 *                                                        └──┘ a lane wants something older, or nobody what is next
 * </pre>
 *
 * <p>To read: while {@link #mayRead} is true poll the source at {@link #cursor}; ask {@link #wantedFrom} from which
 * position on each lane wants the rows, scatter only those, and hand them over with {@link #read} in the same turn.
 *
 * <p>Every {@code now} is in milliseconds of a clock that never goes back, whatever its origin.
 *
 * <p>There is one cursor. A read [a, b) goes to each lane whose covered position it contains, trimmed to that; a lane
 * knows nothing else of cursors, so that a second one for lanes that lag can be added beside it.
 *
 * @param <D> rows in whatever form the lanes carry them
 */
public class ReaderLanes<D> {
    private final String input;
    private final long reader;
    private final LaneSettings settings;
    private final List<Lane<D>> lanes = new ArrayList<>();
    private long startedAt;
    private boolean reading;
    private boolean stopped;
    private boolean ended;
    private boolean idle;
    private long cursor;

    /**
     * @param input name of the input
     * @param reader number of the reader, given by the job, higher than that of every earlier reader of the split
     * @param partitions number of partitions of the stage
     * @param settings times and bounds
     */
    public ReaderLanes(String input, long reader, int partitions, LaneSettings settings) {
        this.input = input;
        this.reader = reader;
        this.settings = settings;
        for (int partition = 0; partition < partitions; partition++) {
            lanes.add(newLane(input, reader, partition, settings));
        }
    }

    /** Greets all partitions. To be called once. */
    public List<ReaderDecision<D>> start(long now) {
        startedAt = now;
        lanes.forEach(lane -> lane.greetFrom(now));
        return tick(now);
    }

    /**
     * A message of a partition has come. Messages that are late, repeated or meant for another reader do no harm. After
     * it, {@link Lane#session} says whether the sender is the incarnation to send to from now on.
     */
    public List<ReaderDecision<D>> received(ToReader message, long now) {
        List<ReaderDecision<D>> out = new ArrayList<>();
        if (stopped || !message.input().equals(input)) {
            return out;
        }
        Lane<D> lane = lanes.get(message.partition());
        switch (message) {
            case Answer answer -> lane.answered(answer, now, out);
            case Announcement announcement -> announced(lane, announcement, now, out);
            case Kept _ -> {
                // Lanes send by what is applied; what is kept for them is not theirs.
            }
            case NotReady _ -> {
                // It announces itself when it is ready; the greeting is repeated anyway.
            }
            case Replaced replaced -> {
                if (replaced.by() > reader) {
                    stopped = true;
                    out.add(new ReaderDecision.Stop<>(replaced.by()));
                }
            }
        }
        proceed(now, out);
        return out;
    }

    /** The partition's actor has stopped, as its watcher knows. An incarnation that is no longer served is ignored. */
    public List<ReaderDecision<D>> partitionStopped(int partition, long incarnation, long now) {
        List<ReaderDecision<D>> out = new ArrayList<>();
        Lane<D> lane = lanes.get(partition);
        if (!stopped && lane.isAnswered() && lane.session().incarnation() == incarnation) {
            lane.detach(now, out);
            lane.gone(now);
            proceed(now, out);
        }
        return out;
    }

    /** Time has passed: greetings, probes, rows that have lingered, progress. */
    public List<ReaderDecision<D>> tick(long now) {
        List<ReaderDecision<D>> out = new ArrayList<>();
        if (!stopped) {
            proceed(now, out);
        }
        return out;
    }

    /**
     * When {@link #tick} has something to do at the latest, if nothing happens before: one timer is enough. A result in
     * the past means at once, {@link Long#MAX_VALUE} means never.
     */
    public long wakeAt() {
        if (stopped) {
            return Long.MAX_VALUE;
        }
        boolean waits = !reading && lanes.stream().anyMatch(Lane::isAnswered);
        long at = waits ? startedAt + settings.greetWaitMillis() : Long.MAX_VALUE;
        long inFlightBytes = unacknowledgedBytes();
        for (Lane<D> lane : lanes) {
            at = Math.min(at, lane.wakeAt(maySend(lane, inFlightBytes)));
        }
        return at;
    }

    /** True if the source may be polled: somebody wants what comes at the cursor, and all of those have room for it. */
    public boolean mayRead() {
        if (!reading || stopped || ended) {
            return false;
        }
        boolean wanted = false;
        for (Lane<D> lane : lanes) {
            if (lane.isAttached() && !lane.endCovered() && lane.coveredTo() == cursor) {
                if (!lane.hasRoom()) {
                    return false;
                }
                wanted = true;
            }
        }
        return wanted;
    }

    /** Where the next read begins, once the first {@link ReaderDecision.Seek} has been given. */
    public long cursor() {
        return cursor;
    }

    /**
     * For each partition the position from which on its lane wants the rows of a read [from, to), or
     * {@link Long#MAX_VALUE} if it wants none. Valid until the next event.
     */
    public long[] wantedFrom(long from, long to) {
        long[] wanted = new long[lanes.size()];
        for (int partition = 0; partition < wanted.length; partition++) {
            wanted[partition] = lanes.get(partition).wantedFrom(from, to, false);
        }
        return wanted;
    }

    /**
     * The reader has read [from, to).
     *
     * @param from the cursor; a poll that was under way when the cursor moved elsewhere is thrown away by the caller
     * @param to the position after the last record, on a record boundary
     * @param watermark the split's watermark at {@code to} in milliseconds
     * @param end true if the split ends at {@code to}
     * @param shares the rows of each partition that has some, trimmed by {@link #wantedFrom}
     * @throws IllegalArgumentException if {@code from} isn't the cursor, or a partition gets rows that it doesn't want
     */
    public List<ReaderDecision<D>> read(long from, long to, long watermark, boolean end, List<Share<D>> shares,
            long now) {
        if (!reading || from != cursor || to < from) {
            throw new IllegalArgumentException("read [" + from + ", " + to + ") while the cursor is at " + cursor);
        }
        List<ReaderDecision<D>> out = new ArrayList<>();
        for (Share<D> share : shares) {
            Lane<D> lane = lanes.get(share.partition());
            if (lane.wantedFrom(from, to, end) == Long.MAX_VALUE) {
                throw new IllegalArgumentException("partition " + share.partition() + " wants nothing of [" + from
                        + ", " + to + ")");
            }
            // What is gathered goes first if the two together are more than a delivery should be.
            if (lane.gatheredBytes() > 0 && lane.gatheredBytes() + share.bytes() > settings.gatherBytes()
                    && maySend(lane, unacknowledgedBytes())) {
                out.add(new ReaderDecision.Deliver<>(lane.partition(), lane.flush(now)));
            }
            lane.gather(share.rows(), share.bytes(), now);
        }
        Standing standing = new Standing(to, watermark, end);
        for (Lane<D> lane : lanes) {
            if (lane.wantedFrom(from, to, end) != Long.MAX_VALUE) {
                lane.cover(standing);
            }
        }
        idle = idle && to == from && !end;
        cursor = to;
        ended = end;
        proceed(now, out);
        return out;
    }

    /**
     * The reader has found nothing at the cursor for so long that the split is idle. Each lane that has come that far is
     * told, also one that comes back later; the next read that finds something ends it.
     */
    public List<ReaderDecision<D>> idle(long now) {
        List<ReaderDecision<D>> out = new ArrayList<>();
        if (reading && !stopped && !ended) {
            idle = true;
            proceed(now, out);
        }
        return out;
    }

    /** True from {@link #idle} on until something is found, or the cursor moves. */
    public boolean isIdle() {
        return idle;
    }

    /** Whether the cursor has gone back, for a partition that had less than others: what is read now is not new. */
    public boolean isBehind() {
        for (Lane<D> lane : lanes) {
            if (lane.isAttached() && lane.coveredTo() > cursor) {
                return true;
            }
        }
        return false;
    }

    /** Whether all partitions have applied everything that was read, and none wants anything older. */
    public boolean isLevel() {
        if (!reading || stopped) {
            return false;
        }
        for (Lane<D> lane : lanes) {
            if (!lane.isAttached() || lane.ackedTo() != cursor || ended && !lane.isFinished()) {
                return false;
            }
        }
        return true;
    }

    /** The lane to a partition, to look at. */
    public Lane<D> lane(int partition) {
        return lanes.get(partition);
    }

    /** True once a newer reader has taken over. */
    public boolean isStopped() {
        return stopped;
    }

    /**
     * True once all partitions have applied everything up to the end. The reader stays, for a partition that falls back
     * to an older checkpoint.
     */
    public boolean isFinished() {
        return lanes.stream().allMatch(Lane::isFinished);
    }

    /** Unacknowledged bytes of all lanes. */
    public long unacknowledgedBytes() {
        long bytes = 0;
        for (Lane<D> lane : lanes) {
            bytes += lane.unacknowledgedBytes();
        }
        return bytes;
    }

    /** Tests replace a lane's rules here, one at a time, to show that each is needed. */
    protected Lane<D> newLane(String laneInput, long laneReader, int partition, LaneSettings laneSettings) {
        return new Lane<>(laneInput, laneReader, partition, laneSettings);
    }

    private void announced(Lane<D> lane, Announcement announcement, long now, List<ReaderDecision<D>> out) {
        if (!lane.isAnswered() || !lane.isAttached()) {
            lane.greetFrom(now);
        } else if (announcement.incarnation() > lane.session().incarnation()) {
            lane.detach(now, out);
        } else if (announcement.incarnation() == lane.session().incarnation()) {
            // The partition can't know that its answer has come.
            out.add(new ReaderDecision.Ask<>(announcement.partition(), lane.probe(now)));
        }
    }

    private void proceed(long now, List<ReaderDecision<D>> out) {
        if (stopped) {
            return;
        }
        long inFlightBytes = unacknowledgedBytes();
        for (int partition = 0; partition < lanes.size(); partition++) {
            Lane<D> lane = lanes.get(partition);
            if (lane.isSilent(now)) {
                lane.detach(now, out);
            }
            if (lane.isGoneForLong(now)) {
                lane.forget(out);
            }
            if (idle) {
                lane.markIdle(cursor);
            }
            if (lane.isGreetingDue(now)) {
                out.add(new ReaderDecision.Greet<>(partition, lane.greet(now)));
            }
            if (lane.isDue(now) && maySend(lane, inFlightBytes)) {
                inFlightBytes += lane.gatheredBytes();
                out.add(new ReaderDecision.Deliver<>(partition, lane.flush(now)));
            }
            if (lane.isProbeDue(now)) {
                out.add(new ReaderDecision.Ask<>(partition, lane.probe(now)));
            }
        }
        if (reading || mayStart(now)) {
            moveCursor(out);
        }
    }

    private boolean maySend(Lane<D> lane, long inFlightBytes) {
        long bytes = lane.gatheredBytes();
        return lane.canSend(bytes)
                && (lane.unacknowledged() == 0 || inFlightBytes + bytes <= settings.inFlightBytesMax());
    }

    private boolean mayStart(long now) {
        boolean all = lanes.stream().allMatch(Lane::isAnswered);
        boolean some = lanes.stream().anyMatch(Lane::isAnswered);
        return all || some && now - startedAt >= settings.greetWaitMillis();
    }

    /** The cursor belongs at the smallest position that a lane still wants, and takes the watermark from that lane. */
    private void moveCursor(List<ReaderDecision<D>> out) {
        Standing smallest = null;
        for (Lane<D> lane : lanes) {
            if (lane.isAttached() && !lane.endCovered()
                    && (smallest == null || lane.covered().position() < smallest.position())) {
                smallest = lane.covered();
            }
        }
        if (smallest != null && (!reading || ended || smallest.position() != cursor)) {
            reading = true;
            ended = false;
            idle = false;
            cursor = smallest.position();
            out.add(new ReaderDecision.Seek<>(cursor, smallest.watermark()));
        }
    }
}
