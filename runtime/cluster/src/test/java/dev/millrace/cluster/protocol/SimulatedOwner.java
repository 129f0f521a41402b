// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import dev.millrace.engine.error.MillraceException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * One start of a partition: the shell of keeper, operators and releaser around the rules. It may be killed at any point,
 * and it may sleep: then all that it would do, and all that it is told, waits until it wakes.
 */
final class SimulatedOwner {
    static final int IN_FLIGHT_MAX = 3;
    static final long EPOCH_BYTES = 12 * SimulatedRow.BYTES;
    static final long OUTBOX_BYTES = 40 * SimulatedRow.BYTES;

    private static final long RELEASE_WAIT_MILLIS = 100;

    private final EpochSimulation simulation;
    private final EpochRules rules;
    private final SimulatedPlace place;
    private boolean alive = true;
    private long wakesAt;

    // The keeper.
    private final EpochLog log;
    private final ArrayDeque<SimulatedLog.Epoch> toKeep = new ArrayDeque<>();
    private boolean writing;
    private long lastSlot;
    private long confirmedAt;
    private EpochLog.Snapshot storing;

    // The partition.
    private final SimulatedState state = new SimulatedState();
    private long[] positions;
    private EpochNumbers numbers;
    private Images images;
    private boolean changed;
    private boolean due;
    private boolean finished;
    private boolean stopping;
    private boolean lastEpochEnded;
    private long stopDeadline;
    private boolean ended;
    private List<SimulatedRow> staged = new ArrayList<>();
    private SimulatedLog.Epoch waiting;
    private int badUnderWay;
    private long notedMarker = Releases.UNKNOWN;
    private boolean running;
    /** Whether rows waited at the start. */
    private boolean waited;

    // Its output.
    private Releases releases;
    private final Deque<SimulatedLog.Epoch> unreleased = new ArrayDeque<>();
    private boolean opening;
    private long token;

    SimulatedOwner(SimulatedPlace place) {
        this.place = place;
        simulation = place.simulation;
        rules = simulation.rules;
        log = rules.log(place.toString());
    }

    // ---- Life

    /** Does something later, if it is still there, and awake. */
    private void later(long millis, Runnable action) {
        simulation.after(millis, () -> {
            if (!alive) {
                return;
            }
            if (simulation.now() < wakesAt) {
                later(wakesAt - simulation.now(), action);
                return;
            }
            try {
                action.run();
            } catch (MillraceException e) {
                place.suspend(this, e.getMessage());
            }
        });
    }

    private long chance(int millisMax) {
        return simulation.random.nextInt(millisMax);
    }

    void kill() {
        alive = false;
    }

    SimulatedPlace place() {
        return place;
    }

    SimulatedState state() {
        return state;
    }

    boolean hasWaited() {
        return waited;
    }

    boolean isAlive() {
        return alive;
    }

    void sleep(long millis) {
        wakesAt = simulation.now() + millis;
    }

    private void stop(boolean inOrder) {
        alive = false;
        place.ended(this, inOrder);
    }

    void prepareStop() {
        later(0, () -> {
            stopping = true;
            stopDeadline = simulation.now() + RELEASE_WAIT_MILLIS;
            if (running) {
                proceed();
            } else {
                stop(false);
            }
        });
    }

    // ---- Recovery

    void start() {
        later(chance(5), () -> {
            SimulatedLog.Stored snapshot = place.log.newestSnapshot();
            // Between the two, others may go on.
            later(chance(5), () -> replay(snapshot));
        });
    }

    private void replay(SimulatedLog.Stored snapshot) {
        positions = place.start.clone();
        if (snapshot == null) {
            if (place.initial != null) {
                state.restore(place.initial);
            }
        } else {
            EpochLog.Snapshot image = snapshot.image();
            log.image(image.number(), image.firstEpoch(), image.lastEpoch(), snapshot.incarnation());
        }
        int epochs = 0;
        long bytes = 0;
        for (SimulatedLog.Event event : place.log.read(snapshot == null ? 0 : snapshot.image().number())) {
            switch (event) {
                case SimulatedLog.Claim claim -> log.started(claim.incarnation());
                case SimulatedLog.Epoch epoch -> {
                    log.epoch(epoch.epoch(), epoch.incarnation(), epoch.begins());
                    take(epoch);
                    epochs++;
                    bytes += epoch.state().bytes();
                }
            }
        }
        lastSlot = place.log.highest();
        waited = !unreleased.isEmpty() && !place.isSettled();
        confirmedAt = simulation.now();
        images = new Images(epochs, bytes);
        numbers = rules.numbers(log.lastEpoch(), IN_FLIGHT_MAX);
        releases = rules.releases(place.toString(), notedMarker, log.lastEpoch());
        unreleased.forEach(epoch -> releases.add(epoch.epoch(), bytes(epoch)));
        long incarnation = log.claim();
        if (!rules.claimsFirst()) {
            open(() -> claim(incarnation));
            return;
        }
        claim(incarnation);
    }

    private void take(SimulatedLog.Epoch epoch) {
        state.restore(epoch.state());
        positions = epoch.positions().clone();
        finished = epoch.finished();
        notedMarker = epoch.marker();
        while (!unreleased.isEmpty() && unreleased.getFirst().epoch() <= notedMarker) {
            unreleased.removeFirst();
        }
        if (!epoch.outbox().isEmpty()) {
            unreleased.add(epoch);
        }
    }

    private static long bytes(SimulatedLog.Epoch epoch) {
        return epoch.outbox().size() * SimulatedRow.BYTES;
    }

    private void claim(long incarnation) {
        write(new SimulatedLog.Claim(incarnation), () -> {
            running = true;
            if (incarnation > 1) {
                open(() -> {});
            }
            tick();
            deliver();
            proceed();
        });
    }

    // ---- The keeper

    private void write(SimulatedLog.Event event, Runnable written) {
        long slot = lastSlot + 1;
        long silentSince = confirmedAt;
        boolean doubtful = simulation.isFaulty() && !place.log.isDamaged()
                && simulation.random.nextDouble() < simulation.plan.unknown();
        int kind = doubtful ? simulation.random.nextInt(3) : -1;
        long delay = 1 + chance(simulation.plan.writeMillis());
        switch (kind) {
            // Never written; written, and nobody hears of it; written when nobody waits for it any more.
            case 0 -> later(delay, () -> onWritten(SimulatedLog.Outcome.UNKNOWN, written));
            case 1 -> simulation.after(delay, () -> {
                place.log.publish(slot, event, silentSince);
                later(chance(5), () -> onWritten(SimulatedLog.Outcome.UNKNOWN, written));
            });
            case 2 -> {
                later(delay, () -> onWritten(SimulatedLog.Outcome.UNKNOWN, written));
                simulation.after(delay + chance(200), () -> place.log.publish(slot, event, silentSince));
            }
            // The thread of a sleeper stands still just before it publishes.
            default -> later(delay, () -> {
                SimulatedLog.Outcome outcome = place.log.publish(slot, event, silentSince);
                later(chance(3), () -> onWritten(outcome, written));
            });
        }
    }

    private void onWritten(SimulatedLog.Outcome outcome, Runnable written) {
        if (outcome == SimulatedLog.Outcome.TAKEN && rules.goesOnWithoutSlot()) {
            lastSlot++;
            written.run();
        } else if (outcome == SimulatedLog.Outcome.WRITTEN
                || outcome == SimulatedLog.Outcome.UNKNOWN && rules.goesOnInDoubt()) {
            lastSlot++;
            confirmedAt = simulation.now();
            written.run();
        } else {
            // Somebody else owns the log, or nobody knows what is in it.
            stop(false);
        }
    }

    private void keep(SimulatedLog.Epoch epoch) {
        if (rules.countsBeforeWritten()) {
            log.written(epoch.epoch(), lastSlot + 1 + toKeep.size(), epoch.begins(), epoch.completes());
            storeSnapshot();
        }
        toKeep.add(epoch);
        keepNext();
    }

    private void keepNext() {
        if (writing || toKeep.isEmpty()) {
            return;
        }
        writing = true;
        SimulatedLog.Epoch epoch = toKeep.peek();
        write(epoch, () -> {
            writing = false;
            toKeep.remove();
            if (!rules.countsBeforeWritten()) {
                log.written(epoch.epoch(), lastSlot, epoch.begins(), epoch.completes());
            }
            storeSnapshot();
            keepNext();
            later(0, () -> onKept(epoch.epoch()));
        });
    }

    private void storeSnapshot() {
        if (storing != null) {
            return;
        }
        storing = log.snapshot();
        if (storing == null) {
            return;
        }
        EpochLog.Snapshot snapshot = storing;
        boolean lost = simulation.isFaulty() && chance(10) == 0;
        simulation.after(chance(simulation.plan.snapshotMillis()), () -> {
            if (alive || !lost) {
                place.log.store(snapshot, log.incarnation());
                later(chance(5), this::onStored);
            }
        });
    }

    private void onStored() {
        log.stored(storing).ifPresent(to -> {
            place.log.delete(to);
            place.log.deleteSnapshots(to);
        });
        storing = null;
        storeSnapshot();
    }

    // ---- The partition

    private void tick() {
        due |= changed || releases.wantsNote();
        proceed();
        if (!ended) {
            later(simulation.plan.intervalMillis(), this::tick);
        }
    }

    /** Rows come, if there is room for them. */
    private void deliver() {
        if (stopping || finished) {
            return;
        }
        if (state.isDrained() && hasRoom()) {
            int split = simulation.random.nextInt(positions.length);
            int rows = 1 + simulation.random.nextInt(simulation.plan.deliveryRows());
            long to = Math.min(positions[split] + rows, simulation.limit(place, split));
            for (long position = positions[split]; position < to; position++) {
                apply(split, simulation.entry(split, position));
            }
            changed |= to > positions[split];
            positions[split] = to;
            if (simulation.isEnd(positions)) {
                state.close();
                finished = true;
                changed = true;
            }
            proceed();
        }
        later(1 + chance(4), this::deliver);
    }

    private void apply(int split, EpochSimulation.Entry entry) {
        if (entry.bad()) {
            if (entry.position() % place.partitions == place.index) {
                state.addBad();
                badUnderWay++;
                later(chance(6), () -> {
                    simulation.bad(split, entry.position());
                    badUnderWay--;
                    proceed();
                });
            }
        } else if (place.owns(entry.key())) {
            state.add(split, entry.position(), entry.key());
            if (entry.closes()) {
                state.close();
            }
        }
    }

    private boolean hasRoom() {
        return releases.hasRoom(staged.size() * SimulatedRow.BYTES, EPOCH_BYTES, OUTBOX_BYTES);
    }

    private boolean mayEnd() {
        return waiting == null && numbers.mayEnd();
    }

    private void proceed() {
        if (!running || ended) {
            return;
        }
        boolean goesOn = true;
        while (goesOn) {
            goesOn = false;
            if (!state.isDrained()) {
                if (hasRoom()) {
                    staged.add(state.poll());
                    changed = true;
                    goesOn = true;
                } else if (mayEnd() && (!staged.isEmpty() || due || stopping && !lastEpochEnded)) {
                    lastEpochEnded |= stopping;
                    endEpoch();
                    goesOn = true;
                }
            } else if (due && mayEnd() || stopping && !lastEpochEnded && mayEnd() || finished && changed && mayEnd()) {
                lastEpochEnded = stopping;
                endEpoch();
                goesOn = true;
            } else if ((lastEpochEnded || finished) && isSettled() && releases.marker() > notedMarker
                    && rules.notesAtTheEnd() && mayEnd()) {
                endEpoch();
                goesOn = true;
            }
        }
        if (waiting != null && (badUnderWay == 0 || !rules.waitsForBadRecords())) {
            SimulatedLog.Epoch epoch = waiting;
            waiting = null;
            later(0, () -> keep(epoch));
            proceed();
        }
        boolean over = isSettled() && waiting == null && (releases.marker() <= notedMarker || !rules.notesAtTheEnd());
        if (!ended && over && finished && !changed && state.isDrained()) {
            ended = true;
            place.finished(this);
        } else if (!ended && lastEpochEnded && (over || numbers.isDurable() && simulation.now() >= stopDeadline)) {
            ended = true;
            stop(over);
        }
    }

    private boolean isSettled() {
        return numbers.isDurable() && releases.settled() >= numbers.ended();
    }

    private void endEpoch() {
        long epoch = numbers.end();
        boolean begins = images.begins();
        SimulatedState.Portion portion = state.save(begins, images.slice(), rules.savesDraining());
        boolean completes = images.wrote(begins, portion.complete(), portion.bytes());
        notedMarker = releases.marker();
        waiting = new SimulatedLog.Epoch(epoch, log.incarnation(), begins, completes, notedMarker,
                savedPositions(), finished, portion, staged);
        releases.noted(epoch);
        if (!staged.isEmpty()) {
            releases.add(epoch, bytes(waiting));
            unreleased.add(waiting);
        }
        simulation.checkOutbox(unreleased.stream().mapToLong(SimulatedOwner::bytes).sum());
        simulation.checkInFlight(numbers.ended() - numbers.durable());
        staged = new ArrayList<>();
        changed = false;
        due = false;
    }

    private long[] savedPositions() {
        long[] saved = positions.clone();
        if (!rules.positionsGoWithState() && !finished) {
            saved[0] = Math.min(saved[0] + 1, simulation.plan.rows());
        }
        return saved;
    }

    private void onKept(long epoch) {
        numbers.kept(epoch);
        releases.durable(epoch);
        settle();
        release();
        proceed();
    }

    private void settle() {
        long settled = Math.min(releases.settled(), numbers.durable());
        log.released(settled);
        storeSnapshot();
    }

    // ---- Its output

    private void open(Runnable then) {
        if (opening) {
            return;
        }
        opening = true;
        step(() -> {
            if (place.target.hasNewerOwner(log.incarnation())) {
                stop(false);
            } else if (rules.fencesBeforeItReads()) {
                step(() -> {
                    token = place.target.fence();
                    step(() -> readMarker(then));
                });
            } else {
                long early = place.target.marker();
                step(() -> {
                    token = place.target.fence();
                    onOpened(early, then);
                });
            }
        });
    }

    /** A request to the target, which waits while that is away. */
    private void step(Runnable request) {
        later(chance(simulation.plan.releaseMillis()), () -> {
            if (place.target.isAway()) {
                simulation.at(place.target.backAt(), () -> step(request));
            } else {
                request.run();
            }
        });
    }

    private void readMarker(Runnable then) {
        if (place.target.isCommitting() && rules.readsStable()) {
            later(1, () -> readMarker(then));
        } else if (place.target.hasNewerOwner(log.incarnation()) || place.target.isFenced(token)) {
            stop(false);
        } else {
            long marker = place.target.marker();
            place.target.own(log.incarnation());
            onOpened(marker, then);
        }
    }

    private void onOpened(long marker, Runnable then) {
        releases.opened(marker);
        onLeft();
        then.run();
    }

    private void onLeft() {
        while (!unreleased.isEmpty() && unreleased.getFirst().epoch() <= releases.marker()) {
            unreleased.removeFirst();
        }
        if (running) {
            settle();
        }
        release();
        proceed();
    }

    private void release() {
        if (!releases.isEmpty()) {
            open(() -> {});
        }
        Releases.Range range = releases.next();
        if (range == null) {
            return;
        }
        List<SimulatedLog.Epoch> epochs = unreleased.stream().filter(epoch -> epoch.epoch() <= range.to()).toList();
        release(range.to(), epochs);
    }

    private void release(long to, List<SimulatedLog.Epoch> epochs) {
        boolean doubtful = simulation.isFaulty() && !place.log.isDamaged()
                && simulation.random.nextDouble() < simulation.plan.unknown();
        Runnable done = doubtful
                ? () -> later(5, () -> onDoubt(to, epochs))
                : () -> later(chance(3), () -> {
                    releases.released();
                    onLeft();
                });
        simulation.released();
        later(chance(simulation.plan.releaseMillis()),
                () -> place.target.commit(token, log.incarnation(), to, epochs, place, done,
                        () -> later(1, () -> stop(false))));
    }

    private void onDoubt(long to, List<SimulatedLog.Epoch> epochs) {
        if (rules.releasesAgainInDoubt()) {
            release(to, epochs);
        } else {
            stop(false);
        }
    }

    @Override
    public String toString() {
        return (alive ? "start " : "dead start ") + log.incarnation() + " at " + Arrays.toString(positions)
                + (releases == null ? "" : " epochs " + numbers.ended() + "/" + numbers.durable() + " marker "
                        + releases.marker() + "/" + notedMarker + " pending " + releases.pendingBytes());
    }
}
