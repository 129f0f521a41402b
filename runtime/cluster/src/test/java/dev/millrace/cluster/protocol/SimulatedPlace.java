// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.List;

/** What lasts of a partition of one generation: its log, its target, and who has owned it so far. */
final class SimulatedPlace {
    final EpochSimulation simulation;
    final int generation;
    final int index;
    final int partitions;
    final SimulatedLog log;
    final SimulatedTarget target;
    /** What the partition begins with: nothing, or what a savepoint holds. */
    final SimulatedState.Portion initial;
    final long[] start;
    private final List<SimulatedOwner> owners = new ArrayList<>();
    private final long[] shownTo;
    private String suspended;
    /** The owner that has come to the end. */
    private SimulatedOwner finished;
    /** How much the log held when its last owner left in order, with nothing that waited. */
    private int settledSize = -1;
    private boolean over;
    /** The last generation that the job has begun, as far as it knows. */
    private long lastGeneration;

    SimulatedPlace(EpochSimulation simulation, int generation, int index, int partitions,
            SimulatedState.Portion initial, long[] start) {
        this.simulation = simulation;
        this.generation = generation;
        lastGeneration = generation;
        this.index = index;
        this.partitions = partitions;
        this.initial = initial;
        this.start = start;
        log = simulation.log(simulation.rules.logName(generation, index));
        target = simulation.target(simulation.rules.targetName(generation, index));
        shownTo = new long[simulation.plan.splits()];
    }

    // ---- Owners

    void startOwner() {
        if (suspended == null && !over) {
            start(lastGeneration);
        }
    }

    private void start(long knownGeneration) {
        SimulatedOwner owner = new SimulatedOwner(this, knownGeneration);
        owners.add(owner);
        owner.start();
    }

    SimulatedOwner newest() {
        return owners.isEmpty() ? null : owners.getLast();
    }

    /** An owner has ended by itself, or was killed: somebody sees to it that there is another one. */
    void ended(SimulatedOwner owner, boolean inOrder) {
        if (owner == newest() && !over) {
            settledSize = inOrder ? log.size() : -1;
            simulation.after(simulation.restartDelay(), () -> {
                if (!newest().isAlive()) {
                    startOwner();
                }
            });
        }
    }

    /** Nobody of this generation is wanted any more; who sleeps doesn't know. */
    void over() {
        over = true;
        SimulatedOwner last = newest();
        if (last != null) {
            // It is told to stop, but not at once, and not if it sleeps.
            simulation.after(simulation.random.nextInt(20), last::stopWhenAwake);
        }
        if (simulation.random.nextInt(4) == 0) {
            // The job was frozen where it was led before, and takes this generation for the last one.
            simulation.after(simulation.random.nextInt(100), () -> {
                if (over) {
                    start(generation);
                }
            });
        }
    }

    /** This generation isn't over after all. */
    void goOn() {
        over = false;
        lastGeneration = generation + 1;
        finished = null;
        startOwner();
    }

    /** How far it may read a split: nobody holds the readers of one that is over. */
    long limit(int split) {
        return over ? simulation.plan.rows() : simulation.inputs().readTo(split);
    }

    /** Whether all that a reader has read is applied. */
    boolean hasApplied(int split, long position) {
        SimulatedOwner owner = newest();
        return owner != null && owner.isAlive() && owner.isRunning() && owner.position(split) == position;
    }

    void freeze(SimulatedSavepoint savepoint) {
        // The message may reach one that has been replaced.
        SimulatedOwner owner = owners.get(Math.max(0, owners.size() - 1 - simulation.random.nextInt(2)));
        owner.freeze(savepoint);
    }

    /**
     * Claims log and target, as another start would, and does nothing more with them.
     *
     * @return whether the last epoch is that of the savepoint
     */
    boolean shutOut(SimulatedSavepoint savepoint) {
        long number = 0;
        SimulatedLog.Epoch last = null;
        for (SimulatedLog.Event event : log.read(0)) {
            number = Math.max(number, event.incarnation());
            if (event instanceof SimulatedLog.Epoch epoch) {
                last = epoch;
            }
        }
        log.publish(log.highest() + 1, new SimulatedLog.Shut(number + 1, generation + 1), simulation.now());
        target.fence();
        target.own(number + 1);
        return last != null && savepoint.isAtCut(last.positions());
    }

    String name() {
        return generation + "-" + index;
    }

    void kill(SimulatedOwner owner) {
        owner.kill();
        ended(owner, false);
    }

    void killAll() {
        owners.forEach(SimulatedOwner::kill);
        ended(newest(), false);
    }

    /** An owner doesn't trust what it has found. */
    void suspend(SimulatedOwner owner, String reason) {
        owner.kill();
        if (owner != newest() || over) {
            return;
        }
        boolean forgotten = target.hasForgotten() && owner.hasWaited();
        if (!log.isDamaged() && !forgotten) {
            throw new ProtocolViolation(this + " is suspended and has lost nothing: " + reason);
        }
        suspended = reason;
    }

    String suspended() {
        return suspended;
    }

    /** Whether nothing has happened since an owner has left with nothing that waited. */
    boolean isSettled() {
        return log.size() == settledSize;
    }

    void finished(SimulatedOwner owner) {
        finished = owner;
    }

    boolean isAtRest() {
        return finished != null || suspended != null;
    }

    SimulatedState state() {
        return finished.state();
    }

    // ---- What the world sees

    /** The rows of epochs are to be seen in the target. */
    void show(List<SimulatedLog.Epoch> epochs) {
        for (SimulatedLog.Epoch epoch : epochs) {
            if (!epoch.outbox().isEmpty() && !log.holds(epoch)) {
                throw new ProtocolViolation("rows of epoch " + epoch.epoch() + " of " + this
                        + " are seen before it is durable");
            }
            for (SimulatedRow row : epoch.outbox()) {
                // What older partitions have held comes in the order of each of them.
                if (row.position() >= start[row.split()]) {
                    if (row.position() < shownTo[row.split()]) {
                        throw new ProtocolViolation(row + " of " + this + " comes behind " + shownTo[row.split()]);
                    }
                    shownTo[row.split()] = row.position() + 1;
                }
                simulation.show(row);
            }
        }
    }

    boolean owns(int key) {
        return key % partitions == index;
    }

    @Override
    public String toString() {
        return "partition " + generation + "-" + index + (suspended == null ? "" : " suspended: " + suspended)
                + (newest() == null ? "" : " " + newest());
    }
}
