// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayDeque;

/** The shell of an owner's keeper: writes one slot after the other, and snapshots beside them. */
final class SimulatedKeeper {
    private final SimulatedOwner owner;
    private final EpochSimulation simulation;
    private final EpochRules rules;
    private final SimulatedLog store;
    private final EpochLog log;
    private final ArrayDeque<SimulatedLog.Epoch> toKeep = new ArrayDeque<>();
    private boolean writing;
    private long lastSlot;
    private long confirmedAt;
    private EpochLog.Snapshot storing;

    SimulatedKeeper(SimulatedOwner owner, EpochLog log) {
        this.owner = owner;
        this.log = log;
        simulation = owner.place().simulation;
        rules = simulation.rules;
        store = owner.place().log;
    }

    /** All that is in the log was read. */
    void begin() {
        lastSlot = store.highest();
        confirmedAt = simulation.now();
    }

    boolean isWriting() {
        return writing;
    }

    /** Writes the next slot; who fails stops. */
    void write(SimulatedLog.Event event, Runnable written) {
        long slot = lastSlot + 1;
        long silentSince = confirmedAt;
        int losses = store.losses();
        boolean doubtful = simulation.isFaulty() && simulation.random.nextDouble() < simulation.plan.unknown();
        int kind = doubtful ? simulation.random.nextInt(3) : -1;
        long delay = 1 + owner.chance(simulation.plan.writeMillis());
        switch (kind) {
            // Never written; written, and nobody hears of it; written when nobody waits for it any more.
            case 0 -> owner.later(delay, () -> onWritten(SimulatedLog.Outcome.UNKNOWN, written));
            case 1 -> simulation.after(delay, () -> {
                publish(slot, event, silentSince, losses);
                owner.later(owner.chance(5), () -> onWritten(SimulatedLog.Outcome.UNKNOWN, written));
            });
            case 2 -> {
                owner.later(delay, () -> onWritten(SimulatedLog.Outcome.UNKNOWN, written));
                simulation.after(delay + owner.chance(200), () -> publish(slot, event, silentSince, losses));
            }
            // The thread of a sleeper stands still just before it publishes.
            default -> owner.later(delay, () -> {
                SimulatedLog.Outcome outcome = store.publish(slot, event, silentSince);
                confirmedAt = simulation.now();
                owner.later(owner.chance(3), () -> onWritten(outcome, written));
            });
        }
    }

    private void publish(long slot, SimulatedLog.Event event, long silentSince, int losses) {
        if (store.losses() == losses) {
            store.publish(slot, event, silentSince);
        }
    }

    private void onWritten(SimulatedLog.Outcome outcome, Runnable written) {
        if (outcome == SimulatedLog.Outcome.TAKEN && rules.goesOnWithoutSlot()) {
            lastSlot++;
            written.run();
        } else if (outcome == SimulatedLog.Outcome.WRITTEN
                || outcome == SimulatedLog.Outcome.UNKNOWN && rules.goesOnInDoubt()) {
            lastSlot++;
            written.run();
        } else {
            // Somebody else owns the log, or nobody knows what is in it.
            owner.stop(false);
        }
    }

    void keep(SimulatedLog.Epoch epoch) {
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
            owner.later(0, () -> owner.onKept(epoch.epoch()));
        });
    }

    void storeSnapshot() {
        if (storing != null) {
            return;
        }
        storing = log.snapshot();
        if (storing == null) {
            return;
        }
        EpochLog.Snapshot snapshot = storing;
        boolean lost = simulation.isFaulty() && owner.chance(10) == 0;
        simulation.after(owner.chance(simulation.plan.snapshotMillis()), () -> {
            if (owner.isAlive() || !lost) {
                store.store(snapshot, log.incarnation());
                owner.later(owner.chance(5), this::onStored);
            }
        });
    }

    private void onStored() {
        log.stored(storing).ifPresent(to -> {
            store.delete(to);
            store.deleteSnapshots(to);
        });
        storing = null;
        storeSnapshot();
    }
}
