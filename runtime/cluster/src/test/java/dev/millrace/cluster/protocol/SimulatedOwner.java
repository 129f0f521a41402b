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

    private final long lastGeneration;
    private final EpochSimulation simulation;
    private final EpochRules rules;
    private final SimulatedPlace place;
    private boolean alive = true;
    private long wakesAt;

    private final EpochLog log;
    private final SimulatedKeeper keeper;

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
    private SimulatedSavepoint freezing;
    private SimulatedState.Portion copy;
    private boolean stored;
    /** Whether rows waited at the start. */
    private boolean waited;

    // Its output.
    private Releases releases;
    private final Deque<SimulatedLog.Epoch> unreleased = new ArrayDeque<>();
    private boolean opening;
    private boolean opened;
    private long token;

    /** @param lastGeneration of which who starts it knows */
    SimulatedOwner(SimulatedPlace place, long lastGeneration) {
        this.place = place;
        this.lastGeneration = lastGeneration;
        simulation = place.simulation;
        rules = simulation.rules;
        log = rules.log(place.toString());
        keeper = new SimulatedKeeper(this, log);
    }

    // ---- Life

    /** Does something later, if it is still there, and awake. */
    void later(long millis, Runnable action) {
        simulation.after(millis, () -> {
            if (simulation.now() < wakesAt) {
                later(wakesAt - simulation.now(), action);
            } else {
                act(action);
            }
        });
    }

    /** The same, even in its sleep. */
    private void asleepLater(long millis, Runnable action) {
        simulation.after(millis, () -> act(action));
    }

    private void act(Runnable action) {
        if (!alive) {
            return;
        }
        try {
            action.run();
        } catch (MillraceException e) {
            place.suspend(this, e.getMessage());
        }
    }

    long chance(int millisMax) {
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

    void stop(boolean inOrder) {
        alive = false;
        place.ended(this, inOrder);
    }

    boolean isWriting() {
        return keeper.isWriting();
    }

    boolean isRunning() {
        return running;
    }

    boolean isOpened() {
        return opened;
    }

    long position(int split) {
        return positions[split];
    }

    /** Nothing of it is wanted any more. */
    void stopWhenAwake() {
        later(0, this::kill);
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
            // Between the two others may go on, but not for long: two images later the log doesn't begin there any more,
            // and it is taken for damaged, which is wrong but safe.
            asleepLater(chance(2), () -> replay(snapshot));
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
                case SimulatedLog.Shut shut -> log.shut(shut.incarnation(), shut.generation());
                case SimulatedLog.Epoch epoch -> {
                    log.epoch(epoch.epoch(), epoch.incarnation(), epoch.begins());
                    take(epoch);
                    epochs++;
                    bytes += epoch.state().bytes();
                }
            }
        }
        waited = !unreleased.isEmpty() && !place.isSettled();
        keeper.begin();
        images = new Images(epochs, bytes, 1);
        numbers = rules.numbers(log.lastEpoch(), IN_FLIGHT_MAX);
        releases = rules.releases(place.toString(), notedMarker, log.lastEpoch());
        unreleased.forEach(epoch -> releases.add(epoch.epoch(), bytes(epoch)));
        long incarnation = log.claim(lastGeneration);
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
        keeper.write(new SimulatedLog.Claim(incarnation), () -> {
            running = true;
            if (incarnation > 1) {
                open(() -> {});
            }
            tick();
            deliver();
            proceed();
        });
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
            long to = Math.clamp(place.limit(split), positions[split], positions[split] + rows);
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
        return waiting == null && numbers.mayEnd() && releases.mayEndEpochs(log.incarnation());
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
            later(0, () -> keeper.keep(epoch));
            proceed();
        }
        boolean over = isSettled() && waiting == null && (releases.marker() <= notedMarker || !rules.notesAtTheEnd());
        if (!ended && over && finished && !changed && state.isDrained()) {
            ended = true;
            place.finished(this);
        } else if (!ended && stopping && !releases.mayEndEpochs(log.incarnation())
                && simulation.now() >= stopDeadline) {
            ended = true;
            stop(false);
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
            simulation.checkOutbox(unreleased.stream().mapToLong(SimulatedOwner::bytes).sum());
        }
        simulation.checkInFlight(numbers.ended() - numbers.durable());
        staged = new ArrayList<>();
        changed = false;
        due = false;
    }

    // ---- Savepoints

    /** Takes part in a savepoint, one step each time that it is asked. */
    void freeze(SimulatedSavepoint savepoint) {
        later(0, () -> {
            if (!running || stopping) {
                return;
            }
            if (freezing != savepoint) {
                beginFreezing(savepoint);
            } else if (copy == null) {
                copy(savepoint);
            }
            if (freezing == savepoint && copy != null) {
                savepoint.frozen(place);
                if (stored) {
                    savepoint.stored(place, copy);
                }
            }
        });
    }

    private void beginFreezing(SimulatedSavepoint savepoint) {
        proceed();
        if (isAtRest() && (mayEnd() || ended) && savepoint.isAtCut(positions)) {
            freezing = savepoint;
            copy = null;
            stored = false;
            if (!ended) {
                endEpoch();
                proceed();
            }
        }
    }

    private void copy(SimulatedSavepoint savepoint) {
        boolean left = isSettled() || !rules.copiesWhenRowsHaveLeft() && numbers.isDurable();
        if (!left || !isAtRest() || rules.copiesAtTheCut() && !savepoint.isAtCut(positions)) {
            return;
        }
        copy = state.whole();
        later(chance(20), () -> stored = true);
    }

    private boolean isAtRest() {
        return state.isDrained() && waiting == null && badUnderWay == 0;
    }

    private long[] savedPositions() {
        long[] saved = positions.clone();
        if (!rules.positionsGoWithState() && !finished) {
            saved[0] = Math.min(saved[0] + 1, simulation.plan.rows());
        }
        return saved;
    }

    void onKept(long epoch) {
        numbers.kept(epoch);
        releases.durable(epoch);
        settle();
        release();
        proceed();
    }

    private void settle() {
        long settled = Math.min(releases.settled(), numbers.durable());
        log.released(settled);
        keeper.storeSnapshot();
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
        opened = true;
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
        boolean doubtful = simulation.isFaulty() && simulation.random.nextDouble() < simulation.plan.unknown();
        Runnable done = doubtful
                ? () -> later(5, () -> onDoubt(to, epochs))
                : () -> later(chance(3), () -> {
                    releases.released();
                    onLeft();
                });
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
