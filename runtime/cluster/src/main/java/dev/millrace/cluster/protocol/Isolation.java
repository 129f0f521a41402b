// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.List;

/**
 * Which lanes of a reader the live cursor reads for, and when it waits for the others.
 *
 * <pre>
 *               full for detach.after, most are not; or older than the live cursor
 *   attached  ──────────────────────────────────────────────────────────────────────▶  behind
 *             ◀──────────────────────────────────────────────────────────────────────
 *               has met the live cursor, and has kept up for rejoin.after if it was full;
 *               or nobody is attached any more; or most lanes are full
 * </pre>
 *
 * <p>The protected methods are the single rules; tests overrule them one at a time to show that each is needed.
 *
 * @param <D> rows in whatever form the lanes carry them
 */
public class Isolation<D> {
    private static final long NEVER = Long.MIN_VALUE;
    private static final int DOUBLINGS_MAX = 6;

    private final IsolationSettings settings;
    private final List<Lane<D>> lanes;
    private final CursorPlace live;
    private final CursorPlace catchUp;
    private final Trail trail;

    /** Since when the live cursor is behind one of its lanes. */
    private long aheadSince = NEVER;
    private long togetherUntil = NEVER;
    private int mergers;

    private boolean holding;
    private boolean closing;
    private long sampledAt = NEVER;
    private long sampledPosition;
    private long sampledGap;

    Isolation(IsolationSettings settings, List<Lane<D>> lanes, CursorPlace live, CursorPlace catchUp) {
        this.settings = settings;
        this.lanes = lanes;
        this.live = live;
        this.catchUp = catchUp;
        this.trail = new Trail(settings.driftMillisMax());
    }

    /** The live cursor stands somewhere else now. */
    void liveMoved(long now) {
        trail.passed(live.position(), now);
    }

    /** The catch-up cursor has been sent somewhere else. */
    void catchUpSought() {
        closing = false;
        sampledAt = NEVER;
    }

    /** How far the live cursor is ahead of a lane in milliseconds, by event time if there is any. */
    long driftMillis(Lane<D> lane, long now) {
        Standing covered = lane.covered();
        if (covered == null || !live.isOpen() || covered.position() >= live.position()) {
            return 0;
        }
        if (live.watermark() != Long.MIN_VALUE && covered.watermark() != Long.MIN_VALUE) {
            return Math.max(0, live.watermark() - covered.watermark());
        }
        return trail.millisBehind(covered.position(), now);
    }

    /** Decides for which lanes the live cursor reads. */
    void arrange(long now, List<ReaderDecision<D>> out) {
        if (!somebodyIsLive()) {
            // One cursor is enough.
            rejoinAll();
            aheadSince = NEVER;
            return;
        }
        boolean ahead = false;
        for (Lane<D> lane : lanes) {
            if (lane.isAttached() && !lane.endCovered()) {
                if (isOlder(lane)) {
                    lane.fallBehind(false, false, out);
                }
                ahead |= lane.coveredTo() > live.position();
            } else if (lane.isBehind() && mayRejoin(lane, now)) {
                lane.rejoin();
            }
        }
        if (!ahead) {
            aheadSince = NEVER;
        } else if (aheadSince == NEVER) {
            aheadSince = now;
        }
        if (mostAreFull(now)) {
            merge(now);
        } else if (!isTogether(now)) {
            if (medianIsHealthy()) {
                detachFull(now, out);
            }
            if (aheadSince != NEVER && now - aheadSince >= settings.windowMillis()) {
                detachOlder(out);
            }
        }
    }

    /** Whether nobody is detached for being full, because most were a short time ago. */
    boolean isTogether(long now) {
        return now < togetherUntil;
    }

    /** Whether the live cursor has to wait for lanes that are behind. */
    boolean holdsLive() {
        return holding;
    }

    /** Decides whether the live cursor has to wait for lanes that are behind. */
    void judge(long now) {
        holding = false;
        for (Lane<D> lane : lanes) {
            if (lane.isBehind() && !lane.endCovered()) {
                if (driftMillis(lane, now) <= settings.driftMillisMax()) {
                    lane.endExemption();
                } else if (!lane.isExempt()) {
                    holding |= isTooFarAhead();
                }
            }
        }
        sample(now);
        closing &= followsCatchUp(now);
        holding |= closing;
    }

    /** When something may be to be decided if nothing else happens. */
    long wakeAt(long now) {
        boolean inQuestion = aheadSince != NEVER;
        for (Lane<D> lane : lanes) {
            inQuestion |= lane.isInQuestion();
        }
        return inQuestion ? now + Math.max(1, settings.rejoinAfterMillis() / 10) : Long.MAX_VALUE;
    }

    /** The rule that a lane is read for with the others only from where the live cursor is. */
    protected boolean isOlder(Lane<D> lane) {
        return lane.coveredTo() < live.position();
    }

    /** The rule that a lane which lags rejoins when it has met the live cursor, and a slow one when it keeps up. */
    protected boolean mayRejoin(Lane<D> lane, long now) {
        return lane.coveredTo() >= live.position() && (!lane.isSlow() || lane.keepsUp(now));
    }

    /** The rule that a lane that is full is detached, so that the others can go on. */
    protected boolean isToBeDetached(Lane<D> lane, long now) {
        return lane.isAttached() && !lane.endCovered() && lane.coveredTo() == live.position()
                && lane.occupancy() == Occupancy.SATURATED && lane.isFullFor(settings.detachAfterMillis(), now);
    }

    /** The rule that the live cursor doesn't get further ahead of lanes that were detached than is allowed. */
    protected boolean isTooFarAhead() {
        return true;
    }

    /** The rule that the reader goes at everybody's pace when most lanes are full. */
    protected boolean mostAreFull(long now) {
        int all = 0;
        int full = 0;
        for (Lane<D> lane : lanes) {
            if (lane.isAnswering() && !lane.endCovered()) {
                all++;
                full += lane.isBehind() ? lane.isSlow() && !lane.keepsUp(now) ? 1 : 0
                        : lane.isFullFor(settings.detachAfterMillis(), now) ? 1 : 0;
            }
        }
        return full * 2 > all;
    }

    private boolean somebodyIsLive() {
        for (Lane<D> lane : lanes) {
            if (lane.isAttached() && !lane.endCovered() && lane.coveredTo() >= live.position()) {
                return true;
            }
        }
        return false;
    }

    private void rejoinAll() {
        for (Lane<D> lane : lanes) {
            if (lane.isBehind()) {
                lane.rejoin();
            }
        }
    }

    private void merge(long now) {
        boolean any = false;
        for (Lane<D> lane : lanes) {
            if (lane.isBehind() && lane.isSlow()) {
                lane.rejoin();
                any = true;
            }
        }
        if (any) {
            long calm = settings.togetherMillis() << DOUBLINGS_MAX;
            mergers = togetherUntil != NEVER && now - togetherUntil < calm ? Math.min(mergers + 1, DOUBLINGS_MAX) : 0;
            togetherUntil = now + (settings.togetherMillis() << mergers);
            aheadSince = NEVER;
        }
    }

    private void detachFull(long now, List<ReaderDecision<D>> out) {
        boolean othersWant = false;
        for (Lane<D> lane : lanes) {
            othersWant |= lane.isAttached() && !lane.endCovered() && !isToBeDetached(lane, now);
        }
        for (Lane<D> lane : lanes) {
            if (othersWant && isToBeDetached(lane, now)) {
                lane.fallBehind(true, false, out);
                // The others have been waiting for it.
                aheadSince = NEVER;
            }
        }
    }

    /** The live cursor goes on with the furthest lane, since it takes too long for the others to reach it. */
    private void detachOlder(List<ReaderDecision<D>> out) {
        long furthest = live.position();
        for (Lane<D> lane : lanes) {
            if (lane.isAttached() && !lane.endCovered()) {
                furthest = Math.max(furthest, lane.coveredTo());
            }
        }
        for (Lane<D> lane : lanes) {
            if (lane.isAttached() && !lane.endCovered() && lane.coveredTo() < furthest) {
                lane.fallBehind(false, true, out);
            }
        }
        aheadSince = NEVER;
    }

    private boolean medianIsHealthy() {
        int all = 0;
        int healthy = 0;
        for (Lane<D> lane : lanes) {
            if (lane.isAnswering() && !lane.endCovered()) {
                all++;
                healthy += lane.occupancy() == Occupancy.HEALTHY ? 1 : 0;
            }
        }
        return healthy * 2 >= all;
    }

    /**
     * Where the reader's time is what is short, two cursors are equally fast and never meet, though all partitions could
     * follow. So if a lane that keeps up has come no nearer within a while, the live cursor waits for it.
     */
    private void sample(long now) {
        if (!catchUp.isOpen()) {
            sampledAt = NEVER;
            return;
        }
        if (sampledAt != NEVER && now - sampledAt < settings.rejoinAfterMillis()) {
            return;
        }
        long gap = live.position() - catchUp.position();
        long progress = catchUp.position() - sampledPosition;
        if (sampledAt != NEVER && gap > 0 && gap >= sampledGap && progress > 0 && followsCatchUp(now)) {
            closing |= (double) gap / progress * (now - sampledAt) <= settings.driftMillisMax();
        }
        sampledAt = now;
        sampledPosition = catchUp.position();
        sampledGap = gap;
    }

    /** Whether the catch-up cursor is at lanes that keep up. */
    private boolean followsCatchUp(long now) {
        boolean any = false;
        if (catchUp.isOpen()) {
            for (Lane<D> lane : lanes) {
                if (lane.isBehind() && !lane.endCovered() && lane.coveredTo() == catchUp.position()) {
                    if (!lane.keepsUp(now)) {
                        return false;
                    }
                    any = true;
                }
            }
        }
        return any;
    }
}
