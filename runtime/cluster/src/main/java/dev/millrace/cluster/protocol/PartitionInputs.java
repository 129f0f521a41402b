// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The inputs of one partition: where it stands in each, which reader it serves, and the watermark that follows.
 *
 * <p>A delivery goes through two steps. {@link #offered} decides whether it is <em>taken</em>; from then on the
 * partition wants what comes after it. {@link #applied} says that its rows are in the state; only this moves the
 * checkpoint, the watermark and the ack. A partition that applies at once calls the two in a row; one whose operators
 * are busy keeps taken deliveries in a queue, which the window bounds.
 *
 * <pre>
 *   no split list ──splits()──▶ ready ──greeted()──▶ served by reader n ──offered()──▶ taken ──applied()──▶ applied
 *                                                        │  ▲ round + 1
 *                                                        └──┘ gap
 * </pre>
 *
 * <p>The protected methods are the single rules; tests overrule them one at a time to show that each is needed.
 *
 * @param <D> rows in whatever form the lane carries them
 */
public class PartitionInputs<D> {
    private final int partition;
    private final long incarnation;
    private final Map<String, Input> inputs = new LinkedHashMap<>();
    private long listVersion;
    private long watermark;
    private Window window;

    private static final class Input {
        private Standing taken;
        private Standing applied;
        private Session session;
        /** True once a lane has spoken in a session of this incarnation, so it must have had an answer. */
        private boolean met;

        private Input(Standing standing) {
            this.taken = standing;
            this.applied = standing;
        }
    }

    /**
     * @param partition index of the partition in its stage
     * @param incarnation incarnation of the partition, higher than that of every earlier start
     * @param restored what the checkpoint holds, {@link InputVector#EMPTY} at the first start
     * @param window credit of each lane
     */
    public PartitionInputs(int partition, long incarnation, InputVector restored, Window window) {
        this.partition = partition;
        this.incarnation = incarnation;
        this.window = window;
        this.listVersion = restored.listVersion();
        this.watermark = restored.watermark();
        for (InputVector.Entry entry : restored.inputs()) {
            // While the partition was away, the input may have woken.
            inputs.put(entry.input(), new Input(entry.standing().withIdle(false)));
        }
    }

    /**
     * Takes over a split list of the job. An older one than that in force changes nothing, so the list may be sent
     * again at will. If this returns true, the partition announces itself to the readers of what is new: see
     * {@link #announcements}.
     *
     * @throws IllegalArgumentException if the list lacks an input of the one before
     */
    public boolean splits(SplitList list) {
        if (list.version() <= listVersion) {
            return false;
        }
        Map<String, Input> listed = new LinkedHashMap<>();
        for (SplitList.Split split : list.splits()) {
            Input known = inputs.get(split.input());
            listed.put(split.input(), known != null ? known : new Input(Standing.atStart(split.start())));
        }
        if (!listed.keySet().containsAll(inputs.keySet())) {
            throw new IllegalArgumentException("split list " + list.version() + " lacks an input of list "
                    + listVersion);
        }
        inputs.clear();
        inputs.putAll(listed);
        listVersion = list.version();
        updateWatermark();
        return true;
    }

    /**
     * What to send to the readers, one message for each unfinished input whose lane hasn't spoken to this incarnation
     * yet. To be asked at the start, after a new split list, and then again and again with growing delay until there is
     * none: a reader that has nothing in flight has no other way to find out that the partition fell back to its
     * checkpoint. A greeting is no sign that it has, since it may be an old one.
     */
    public List<Announcement> announcements() {
        List<Announcement> announcements = new ArrayList<>();
        inputs.forEach((name, input) -> {
            if (!input.met && !input.applied.finished()) {
                announcements.add(new Announcement(name, partition, incarnation));
            }
        });
        return announcements;
    }

    /** A reader greets. The highest number is served; the answer to the same greeting is the same. */
    public ToReader greeted(Greeting<D> greeting) {
        return meet(greeting.input(), greeting.reader());
    }

    /** A lane asks where the partition stands. What the lane has sent and the partition hasn't had is lost. */
    public ToReader probed(Probe<D> probe) {
        Input input = inputs.get(probe.input());
        if (input != null && probe.session().equals(input.session)) {
            input.met = true;
            if (!input.taken.covers(probe.sent())) {
                input.session = input.session.nextRound();
            }
            return answer(probe.input(), input);
        }
        // A probe of an older round, or to an earlier incarnation, comes from a lane that missed an answer.
        return meet(probe.input(), probe.session().reader());
    }

    /** Decides about a delivery. */
    public InputDecision<D> offered(Delivery<D> delivery) {
        String name = delivery.input();
        Input input = inputs.get(name);
        if (input == null) {
            return drop(InputDecision.Reason.NOT_READY, new NotReady(name, partition));
        }
        Session session = delivery.session();
        if (input.session != null && isReplaced(session.reader(), input.session.reader())) {
            return drop(InputDecision.Reason.REPLACED, new Replaced(name, partition, input.session.reader()));
        }
        if (input.session == null || !isCurrent(session, input.session)) {
            return new InputDecision.Drop<>(InputDecision.Reason.STALE, Optional.empty());
        }
        input.met = true;
        if (isSeen(delivery, input.taken)) {
            return drop(InputDecision.Reason.SEEN, answer(name, input));
        }
        if (isGap(delivery, input.taken)) {
            input.session = input.session.nextRound();
            return drop(InputDecision.Reason.GAP, answer(name, input));
        }
        input.taken = delivery.standing();
        return new InputDecision.Take<>(delivery);
    }

    /**
     * The rows of a taken delivery are in the state: the position and the watermark move. The result is the ack for the
     * reader; of several in a row for one input only the last needs to be sent.
     *
     * @throws IllegalStateException if deliveries of one input are applied in another order than they were taken
     */
    public Answer applied(InputDecision.Take<D> take) {
        Delivery<D> delivery = take.delivery();
        Input input = inputs.get(delivery.input());
        if (delivery.from() != input.applied.position()) {
            throw new IllegalStateException("delivery from " + delivery.from() + " of " + delivery.input()
                    + " applied at " + input.applied.position());
        }
        // Only the reader that is served may say so; the one before it no longer knows.
        boolean isServed = input.session != null && input.session.reader() == delivery.session().reader();
        input.applied = delivery.standing().withIdle(delivery.idle() && isServed);
        updateWatermark();
        return answer(delivery.input(), input);
    }

    /**
     * Smallest watermark of the inputs in milliseconds. Finished and idle ones don't count; a listed one of which
     * nothing has been heard holds it at {@link Long#MIN_VALUE}. {@link Long#MAX_VALUE} once all are finished. When none is
     * left to count, because all others are idle, it is the greatest that an input has reached. Never goes back.
     */
    public long watermark() {
        return watermark;
    }

    /** True once there is a split list and every input has been applied to its end. */
    public boolean isFinished() {
        if (listVersion == 0) {
            return false;
        }
        for (Input input : inputs.values()) {
            if (!input.applied.finished()) {
                return false;
            }
        }
        return true;
    }

    /** What the checkpoint of this moment holds. */
    public InputVector vector() {
        List<InputVector.Entry> entries = new ArrayList<>();
        inputs.forEach((name, input) -> entries.add(new InputVector.Entry(name, input.applied)));
        return new InputVector(listVersion, watermark, entries);
    }

    /** How far an input has been applied; null if it isn't listed. */
    public Standing standing(String input) {
        Input known = inputs.get(input);
        return known == null ? null : known.applied;
    }

    /**
     * Changes the credit of every lane. What is in flight already may exceed a smaller window.
     *
     * @return one answer for each reader that is served, to be sent so that a closed lane wakes up; if it is lost, the
     *     lane's probe finds out
     */
    public List<Answer> resize(Window newWindow) {
        window = newWindow;
        List<Answer> answers = new ArrayList<>();
        inputs.forEach((name, input) -> {
            if (input.session != null) {
                answers.add(answer(name, input));
            }
        });
        return answers;
    }

    /** The rule that the highest reader number is served. */
    protected boolean isReplaced(long reader, long served) {
        return reader < served;
    }

    /** The rule that only the current session is heard. */
    protected boolean isCurrent(Session given, Session current) {
        return given.equals(current);
    }

    /** The rule that what has been had isn't taken again; nothing comes after the end of an input. */
    protected boolean isSeen(Delivery<D> delivery, Standing taken) {
        return delivery.from() < taken.position() || taken.covers(delivery.standing()) || taken.finished();
    }

    /** The rule that a delivery doesn't begin behind where the partition stands. */
    protected boolean isGap(Delivery<D> delivery, Standing taken) {
        return delivery.from() > taken.position();
    }

    private ToReader meet(String name, long reader) {
        Input input = inputs.get(name);
        if (input == null) {
            return new NotReady(name, partition);
        }
        if (input.session != null && isReplaced(reader, input.session.reader())) {
            return new Replaced(name, partition, input.session.reader());
        }
        if (input.session == null || input.session.reader() != reader) {
            input.session = new Session(incarnation, reader, 0);
            // A reader that has just started can't know yet that nothing comes: it has to find out anew.
            input.taken = input.taken.withIdle(false);
            input.applied = input.applied.withIdle(false);
        }
        return answer(name, input);
    }

    private Answer answer(String name, Input input) {
        return new Answer(name, partition, input.session, input.taken, input.applied, window);
    }

    private InputDecision<D> drop(InputDecision.Reason reason, ToReader reply) {
        return new InputDecision.Drop<>(reason, Optional.of(reply));
    }

    private void updateWatermark() {
        String slowest = slowestInput();
        if (slowest != null) {
            watermark = Math.max(watermark, inputs.get(slowest).applied.watermark());
        } else if (inputs.values().stream().allMatch(input -> input.applied.finished())) {
            watermark = Long.MAX_VALUE;
        } else {
            // What the last one to count would have left, had the others fallen idle before it: so it doesn't matter
            // which of them did so first.
            for (Input input : inputs.values()) {
                watermark = Math.max(watermark, input.applied.watermark());
            }
        }
    }

    /** The input that holds the watermark, or null if all are finished or idle. */
    public String slowestInput() {
        String slowest = null;
        long smallest = Long.MAX_VALUE;
        for (Map.Entry<String, Input> entry : inputs.entrySet()) {
            Standing standing = entry.getValue().applied;
            if (counts(standing) && (slowest == null || standing.watermark() < smallest)) {
                slowest = entry.getKey();
                smallest = standing.watermark();
            }
        }
        return slowest;
    }

    /** The rule which inputs the watermark waits for. */
    protected boolean counts(Standing standing) {
        return !standing.finished() && !standing.idle();
    }
}
