// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.List;

/**
 * A target with a marker, which shuts out older owners: one with transactions, whose commits are seen a while after they
 * are certain, and which forgets its marker in a week; or one where all happens at once.
 */
final class SimulatedTarget {
    static final long WEEK_MILLIS = 100_000;

    /** What becomes of a release, as its owner sees it. */
    enum Outcome { DONE, FENCED, UNKNOWN }

    private final EpochSimulation simulation;
    private final boolean transactional;
    private long marker = Releases.UNKNOWN;
    private long incarnation;
    private long markedAt;
    private long token;
    /** The transaction that is committed and not seen yet. */
    private Runnable committing;
    private long awayUntil;
    private boolean expired;

    SimulatedTarget(EpochSimulation simulation, boolean transactional) {
        this.simulation = simulation;
        this.transactional = transactional;
    }

    boolean isAway() {
        return simulation.now() < awayUntil;
    }

    void goAway(long millis) {
        awayUntil = simulation.now() + millis;
    }

    long backAt() {
        return awayUntil;
    }

    /** Shuts out all that were there before. */
    long fence() {
        return ++token;
    }

    boolean isFenced(long given) {
        return given != token;
    }

    boolean hasNewerOwner(long than) {
        forget();
        return incarnation > than;
    }

    boolean isCommitting() {
        return committing != null;
    }

    long marker() {
        forget();
        return marker;
    }

    /** The owner writes the marker that it has found, with its own number. */
    void own(long owner) {
        incarnation = owner;
        markedAt = simulation.now();
    }

    private void forget() {
        if (transactional && marker != Releases.UNKNOWN && simulation.now() - markedAt >= WEEK_MILLIS) {
            marker = Releases.UNKNOWN;
            incarnation = 0;
            expired = true;
        }
    }

    /** Whether it has forgotten a marker, and knows of none. */
    boolean hasForgotten() {
        return expired && marker == Releases.UNKNOWN;
    }

    /**
     * Takes rows and marker together.
     *
     * @param done told when it is certain
     */
    void commit(long given, long owner, long to, List<SimulatedLog.Epoch> epochs, SimulatedPlace place,
            Runnable done, Runnable fenced) {
        if (isAway()) {
            simulation.at(awayUntil, () -> commit(given, owner, to, epochs, place, done, fenced));
            return;
        }
        if (isFenced(given) && simulation.rules.targetFences()) {
            fenced.run();
            return;
        }
        if (isCommitting()) {
            simulation.after(1, () -> commit(given, owner, to, epochs, place, done, fenced));
            return;
        }
        committing = () -> {
            committing = null;
            place.show(epochs);
            marker = to;
            incarnation = owner;
            markedAt = simulation.now();
            done.run();
        };
        if (transactional) {
            simulation.after(simulation.random.nextInt(simulation.plan.releaseMillis()), committing);
        } else {
            committing.run();
        }
    }
}
