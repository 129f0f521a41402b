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
 * <p>To read: while {@link #mayRead} is true of a cursor poll the source where it {@link #cursor stands}; ask
 * {@link #wantedFrom} from which position on each lane wants the rows, scatter only those, and hand them over with
 * {@link #read} in the same turn.
 *
 * <p>Every {@code now} is in milliseconds of a clock that never goes back, whatever its origin.
 *
 * <p>A read [a, b) goes to each lane of its cursor whose covered position it contains, trimmed to that; a lane knows
 * nothing else of cursors. One that isolates has two: the live cursor serves the lanes that keep up, the catch-up cursor
 * those that lag, from the smallest position on, until they meet the live one ({@link Isolation}). Where both may be read,
 * they are read in turn. Without isolation there is the live cursor alone, at the smallest position that somebody wants.
 *
 * @param <D> rows in whatever form the lanes carry them
 */
public class ReaderLanes<D> {
    private static final long NEVER = Long.MIN_VALUE;
    private static final int NONE = -1;
    /** Times are kept as exactly as this, where nothing but acks comes. */
    private static final long LOOK_MILLIS = 10;

    private final String input;
    private final long reader;
    private final LaneSettings settings;
    private final List<Lane<D>> lanes = new ArrayList<>();
    private long startedAt;
    private final CursorPlace live = new CursorPlace();
    private final CursorPlace catchUp = new CursorPlace();
    private final Isolation<D> isolation;
    private boolean stopped;
    private boolean idle;
    private long lookedAt;
    /** Whether those at the catch-up cursor have room, or have been waited for long enough. */
    private boolean catchUpReady;
    private long withoutRoomSince = NEVER;

    /**
     * A reader at everybody's pace.
     *
     * @param input name of the input
     * @param reader number of the reader, given by the job, higher than that of every earlier reader of the split
     * @param partitions number of partitions of the stage
     * @param settings times and bounds
     */
    public ReaderLanes(String input, long reader, int partitions, LaneSettings settings) {
        this(input, reader, partitions, settings, false);
    }

    /**
     * @param input name of the input
     * @param reader number of the reader, given by the job, higher than that of every earlier reader of the split
     * @param partitions number of partitions of the stage
     * @param settings times and bounds
     * @param isolates whether lanes that lag are detached and caught up with; else the reader goes at everybody's pace
     */
    public ReaderLanes(String input, long reader, int partitions, LaneSettings settings, boolean isolates) {
        this.input = input;
        this.reader = reader;
        this.settings = settings;
        for (int partition = 0; partition < partitions; partition++) {
            lanes.add(newLane(input, reader, partition, settings));
        }
        isolation = isolates ? newIsolation(settings.isolation(), lanes, live, catchUp) : null;
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
        int acked = NONE;
        switch (message) {
            case Answer answer -> {
                boolean isAck = live.isOpen() && lane.isAttached() && answer.session().equals(lane.session());
                acked = isAck ? message.partition() : NONE;
                lane.answered(answer, now, out);
            }
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
        proceed(acked, now, out);
        return out;
    }

    /** The partition's actor has stopped, as its watcher knows. An incarnation that is no longer served is ignored. */
    public List<ReaderDecision<D>> partitionStopped(int partition, long incarnation, long now) {
        List<ReaderDecision<D>> out = new ArrayList<>();
        Lane<D> lane = lanes.get(partition);
        if (!stopped && lane.hasAnswered() && lane.session().incarnation() == incarnation) {
            lane.lose(now, out);
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
        boolean waits = !live.isOpen() && lanes.stream().anyMatch(Lane::hasAnswered);
        long at = waits ? startedAt + settings.greetWaitMillis() : Long.MAX_VALUE;
        long inFlightBytes = unacknowledgedBytes();
        for (Lane<D> lane : lanes) {
            at = Math.min(at, lane.wakeAt(maySend(lane, inFlightBytes)));
        }
        if (isolation != null) {
            at = Math.min(at, isolation.wakeAt(lookedAt));
        }
        if (withoutRoomSince != NEVER && !catchUpReady) {
            at = Math.min(at, withoutRoomSince + settings.isolation().stayMillis());
        }
        return at;
    }

    /** {@link #mayRead(Cursor)} of the live cursor. */
    public boolean mayRead() {
        return mayRead(Cursor.LIVE);
    }

    /** True if the source may be polled: somebody wants what comes at the cursor, and all of those have room for it. */
    public boolean mayRead(Cursor cursor) {
        if (stopped) {
            return false;
        }
        return switch (cursor) {
            case LIVE -> wantsLive() && !isLiveWaiting();
            case CATCH_UP -> catchUpReady;
        };
    }

    /** Whether somebody wants what comes at the live cursor. */
    private boolean wantsLive() {
        if (!live.isOpen() || live.isEnded()) {
            return false;
        }
        for (Lane<D> lane : lanes) {
            if (lane.isAttached() && !lane.endCovered() && lane.coveredTo() == live.position()) {
                return true;
            }
        }
        return false;
    }

    /** Whether a lane has no room for what comes at the live cursor, or lanes that are behind have to come nearer first. */
    private boolean isLiveWaiting() {
        if (isolation != null && isolation.holdsLive()) {
            return true;
        }
        for (Lane<D> lane : lanes) {
            if (lane.isAttached() && !lane.endCovered() && lane.coveredTo() == live.position() && !lane.hasRoom()) {
                return true;
            }
        }
        return false;
    }

    /** True if the reader could read on at the live cursor, and does not because of its lanes. */
    public boolean isHeldUp() {
        return !stopped && wantsLive() && isLiveWaiting();
    }

    /** Where the next read of the live cursor begins, once the first {@link ReaderDecision.Seek} has been given. */
    public long cursor() {
        return live.position();
    }

    /** Where the next read of a cursor begins, once a {@link ReaderDecision.Seek} has been given for it. */
    public long cursor(Cursor cursor) {
        return place(cursor).position();
    }

    /** {@link #wantedFrom(Cursor, long, long)} of the live cursor. */
    public long[] wantedFrom(long from, long to) {
        return wantedFrom(Cursor.LIVE, from, to);
    }

    /**
     * For each partition the position from which on its lane wants the rows of a cursor's read [from, to), or
     * {@link Long#MAX_VALUE} if it wants none. Valid until the next event.
     */
    public long[] wantedFrom(Cursor cursor, long from, long to) {
        long[] wanted = new long[lanes.size()];
        for (int partition = 0; partition < wanted.length; partition++) {
            Lane<D> lane = lanes.get(partition);
            wanted[partition] = isServed(lane, cursor) ? lane.wantedFrom(from, to, false) : Long.MAX_VALUE;
        }
        return wanted;
    }

    /** {@link #read(Cursor, long, long, long, boolean, List, long)} of the live cursor. */
    public List<ReaderDecision<D>> read(long from, long to, long watermark, boolean end, List<Share<D>> shares,
            long now) {
        return read(Cursor.LIVE, from, to, watermark, end, shares, now);
    }

    /**
     * The reader has read [from, to).
     *
     * @param cursor at which of the two
     * @param from the cursor; a poll that was under way when the cursor moved elsewhere is thrown away by the caller
     * @param to the position after the last record, on a record boundary
     * @param watermark the split's watermark at {@code to} in milliseconds
     * @param end true if the split ends at {@code to}
     * @param shares the rows of each partition that has some, one share each, trimmed by {@link #wantedFrom}
     * @throws IllegalArgumentException if {@code from} isn't the cursor, or a partition gets rows that it doesn't want or
     *     in two shares
     */
    public List<ReaderDecision<D>> read(Cursor cursor, long from, long to, long watermark, boolean end,
            List<Share<D>> shares, long now) {
        CursorPlace place = place(cursor);
        if (!place.isOpen() || from != place.position() || to < from) {
            throw new IllegalArgumentException("read [" + from + ", " + to + ") while the " + cursor + " cursor is at "
                    + place.position());
        }
        boolean[] wanting = new boolean[lanes.size()];
        for (int partition = 0; partition < wanting.length; partition++) {
            Lane<D> lane = lanes.get(partition);
            wanting[partition] = isServed(lane, cursor) && lane.wantedFrom(from, to, end) != Long.MAX_VALUE;
        }
        List<ReaderDecision<D>> out = new ArrayList<>();
        boolean[] given = new boolean[lanes.size()];
        for (Share<D> share : shares) {
            if (!wanting[share.partition()]) {
                throw new IllegalArgumentException("partition " + share.partition() + " wants nothing of [" + from
                        + ", " + to + ")");
            }
            // The first of two could travel alone, as if it were all that the range holds for the partition.
            if (given[share.partition()]) {
                throw new IllegalArgumentException("partition " + share.partition() + " has two shares of a read");
            }
            given[share.partition()] = true;
            Lane<D> lane = lanes.get(share.partition());
            // What is gathered goes first if the two together are more than a delivery should be.
            if (lane.gatheredBytes() > 0 && lane.gatheredBytes() + share.bytes() > settings.gatherBytes()
                    && maySend(lane, unacknowledgedBytes())) {
                out.add(new ReaderDecision.Deliver<>(lane.partition(), lane.flush(now)));
            }
            lane.gather(share.rows(), share.bytes(), now);
        }
        Standing standing = new Standing(to, watermark, end);
        for (int partition = 0; partition < wanting.length; partition++) {
            if (wanting[partition]) {
                lanes.get(partition).cover(standing);
            }
        }
        place.read(standing);
        if (cursor == Cursor.LIVE) {
            idle = idle && to == from && !end;
            liveMoved(now);
        }
        proceed(now, out);
        return out;
    }

    /** The rule which lanes are served at a cursor. */
    private boolean isServed(Lane<D> lane, Cursor cursor) {
        return switch (cursor) {
            case LIVE -> lane.isAttached();
            // One without room is left behind: the others don't wait for it for ever.
            case CATCH_UP -> lane.isBehind() && lane.canCatchUp();
        };
    }

    /**
     * The reader has found nothing at the cursor for so long that the split is idle. Each lane that has come that far is
     * told, also one that comes back later; the next read that finds something ends it.
     */
    public List<ReaderDecision<D>> idle(long now) {
        List<ReaderDecision<D>> out = new ArrayList<>();
        if (live.isOpen() && !stopped && !live.isEnded()) {
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
            if (lane.isAttached() && lane.coveredTo() > live.position()) {
                return true;
            }
        }
        return false;
    }

    /** Whether all partitions have applied everything that was read, and none wants anything older. */
    public boolean isLevel() {
        if (!live.isOpen() || stopped) {
            return false;
        }
        for (Lane<D> lane : lanes) {
            if (!lane.isAnswering() || lane.ackedTo() != live.position() || live.isEnded() && !lane.isFinished()) {
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

    /** Number of reads of which lanes hold rows that the live cursor doesn't serve; one that several hold counts often. */
    public int detachedReads() {
        int reads = 0;
        for (Lane<D> lane : lanes) {
            if (!lane.isAttached()) {
                reads += lane.heldReads();
            }
        }
        return reads;
    }

    /** Tests replace a lane's rules here, one at a time, to show that each is needed. */
    protected Lane<D> newLane(String laneInput, long laneReader, int partition, LaneSettings laneSettings) {
        return new Lane<>(laneInput, laneReader, partition, laneSettings);
    }

    /** Tests replace the rules of isolation here. */
    protected Isolation<D> newIsolation(IsolationSettings isolationSettings, List<Lane<D>> all, CursorPlace liveCursor,
            CursorPlace catchUpCursor) {
        return new Isolation<>(isolationSettings, all, liveCursor, catchUpCursor);
    }

    /**
     * How far the live cursor is ahead of a partition's lane in milliseconds: by event time, or where there is none by the
     * time since it was there. 0 for a lane that isn't behind.
     */
    public long driftMillis(int partition, long now) {
        return isolation == null ? 0 : isolation.driftMillis(lanes.get(partition), now);
    }

    /** When it was last decided for which lanes is read. */
    long lookedAt() {
        return lookedAt;
    }

    /** Whether nobody is detached for being full, because most were a short time ago. */
    boolean isTogether(long now) {
        return isolation != null && isolation.isTogether(now);
    }

    private CursorPlace place(Cursor cursor) {
        return cursor == Cursor.LIVE ? live : catchUp;
    }

    private void announced(Lane<D> lane, Announcement announcement, long now, List<ReaderDecision<D>> out) {
        if (!lane.hasAnswered() || !lane.isAnswering()) {
            lane.greetFrom(now);
        } else if (announcement.incarnation() > lane.session().incarnation()) {
            lane.lose(now, out);
        } else if (announcement.incarnation() == lane.session().incarnation()) {
            // The partition can't know that its answer has come.
            out.add(new ReaderDecision.Ask<>(announcement.partition(), lane.probe(now)));
        }
    }

    private void proceed(long now, List<ReaderDecision<D>> out) {
        proceed(NONE, now, out);
    }

    /** @param acked the attached lane of which an ack is all that has happened, or none */
    private void proceed(int acked, long now, List<ReaderDecision<D>> out) {
        if (stopped) {
            return;
        }
        // Nothing moves by an ack alone, and there are many of them.
        boolean decides = acked == NONE || now - lookedAt >= LOOK_MILLIS;
        long inFlightBytes = unacknowledgedBytes();
        for (int partition = 0; partition < lanes.size(); partition++) {
            Lane<D> lane = lanes.get(partition);
            if (lane.isSilent(now)) {
                lane.lose(now, out);
            }
            if (lane.isGoneForLong(now)) {
                lane.forget(out);
            }
            if (idle) {
                lane.markIdle(live.position());
            }
            if (lane.isGreetingDue(now)) {
                out.add(new ReaderDecision.Greet<>(partition, lane.greet(now)));
            }
            if (lane.isDue(now) && maySend(lane, inFlightBytes)) {
                inFlightBytes += lane.gatheredBytes();
                out.add(new ReaderDecision.Deliver<>(partition, lane.flush(now)));
                lane.look(now);
            } else if (decides || partition == acked) {
                lane.look(now);
            }
            if (lane.isProbeDue(now)) {
                out.add(new ReaderDecision.Ask<>(partition, lane.probe(now)));
            }
        }
        if (!decides) {
            return;
        }
        lookedAt = now;
        if (live.isOpen() || mayStart(now)) {
            if (isolation != null && live.isOpen()) {
                isolation.arrange(now, out);
            }
            moveLive(now, out);
            moveCatchUp(now, out);
            if (isolation != null) {
                isolation.judge(now);
            }
        }
    }

    private boolean maySend(Lane<D> lane, long inFlightBytes) {
        long bytes = lane.gatheredBytes();
        return lane.canSend(bytes)
                && (lane.unacknowledged() == 0 || inFlightBytes + bytes <= settings.inFlightBytesMax());
    }

    private boolean mayStart(long now) {
        boolean all = lanes.stream().allMatch(Lane::hasAnswered);
        boolean some = lanes.stream().anyMatch(Lane::hasAnswered);
        return all || some && now - startedAt >= settings.greetWaitMillis();
    }

    /** The live cursor belongs at the smallest position that a lane of it wants, and takes the watermark from that lane. */
    private void moveLive(long now, List<ReaderDecision<D>> out) {
        Standing smallest = null;
        for (Lane<D> lane : lanes) {
            if (lane.isAttached() && !lane.endCovered()
                    && (smallest == null || lane.covered().position() < smallest.position())) {
                smallest = lane.covered();
            }
        }
        if (smallest != null && (!live.isOpen() || live.isEnded() || smallest.position() != live.position())) {
            idle = false;
            live.seek(smallest);
            out.add(new ReaderDecision.Seek<>(Cursor.LIVE, smallest.position(), smallest.watermark()));
            liveMoved(now);
        }
    }

    private void liveMoved(long now) {
        if (isolation != null) {
            isolation.liveMoved(now);
        }
    }

    /**
     * The catch-up cursor goes on while a lane is at it, and waits there a little for one that has no room; then it goes to
     * the smallest position of one that has some.
     */
    private void moveCatchUp(long now, List<ReaderDecision<D>> out) {
        boolean needed = false;
        boolean room = false;
        boolean noRoom = false;
        Standing next = null;
        for (Lane<D> lane : lanes) {
            if (!lane.isBehind() || lane.endCovered()) {
                continue;
            }
            needed = true;
            Standing covered = lane.covered();
            // It has met the live cursor.
            if (covered.position() >= live.position() && !live.isEnded()) {
                continue;
            }
            boolean at = catchUp.isOpen() && !catchUp.isEnded() && covered.position() == catchUp.position();
            room |= at && lane.canCatchUp();
            noRoom |= at && !lane.canCatchUp();
            if (lane.canCatchUp() && (next == null || covered.position() < next.position())) {
                next = covered;
            }
        }
        if (!noRoom) {
            withoutRoomSince = NEVER;
        } else if (withoutRoomSince == NEVER) {
            withoutRoomSince = now;
        }
        boolean stays = noRoom && now - withoutRoomSince < settings.isolation().stayMillis();
        catchUpReady = room && !stays;
        if (!needed) {
            if (catchUp.isOpen()) {
                catchUp.leave();
                out.add(new ReaderDecision.Leave<>(Cursor.CATCH_UP));
            }
        } else if (!room && !stays && next != null) {
            catchUp.seek(next);
            isolation.catchUpSought();
            out.add(new ReaderDecision.Seek<>(Cursor.CATCH_UP, next.position(), next.watermark()));
            withoutRoomSince = NEVER;
            catchUpReady = true;
        }
    }
}
