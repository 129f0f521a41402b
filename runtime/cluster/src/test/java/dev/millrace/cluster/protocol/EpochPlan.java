// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.Random;

/**
 * What a simulation of epochs is made of. Drawn from a seed, or put together by hand for one case. Times are virtual and
 * their proportions those of the real ones.
 *
 * @param seed of everything that is left to chance while it runs
 * @param splits number of splits
 * @param rows rows of each split
 * @param partitions number of partitions
 * @param transactional the target takes transactions, whose commits are seen late, and forgets markers after a week
 * @param faultMillis until then things go wrong; from then on all must come to rest
 * @param crashes owners that are killed
 * @param sleeps owners that stand still for any time, and are replaced or not
 * @param stops owners that are stopped in order and started again
 * @param unknown share of writes and releases of unknown outcome
 * @param weeks share of restarts that happen after the target has forgotten its marker
 * @param outages times at which the target is away
 * @param losses times at which a log loses slots
 * @param snapshotLosses times at which the newest snapshot is lost
 * @param writeMillis greatest time of a write to the log
 * @param snapshotMillis greatest time until a snapshot is stored
 * @param releaseMillis greatest time of each step of a release
 * @param intervalMillis time between the ends of two epochs
 * @param deliveryRows greatest number of rows of a delivery
 * @param savepoints savepoints; from most of them the job goes on with another number of partitions
 */
record EpochPlan(long seed, int splits, int rows, int partitions, boolean transactional, long faultMillis, int crashes,
        int sleeps, int stops, double unknown, double weeks, int outages, int losses, int snapshotLosses,
        int writeMillis, int snapshotMillis, int releaseMillis, int intervalMillis, int deliveryRows,
        int savepoints) {

    static EpochPlan calm(long seed) {
        return new EpochPlan(seed, 2, 300, 2, true, 500, 0, 0, 0, 0, 0, 0, 0, 0, 3, 5, 3, 10, 6, 0);
    }

    EpochPlan withSavepoints(int count) {
        return new EpochPlan(seed, splits, rows, partitions, transactional, faultMillis, crashes, sleeps, stops,
                unknown,
                weeks, outages, losses, snapshotLosses, writeMillis, snapshotMillis, releaseMillis, intervalMillis,
                deliveryRows, count);
    }

    static EpochPlan random(long seed) {
        Random random = new Random(seed * 0x9E3779B97F4A7C15L + 7);
        boolean faulty = random.nextInt(8) != 0;
        int losses = faulty && random.nextInt(6) == 0 ? 1 : 0;
        return new EpochPlan(seed,
                1 + random.nextInt(2), 20 + random.nextInt(150), 1 + random.nextInt(2), random.nextBoolean(),
                200 + random.nextInt(3_000),
                faulty ? random.nextInt(4) : 0, faulty ? random.nextInt(5) : 0, faulty ? random.nextInt(3) : 0,
                faulty && random.nextBoolean() ? random.nextDouble() * 0.15 : 0,
                // What is lost from a log shows in the marker, unless that is lost too.
                faulty && losses == 0 && random.nextInt(4) == 0 ? 0.5 : 0,
                faulty ? random.nextInt(3) : 0, losses, faulty && losses == 0 ? random.nextInt(2) : 0,
                1 + random.nextInt(random.nextBoolean() ? 5 : 40), 1 + random.nextInt(random.nextBoolean() ? 5 : 200),
                1 + random.nextInt(random.nextBoolean() ? 5 : 60), 3 + random.nextInt(30), 1 + random.nextInt(8),
                random.nextInt(3));
    }
}
