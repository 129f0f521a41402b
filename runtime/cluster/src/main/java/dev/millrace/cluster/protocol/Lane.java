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
 * <p>A lane is <em>attached</em> while its partition answers. A detached one keeps what it has sent but gathers
 * nothing, and holds nobody back; the answer that attaches it again says what to send from memory, or from where to
 * read again.
 *
 * @param <D> rows in whatever form the lane carries them
 */
public class Lane<D> {
    private final String input;
    private final long reader;
    private final int partition;
    private final LaneSettings settings;

    private Session session;
    private boolean attached;
    private Window window = Window.CLOSED;
    private Standing acked;
    private Standing sent;
    private Standing covered;
    private final ArrayDeque<Delivery<D>> unacknowledged = new ArrayDeque<>();
    private long unacknowledgedBytes;
    private final List<D> gathered = new ArrayList<>();
    private long gatheredBytes;
    private long gatheredSince;

    private long sentAt;
    private long waitingSince;
    private long probedAt;
    private long greetAt;
    private long goneAt = Long.MAX_VALUE;
    private int greetings;

    Lane(String input, long reader, int partition, LaneSettings settings) {
        this.input = input;
        this.reader = reader;
        this.partition = partition;
        this.settings = settings;
    }

    int partition() {
        return partition;
    }

    /** True while the partition answers; a detached lane is not read for. */
    public boolean isAttached() {
        return attached;
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
        return Occupancy.of(Math.max(deliveries, bytes));
    }

    /** True if a delivery of that many bytes may be sent now, as far as this lane's own window goes. */
    public boolean canSend(long bytes) {
        return attached && unacknowledged.size() < window.deliveries()
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
        if (!attached || covered.finished()) {
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
        if (attached && covered.position() == at && !covered.finished()) {
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

    boolean hasRoom() {
        return gatheredBytes < settings.gatherBytes();
    }

    /** True if what the lane holds back should travel now, credit permitting. */
    boolean isDue(long now) {
        if (!attached || sent.covers(covered)) {
            return false;
        }
        if (covered.finished() || !hasRoom()) {
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
        return attached && isWaiting() && now - waitingSince >= settings.silentMillis();
    }

    boolean isAnswered() {
        return session != null;
    }

    /** The partition doesn't answer or is gone: nothing is gathered for it until it answers again. */
    void detach(long now, List<ReaderDecision<D>> out) {
        if (attached) {
            attached = false;
            covered = sent;
            releaseGathered(out);
            greetFrom(now);
        }
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
        attached = true;
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
            if (attached) {
                at = Math.min(at, waitingSince + settings.silentMillis());
            }
        }
        if (attached && maySend && !covered.equals(sent)) {
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
