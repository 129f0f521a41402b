// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Partitions that make epochs durable and release their rows, over logs and targets that fail in all ways, with virtual
 * time. All chance comes from the seed. Readers, lanes and late rows are {@link Simulation}'s; here rows just come, in
 * any interleaving of the splits.
 *
 * <p>After {@link EpochPlan#faultMillis} nothing goes wrong any more, and every row must have reached the target once,
 * in order, or its partition says why it can't go on.
 */
final class EpochSimulation {
    private static final int KEYS = 6;
    private static final long REST_MILLIS_MAX = 60_000;
    private static final int EVENTS_MAX = 200_000;

    final EpochPlan plan;
    final EpochRules rules;
    final Random random;
    private final List<List<Entry>> splits = new ArrayList<>();
    /** The partitions of the newest generation. */
    private List<SimulatedPlace> places = new ArrayList<>();
    private SimulatedInputs inputs;
    private SimulatedSavepoint savepoint;
    private int restores;
    private final Map<String, SimulatedLog> logs = new HashMap<>();
    private final Map<String, SimulatedTarget> targets = new HashMap<>();
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<Integer, Integer> shownCounts = new HashMap<>();
    private final Set<List<Long>> shown = new HashSet<>();
    private final Set<List<Long>> badShown = new HashSet<>();
    private int weeksLeft = 2;
    private long now;
    private long sequence;
    private long lastFault;

    /** A row of the input. */
    record Entry(long position, int key, boolean bad, boolean closes) {}

    private record Event(long at, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
        }
    }

    EpochSimulation(EpochPlan plan, EpochRules rules) {
        this.plan = plan;
        this.rules = rules;
        random = new Random(plan.seed());
        for (int split = 0; split < plan.splits(); split++) {
            List<Entry> entries = new ArrayList<>();
            for (int position = 0; position < plan.rows(); position++) {
                entries.add(new Entry(position, random.nextInt(KEYS), random.nextInt(12) == 0,
                        random.nextInt(8) == 0));
            }
            splits.add(entries);
        }
    }

    void run() {
        for (int index = 0; index < plan.partitions(); index++) {
            places.add(new SimulatedPlace(this, 1, index, plan.partitions(), null, new long[plan.splits()]));
        }
        inputs = new SimulatedInputs(this);
        places.forEach(place -> after(random.nextInt(20), place::startOwner));
        planFaults();
        planSavepoints();
        long handled = 0;
        while (!isAtRest()) {
            Event event = events.poll();
            if (event == null) {
                throw new ProtocolViolation("nothing happens any more: " + places + " " + savepoint + " " + inputs);
            }
            now = event.at();
            if (now > lastFault + REST_MILLIS_MAX || ++handled > EVENTS_MAX) {
                throw new ProtocolViolation("no rest at " + now + " ms after " + handled + " events: " + places + " "
                        + savepoint + " " + inputs);
            }
            event.action().run();
        }
        check();
    }

    private void planFaults() {
        lastFault = plan.faultMillis();
        for (int i = 0; i < plan.crashes(); i++) {
            if (random.nextBoolean()) {
                fault(owner -> owner.place().kill(owner));
            } else {
                fault(owner -> owner.place().target.isCommitting(), owner -> owner.place().kill(owner));
            }
        }
        for (int i = 0; i < plan.sleeps(); i++) {
            boolean writing = random.nextBoolean();
            fault(owner -> owner.isWriting() || !writing, owner -> {
                owner.sleep(random.nextInt(random.nextInt(3) == 0 ? 60 : 4_000));
                if (random.nextInt(4) != 0) {
                    after(random.nextInt(40), () -> {
                        if (owner == owner.place().newest()) {
                            owner.place().startOwner();
                        }
                    });
                }
            });
        }
        for (int i = 0; i < plan.stops(); i++) {
            fault(SimulatedOwner::prepareStop);
        }
        for (int i = 0; i < plan.outages(); i++) {
            fault(owner -> owner.place().target.goAway(random.nextInt(500)));
        }
        for (int i = 0; i < plan.snapshotLosses(); i++) {
            fault(owner -> owner.place().log.stored() > 1, owner -> {
                owner.place().killAll();
                owner.place().log.loseSnapshot();
            });
        }
        for (int i = 0; i < plan.losses(); i++) {
            fault(owner -> {
                owner.place().killAll();
                owner.place().log.lose(1 + random.nextInt(6), random.nextInt(3) != 0);
                for (int next = 0; next < 3; next++) {
                    after(random.nextInt(300), () -> killBeforeItHasOpened(owner.place()));
                }
            });
        }
    }

    /** So that the target has no say yet in what has become of the log. */
    private void killBeforeItHasOpened(SimulatedPlace place) {
        SimulatedOwner owner = place.newest();
        if (owner.isAlive() && owner.isRunning() && !owner.isOpened() && !place.isAtRest()) {
            place.kill(owner);
        }
    }

    private void planSavepoints() {
        for (int i = 0; i < plan.savepoints(); i++) {
            after(random.nextInt(150), this::takeSavepoint);
            if (random.nextInt(3) == 0) {
                after(random.nextLong(plan.faultMillis()), this::restartReader);
            }
            if (random.nextInt(8) == 0) {
                after(random.nextLong(plan.faultMillis()), () -> {
                    if (savepoint != null) {
                        savepoint.crash();
                        savepoint = null;
                    }
                });
            }
        }
    }

    /** As soon as partitions freeze. */
    private void restartReader() {
        if (savepoint != null && savepoint.isFreezing()) {
            after(random.nextInt(40), () -> inputs.restart(random.nextInt(plan.splits())));
        } else if (isFaulty()) {
            after(3, this::restartReader);
        }
    }

    private void takeSavepoint() {
        if (isAtRest()) {
            return;
        }
        if (savepoint == null) {
            savepoint = new SimulatedSavepoint(this);
            savepoint.ask();
        } else {
            after(50, this::takeSavepoint);
        }
    }

    void savepointEnded() {
        savepoint = null;
    }

    /** A savepoint has to hold what a single thread has made of all rows before the cut. */
    void checkSavepoint(long[] cut, Collection<SimulatedState.Portion> copies) {
        Map<Integer, Integer> counts = new HashMap<>();
        Set<List<Long>> held = new HashSet<>();
        for (SimulatedState.Portion copy : copies) {
            copy.counts().forEach((key, count) -> counts.merge(key, count, Integer::sum));
            copy.held().forEach(row -> held.add(List.of((long) row.split(), row.position())));
        }
        for (int split = 0; split < plan.splits(); split++) {
            for (Entry entry : splits.get(split).subList(0, (int) cut[split])) {
                List<Long> id = List.of((long) split, entry.position());
                if (!entry.bad()) {
                    counts.merge(entry.key(), -1, Integer::sum);
                    if (!held.contains(id) && !shown.contains(id)) {
                        throw new ProtocolViolation("a savepoint leaves out " + entry + " of split " + split);
                    }
                }
            }
        }
        if (counts.values().stream().anyMatch(count -> count != 0)) {
            throw new ProtocolViolation("a savepoint is not at its cut: " + counts);
        }
    }

    /** The job goes on with other partitions. */
    void restored(List<SimulatedPlace> now) {
        restores++;
        places = new ArrayList<>(now);
        places.forEach(SimulatedPlace::startOwner);
    }

    int restores() {
        return restores;
    }

    /** Something happens to the newest owner of a partition that has work to do. */
    private void fault(Consumer<SimulatedOwner> what) {
        fault(_ -> true, what);
    }

    /** The same, as soon as it can. */
    private void fault(Predicate<SimulatedOwner> when, Consumer<SimulatedOwner> what) {
        after(random.nextLong(plan.faultMillis()), () -> look(places.get(random.nextInt(places.size())), when, what));
    }

    private void look(SimulatedPlace place, Predicate<SimulatedOwner> when, Consumer<SimulatedOwner> what) {
        SimulatedOwner owner = place.newest();
        if (owner == null || place.isAtRest()) {
            return;
        }
        if (owner.isAlive() && when.test(owner)) {
            what.accept(owner);
        } else if (isFaulty()) {
            after(3, () -> look(place, when, what));
        }
    }

    // ---- Time

    long now() {
        return now;
    }

    boolean isFaulty() {
        return now < plan.faultMillis();
    }

    void after(long millis, Runnable action) {
        at(now + millis, action);
    }

    void at(long time, Runnable action) {
        events.add(new Event(time, sequence++, action));
    }

    long restartDelay() {
        if (isFaulty() && weeksLeft > 0 && random.nextDouble() < plan.weeks()) {
            weeksLeft--;
            lastFault += 2 * SimulatedTarget.WEEK_MILLIS;
            return SimulatedTarget.WEEK_MILLIS + 1;
        }
        return random.nextInt(50);
    }

    // ---- What there is

    SimulatedLog log(String name) {
        return logs.computeIfAbsent(name, _ -> new SimulatedLog(this));
    }

    SimulatedTarget target(String name) {
        return targets.computeIfAbsent(name, _ -> new SimulatedTarget(this, plan.transactional()));
    }

    List<SimulatedPlace> places() {
        return places;
    }

    SimulatedInputs inputs() {
        return inputs;
    }

    Entry entry(int split, long position) {
        return splits.get(split).get((int) position);
    }

    boolean isEnd(long[] positions) {
        return Arrays.stream(positions).allMatch(position -> position == plan.rows());
    }

    // ---- What the world sees

    void show(SimulatedRow row) {
        if (!shown.add(List.of((long) row.split(), row.position()))) {
            throw new ProtocolViolation(row + " comes twice");
        }
        int count = shownCounts.merge(row.key(), 1, Integer::sum);
        if (row.count() != count) {
            throw new ProtocolViolation(row + " where " + count + " is right");
        }
    }

    void bad(int split, long position) {
        badShown.add(List.of((long) split, position));
    }

    void checkOutbox(long bytes) {
        if (bytes > SimulatedOwner.OUTBOX_BYTES + SimulatedRow.BYTES) {
            throw new ProtocolViolation("an outbox has grown to " + bytes);
        }
    }

    void checkInFlight(long epochs) {
        if (epochs > SimulatedOwner.IN_FLIGHT_MAX) {
            throw new ProtocolViolation(epochs + " epochs are on their way");
        }
    }

    private boolean isAtRest() {
        return places.stream().allMatch(SimulatedPlace::isAtRest);
    }

    private void check() {
        long rows = 0;
        long badRecords = 0;
        boolean all = true;
        for (SimulatedPlace place : places) {
            if (place.suspended() != null) {
                all = false;
            } else {
                checkShown(place);
                rows += place.state().rows();
                badRecords += place.state().badRecords();
            }
        }
        long bad = splits.stream().flatMap(List::stream).filter(Entry::bad).count();
        if (all && (rows + bad != (long) plan.splits() * plan.rows() || badRecords != bad)) {
            throw new ProtocolViolation(rows + " rows and " + badRecords + " bad records counted, there are " + bad
                    + " bad ones of " + plan.splits() * plan.rows());
        }
    }

    private void checkShown(SimulatedPlace place) {
        for (int split = 0; split < plan.splits(); split++) {
            for (Entry entry : splits.get(split)) {
                List<Long> id = List.of((long) split, entry.position());
                if (entry.bad() && entry.position() % place.partitions == place.index && !badShown.contains(id)
                        || !entry.bad() && place.owns(entry.key()) && !shown.contains(id)) {
                    throw new ProtocolViolation(place + " has lost " + entry + " of split " + split);
                }
            }
        }
    }
}
