// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The reader's end of the way to one partition. It knows how far it has sent and how far that has been acknowledged,
 * keeps what is unacknowledged to send it again, and gathers small pieces into one delivery while the partition is busy.
 *
 * <pre>
 *   acknowledged │ unacknowledged, kept │ gathered, or known to hold no rows │ not read yet
 *             ackedTo                 sentTo                             coveredTo
 * </pre>
 *
 * <p>A lane is <em>attached</em> while the live cursor reads for it. It is detached while its partition doesn't answer,
 * and while it is <em>behind</em>: then its partition answers, and the catch-up cursor reads for it. In either case it
 * keeps what it has sent and holds nobody back; the answer of a partition that was away says what to send from memory,
 * or from where to read again.
 *
 * @param <D> rows in whatever form the lane carries them
 */
public class Lane<D> {
    private static final long NEVER = Long.MIN_VALUE;

    private final String input;
    private final long reader;
    private final int partition;
    private final LaneSettings settings;

    private Session session;
    private boolean answering;
    private boolean behind;
    private boolean slow;
    private boolean exempt;
    private Window window = Window.CLOSED;
    private Standing acked;
    private Standing sent;
    private Standing covered;
    private final ArrayDeque<Delivery<D>> unacknowledged = new ArrayDeque<>();
    private long unacknowledgedBytes;
    private int unacknowledgedReads;
    private final List<D> gathered = new ArrayList<>();
    private long gatheredBytes;
    private long gatheredSince;

    private long sentAt;
    private long waitingSince;
    private long probedAt;
    private long greetAt;
    private long goneAt = Long.MAX_VALUE;
    private int greetings;

    private Occupancy seen = Occupancy.HEALTHY;
    private final long[] changes = new long[Occupancy.values().length];
    private long detachments;
    private long fullSince = NEVER;
    private long fullUntil = NEVER;

    Lane(String input, long reader, int partition, LaneSettings settings) {
        this.input = input;
        this.reader = reader;
        this.partition = partition;
        this.settings = settings;
    }

    int partition() {
        return partition;
    }

    /** True while the live cursor reads for the lane. */
    public boolean isAttached() {
        return answering && !behind;
    }

    /** True while the catch-up cursor reads for the lane. */
    public boolean isBehind() {
        return answering && behind;
    }

    /** True while the partition answers; otherwise nobody reads for the lane. */
    public boolean isAnswering() {
        return answering;
    }

    /** True from the moment when the lane was detached for being full until it rejoins. */
    public boolean isSlow() {
        return slow;
    }

    /** How often the lane has come to this state, as far as it was looked at. */
    public long changes(Occupancy to) {
        return changes[to.ordinal()];
    }

    /** How often the lane has fallen behind the live cursor. */
    public long detachments() {
        return detachments;
    }

    /** True once the partition has answered for the first time. */
    public boolean hasAnswered() {
        return session != null;
    }

    /** The session of the last answer, null before the first one. */
    public Session session() {
        return session;
    }

    /** Up to where the partition has applied what it was sent; meaningless before the first answer. */
    public long ackedTo() {
        return acked == null ? Long.MIN_VALUE : acked.position();
    }

    /** The {@code to} of the last delivery, where the next one begins; meaningless before the first answer. */
    public long sentTo() {
        return sent == null ? Long.MIN_VALUE : sent.position();
    }

    /** Up to where the reader has read for this lane; between {@link #sentTo} and this all is gathered or empty. */
    public long coveredTo() {
        return covered == null ? Long.MIN_VALUE : covered.position();
    }

    /** The credit that the partition last granted. */
    public Window window() {
        return window;
    }

    /** Number of deliveries in flight. */
    public int unacknowledged() {
        return unacknowledged.size();
    }

    /** Bytes in flight. */
    public long unacknowledgedBytes() {
        return unacknowledgedBytes;
    }

    /** Number of reads of which rows are in flight or gathered. */
    public int heldReads() {
        return unacknowledgedReads + gathered.size();
    }

    /** Bytes that wait to be sent. */
    public long gatheredBytes() {
        return gatheredBytes;
    }

    /** True once the partition has applied everything up to the end of the input. */
    public boolean isFinished() {
        return acked != null && acked.finished();
    }

    /** True if the partition has applied the mark that the input is idle, and nothing after it. */
    public boolean isIdle() {
        return acked != null && acked.idle();
    }

    /** How full the lane is. */
    public Occupancy occupancy() {
        if (window.deliveries() == 0) {
            return Occupancy.SATURATED;
        }
        double deliveries = (double) unacknowledged.size() / window.deliveries();
        double bytes = window.bytes() == 0 ? 0 : (double) unacknowledgedBytes / window.bytes();
        double reads = (double) unacknowledgedReads / settings.heldReadsMax();
        return Occupancy.of(Math.max(reads, Math.max(deliveries, bytes)));
    }

    /** True if a delivery of that many bytes may be sent now, as far as this lane's own window goes. */
    public boolean canSend(long bytes) {
        return answering && unacknowledged.size() < window.deliveries()
                && (unacknowledged.isEmpty() || unacknowledgedBytes + bytes <= window.bytes());
    }

    // What follows is between the lane and its reader.

    Standing covered() {
        return covered;
    }

    /** True if the partition has been sent, or is about to be sent, the end of the input. */
    boolean endCovered() {
        return covered.finished();
    }

    /** The rule which part of a read [from, to) goes to this lane: from the result on, or none of it if it is MAX. */
    long wantedFrom(long from, long to, boolean end) {
        if (!answering || covered.finished()) {
            return Long.MAX_VALUE;
        }
        long at = covered.position();
        return from <= at && (at < to || end && at == to) ? at : Long.MAX_VALUE;
    }

    /** The reader has read up to {@code to} for this lane, and found no rows but those given to {@link #gather}. */
    void cover(Standing to) {
        covered = to;
    }

    /** The input is idle at this position: the partition is to be told, if the reader has read up to there for it. */
    void markIdle(long at) {
        if (answering && covered.position() == at && !covered.finished()) {
            covered = covered.withIdle(true);
        }
    }

    void gather(D rows, long bytes, long now) {
        if (gathered.isEmpty()) {
            gatheredSince = now;
        }
        gathered.add(rows);
        gatheredBytes += bytes;
    }

    /** The rule that a lane holds back no more than so much, and the memory of no more reads than so many. */
    protected boolean hasRoom() {
        return gatheredBytes < settings.gatherBytes() && heldReads() < settings.heldReadsMax();
    }

    /** True if the lane can do with what comes at the catch-up cursor: for one without credit nothing is read again. */
    boolean canCatchUp() {
        return hasRoom() && canSend(gatheredBytes);
    }

    /** True if what the lane holds back should travel now, credit permitting. */
    boolean isDue(long now) {
        if (!answering || sent.covers(covered)) {
            return false;
        }
        if (covered.finished() || !gathered.isEmpty() && !hasRoom()) {
            return true;
        }
        if (gathered.isEmpty()) {
            return isProgressDue(now);
        }
        // Rows wait for others only while the partition has something to do; its ack sets them off.
        return unacknowledged.isEmpty() || now - gatheredSince >= settings.lingerMillis();
    }

    /** The rule that a lane without rows is told from time to time how far the reader has come. */
    protected boolean isProgressDue(long now) {
        return now - sentAt >= settings.progressMillis();
    }

    /** Makes one delivery of all that is gathered, or an empty one that tells of progress. */
    Delivery<D> flush(long now) {
        Delivery<D> delivery = new Delivery<>(input, session, sent.position(), covered.position(), covered.watermark(),
                covered.finished(), covered.idle(), gatheredBytes, gathered);
        if (!isWaiting()) {
            waitingSince = now;
        }
        unacknowledged.add(delivery);
        unacknowledgedBytes += gatheredBytes;
        unacknowledgedReads += gathered.size();
        gathered.clear();
        gatheredBytes = 0;
        sent = covered;
        sentAt = now;
        return delivery;
    }

    /** The first greeting is due at once. */
    void greetFrom(long now) {
        greetAt = now;
        greetings = 0;
    }

    boolean isGreetingDue(long now) {
        return now >= greetAt;
    }

    Greeting<D> greet(long now) {
        long delay = Math.min(settings.greetAgainMillisMax(), settings.greetAgainMillis() << Math.min(greetings, 16));
        // Spread over half of the delay, so that the readers of a stage don't knock at the same moment.
        long jitter = Long.remainderUnsigned(Routing.mix(Routing.hash(input) + 31L * partition + greetings), delay + 1);
        greetAt = now + delay - jitter / 2;
        greetings++;
        return new Greeting<>(input, reader);
    }

    /** The rule that a lane doesn't wait for an ack for ever. */
    protected boolean isProbeDue(long now) {
        return isWaiting() && now - Math.max(waitingSince, probedAt) >= settings.probeMillis();
    }

    Probe<D> probe(long now) {
        probedAt = now;
        return new Probe<>(input, session, sent);
    }

    /** The rule that a partition that doesn't answer for long is greeted again, and holds nobody back meanwhile. */
    protected boolean isSilent(long now) {
        return answering && isWaiting() && now - waitingSince >= settings.silentMillis();
    }

    /** The partition doesn't answer or is gone: nothing is gathered for it until it answers again. */
    void lose(long now, List<ReaderDecision<D>> out) {
        if (answering) {
            answering = false;
            // Nobody may have to wait for what it misses until it answers.
            exempt = true;
            covered = sent;
            releaseGathered(out);
            greetFrom(now);
        }
    }

    /**
     * From now on the catch-up cursor reads for the lane; what it only gathered is read again.
     *
     * @param isSlow whether that is because it is full
     * @param isExempt whether the live cursor may be ahead of it by more than usual
     */
    void fallBehind(boolean isSlow, boolean isExempt, List<ReaderDecision<D>> out) {
        behind = true;
        slow |= isSlow;
        exempt |= isExempt;
        detachments++;
        covered = sent;
        releaseGathered(out);
    }

    /** From now on the live cursor reads for the lane. */
    void rejoin() {
        behind = false;
        slow = false;
        exempt = false;
    }

    /** Whether the live cursor may be ahead of the lane by more than usual, because it came back so. */
    boolean isExempt() {
        return exempt;
    }

    /** The lane has come near enough to the live cursor. */
    void endExemption() {
        exempt = false;
    }

    /** Looks how full the lane is now: the times and counts of that are as exact as this is called often. */
    void look(long now) {
        if (session == null) {
            return;
        }
        if (isFullFor(settings.isolation().rejoinAfterMillis(), now)) {
            fullUntil = now;
        }
        Occupancy is = occupancy();
        if (is != seen) {
            seen = is;
            changes[is.ordinal()]++;
        }
        if (is == Occupancy.HEALTHY) {
            fullSince = NEVER;
        } else if (is == Occupancy.SATURATED && fullSince == NEVER) {
            fullSince = now;
        }
    }

    /** Whether the lane was Saturated so long ago and has not been Healthy since: an ack now and then is not enough. */
    boolean isFullFor(long millis, long now) {
        return fullSince != NEVER && now - fullSince >= millis;
    }

    /** The rule that a lane must have kept up for a while to be read for with the others again. */
    protected boolean keepsUp(long now) {
        long millis = settings.isolation().rejoinAfterMillis();
        return !isFullFor(millis, now) && (fullUntil == NEVER || now - fullUntil >= millis);
    }

    /** Whether the lane may be about to be detached or to rejoin. */
    boolean isInQuestion() {
        return answering && (behind || fullSince != NEVER);
    }

    /** The partition has ended and reads nothing any more; what it was sent is kept for its next start, for a while. */
    void gone(long now) {
        goneAt = now;
    }

    /** Rows for a partition that doesn't come back must not keep the reader from reading for the others. */
    boolean isGoneForLong(long now) {
        return goneAt != Long.MAX_VALUE && now - goneAt >= settings.silentMillis() && !unacknowledged.isEmpty();
    }

    /** Lets go of what the partition was sent: its next start says where it stands, and that is read again. */
    void forget(List<ReaderDecision<D>> out) {
        for (Delivery<D> delivery : unacknowledged) {
            drop(delivery, out);
        }
        unacknowledged.clear();
    }

    /** The rule that an answer of an older session is none. */
    protected boolean isStale(Session given, Session current) {
        return given.reader() != reader || current != null && current.isNewerThan(given);
    }

    /** Takes over where the partition stands, and sends again what it misses and this lane holds. */
    void answered(Answer answer, long now, List<ReaderDecision<D>> out) {
        if (isStale(answer.session(), session)) {
            return;
        }
        boolean newer = session == null || answer.session().isNewerThan(session);
        if (session == null) {
            sentAt = now;
        }
        boolean sameIncarnation = session != null && answer.session().incarnation() == session.incarnation();
        session = answer.session();
        answering = true;
        goneAt = Long.MAX_VALUE;
        greetAt = Long.MAX_VALUE;
        waitingSince = now;
        probedAt = now;
        acknowledge(answer.applied(), out);
        if (!sameIncarnation || answer.applied().covers(acked)) {
            acked = answer.applied();
            window = answer.window();
        }
        if (newer) {
            resume(answer.wants(), now, out);
        }
    }

    private void acknowledge(Standing applied, List<ReaderDecision<D>> out) {
        while (!unacknowledged.isEmpty()) {
            Delivery<D> oldest = unacknowledged.peek();
            if (!applied.covers(oldest.standing())) {
                return;
            }
            unacknowledged.remove();
            drop(oldest, out);
        }
    }

    /** A new session begins at {@code wanted}: from memory where that is held without a hole, else by reading again. */
    private void resume(Standing wanted, long now, List<ReaderDecision<D>> out) {
        Delivery<D> first = firstBeyond(wanted);
        if (first != null && first.from() == wanted.position()) {
            resend(wanted, out);
            sentAt = now;
        } else if (first != null || sent == null || !wanted.equals(sent)) {
            restart(wanted, out);
        }
    }

    private Delivery<D> firstBeyond(Standing wanted) {
        for (Delivery<D> delivery : unacknowledged) {
            if (!wanted.covers(delivery.standing())) {
                return delivery;
            }
        }
        return null;
    }

    private void resend(Standing wanted, List<ReaderDecision<D>> out) {
        int held = unacknowledged.size();
        for (int i = 0; i < held; i++) {
            Delivery<D> delivery = unacknowledged.remove();
            // What the partition has taken and not applied yet stays here as well, since it uses up credit.
            if (!wanted.covers(delivery.standing())) {
                delivery = delivery.in(session);
                out.add(new ReaderDecision.Deliver<>(partition, delivery));
            }
            unacknowledged.add(delivery);
        }
    }

    private void restart(Standing wanted, List<ReaderDecision<D>> out) {
        Iterator<Delivery<D>> held = unacknowledged.iterator();
        while (held.hasNext()) {
            Delivery<D> delivery = held.next();
            if (!wanted.covers(delivery.standing())) {
                held.remove();
                drop(delivery, out);
            }
        }
        releaseGathered(out);
        sent = wanted;
        covered = wanted;
    }

    private void drop(Delivery<D> delivery, List<ReaderDecision<D>> out) {
        unacknowledgedBytes -= delivery.bytes();
        unacknowledgedReads -= delivery.frames().size();
        for (D rows : delivery.frames()) {
            out.add(new ReaderDecision.Release<>(rows));
        }
    }

    private void releaseGathered(List<ReaderDecision<D>> out) {
        for (D rows : gathered) {
            out.add(new ReaderDecision.Release<>(rows));
        }
        gathered.clear();
        gatheredBytes = 0;
    }

    /** When {@link ReaderLanes#tick} would next find something to do here if nothing else happens. */
    long wakeAt(boolean maySend) {
        long at = greetAt;
        if (goneAt != Long.MAX_VALUE && !unacknowledged.isEmpty()) {
            at = Math.min(at, goneAt + settings.silentMillis());
        }
        if (isWaiting()) {
            at = Math.min(at, Math.max(waitingSince, probedAt) + settings.probeMillis());
            if (answering) {
                at = Math.min(at, waitingSince + settings.silentMillis());
            }
        }
        if (answering && maySend && !covered.equals(sent)) {
            at = Math.min(at, gathered.isEmpty() ? sentAt + settings.progressMillis()
                    : gatheredSince + (unacknowledged.isEmpty() ? 0 : settings.lingerMillis()));
        }
        return at;
    }

    /** True if an answer is wanted. What another reader sent before this one came may be missing from the ack, too. */
    private boolean isWaiting() {
        return session != null && (!acked.covers(sent) || window.deliveries() == 0);
    }
}
