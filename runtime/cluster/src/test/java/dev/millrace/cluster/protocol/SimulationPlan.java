// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.Random;

/**
 * What a simulation is made of. Drawn from a seed, or put together by hand for one case.
 *
 * @param seed of everything that is left to chance while it runs
 * @param splits number of splits
 * @param partitions number of partitions
 * @param rows rows of each split
 * @param disorderMillis how far row times stray backwards
 * @param delayMillis delay of the watermark expression
 * @param allowedMillis allowed lateness
 * @param roundRobin rows are routed by position and not by key
 * @param faultMillis until then the network misbehaves and actors crash; from then on all must come to rest
 * @param loss share of messages that are lost
 * @param repeat share of messages that arrive twice
 * @param latencyMillis greatest latency of a message
 * @param ordered messages of one pair of actors keep their order
 * @param partitionCrashes number of crashes of partitions
 * @param readerCrashes number of times a reader is started anew
 * @param zombies share of replaced readers that live on
 * @param closedWindows a partition takes its credit away now and then
 * @param pollMillis greatest time of a poll
 * @param pollRows greatest number of rows of a poll
 * @param applyMillis greatest time that a partition needs for a delivery
 * @param window credit of a lane
 * @param idle share of polls before which a split is declared idle
 * @param isolates whether readers detach partitions that lag
 * @param slowTimes how many times as long partition 0 needs for a delivery, until nothing goes wrong any more
 * @param driftMillisMax how far a live cursor may be ahead of a lane that was detached
 */
record SimulationPlan(long seed, int splits, int partitions, int rows, long disorderMillis, long delayMillis,
        long allowedMillis, boolean roundRobin, long faultMillis, double loss, double repeat, int latencyMillis,
        boolean ordered, int partitionCrashes, int readerCrashes, double zombies, boolean closedWindows,
        int pollMillis, int pollRows, int applyMillis, Window window, double idle, boolean isolates, int slowTimes,
        long driftMillisMax) {

    /** Nothing goes wrong, two splits, two partitions, some disorder. */
    static SimulationPlan calm(long seed) {
        return new SimulationPlan(seed, 2, 2, 60, 300, 100, 0, false, 2_000, 0, 0, 5, true, 0, 0, 0, false, 20, 8, 3,
                new Window(4, 400), 0, false, 1, 60_000);
    }

    static SimulationPlan random(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + 1);
        boolean faulty = random.nextInt(8) != 0;
        boolean ordered = random.nextBoolean();
        return new SimulationPlan(seed,
                1 + random.nextInt(3), 1 + random.nextInt(4), 10 + random.nextInt(80),
                random.nextBoolean() ? 20 : 500, random.nextBoolean() ? 0 : 100, random.nextBoolean() ? 0 : 150,
                random.nextInt(4) == 0, 1_000 + random.nextInt(6_000),
                faulty && random.nextBoolean() ? random.nextDouble() * 0.4 : 0,
                faulty && random.nextBoolean() ? random.nextDouble() * 0.3 : 0,
                1 + random.nextInt(random.nextBoolean() ? 10 : 600), ordered,
                faulty ? random.nextInt(4) : 0, faulty ? random.nextInt(4) : 0, random.nextDouble(),
                random.nextInt(4) == 0, 1 + random.nextInt(random.nextBoolean() ? 20 : 300), 1 + random.nextInt(20),
                random.nextInt(random.nextBoolean() ? 5 : 200),
                new Window(1 + random.nextInt(8), 20 + random.nextInt(400)),
                random.nextInt(3) == 0 ? random.nextDouble() * 0.3 : 0,
                random.nextInt(4) != 0, random.nextBoolean() ? 1 : 1 + random.nextInt(100),
                random.nextBoolean() ? 60_000 : 200 + random.nextInt(1_000));
    }

    SimulationPlan withNetwork(double newLoss, double newRepeat, int newLatencyMillis, boolean newOrdered) {
        return new SimulationPlan(seed, splits, partitions, rows, disorderMillis, delayMillis, allowedMillis,
                roundRobin, faultMillis, newLoss, newRepeat, newLatencyMillis, newOrdered, partitionCrashes,
                readerCrashes, zombies, closedWindows, pollMillis, pollRows, applyMillis, window, idle, isolates,
                slowTimes, driftMillisMax);
    }

    SimulationPlan withCrashes(int ofPartitions, int ofReaders, double newZombies) {
        return new SimulationPlan(seed, splits, partitions, rows, disorderMillis, delayMillis, allowedMillis,
                roundRobin, faultMillis, loss, repeat, latencyMillis, ordered, ofPartitions, ofReaders, newZombies,
                closedWindows, pollMillis, pollRows, applyMillis, window, idle, isolates, slowTimes,
                driftMillisMax);
    }

    SimulationPlan withRouting(boolean newRoundRobin) {
        return new SimulationPlan(seed, splits, partitions, rows, disorderMillis, delayMillis, allowedMillis,
                newRoundRobin, faultMillis, loss, repeat, latencyMillis, ordered, partitionCrashes, readerCrashes,
                zombies, closedWindows, pollMillis, pollRows, applyMillis, window, idle, isolates, slowTimes,
                driftMillisMax);
    }

    SimulationPlan withTimes(long newDisorderMillis, long newDelayMillis, long newAllowedMillis) {
        return new SimulationPlan(seed, splits, partitions, rows, newDisorderMillis, newDelayMillis,
                newAllowedMillis, roundRobin, faultMillis, loss, repeat, latencyMillis, ordered, partitionCrashes,
                readerCrashes, zombies, closedWindows, pollMillis, pollRows, applyMillis, window, idle, isolates,
                slowTimes, driftMillisMax);
    }

    SimulationPlan withIdle(double newIdle) {
        return new SimulationPlan(seed, splits, partitions, rows, disorderMillis, delayMillis, allowedMillis,
                roundRobin, faultMillis, loss, repeat, latencyMillis, ordered, partitionCrashes, readerCrashes,
                zombies, closedWindows, pollMillis, pollRows, applyMillis, window, newIdle, isolates, slowTimes,
                driftMillisMax);
    }

    SimulationPlan withIsolation(int newSlowTimes, long newDriftMillisMax) {
        return new SimulationPlan(seed, splits, partitions, rows, disorderMillis, delayMillis, allowedMillis,
                roundRobin, faultMillis, loss, repeat, latencyMillis, ordered, partitionCrashes, readerCrashes,
                zombies, closedWindows, pollMillis, pollRows, applyMillis, window, idle, true, newSlowTimes,
                newDriftMillisMax);
    }
}
