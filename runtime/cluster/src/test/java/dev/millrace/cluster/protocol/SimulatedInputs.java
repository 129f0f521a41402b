// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.Arrays;

/**
 * Readers of all splits, as far as savepoints are concerned: how far each has read, and whether it is held. What they
 * have read comes to all partitions, sooner or later.
 */
final class SimulatedInputs {
    /** A reader that isn't told again that it is held goes on. */
    private static final long HOLD_MILLIS = 60;

    private final EpochSimulation simulation;
    private final long[] readTo;
    private final long[] heldUntil;

    SimulatedInputs(EpochSimulation simulation) {
        this.simulation = simulation;
        readTo = new long[simulation.plan.splits()];
        heldUntil = new long[simulation.plan.splits()];
        for (int split = 0; split < readTo.length; split++) {
            read(split);
        }
    }

    static String name(int split) {
        return "input " + split;
    }

    private void read(int split) {
        if (simulation.now() >= heldUntil[split]) {
            long rows = 1 + simulation.random.nextInt(simulation.plan.deliveryRows() * 2);
            readTo[split] = Math.min(readTo[split] + rows, simulation.plan.rows());
        }
        if (readTo[split] < simulation.plan.rows()) {
            simulation.after(1 + simulation.random.nextInt(5), () -> read(split));
        }
    }

    void hold(int split) {
        heldUntil[split] = simulation.now() + HOLD_MILLIS;
    }

    void goOn(int split) {
        heldUntil[split] = 0;
    }

    /** Another reader takes over, and knows nothing of being held. */
    void restart(int split) {
        goOn(split);
    }

    long readTo(int split) {
        return readTo[split];
    }

    @Override
    public String toString() {
        return "read " + Arrays.toString(readTo) + " held " + Arrays.toString(heldUntil);
    }
}
