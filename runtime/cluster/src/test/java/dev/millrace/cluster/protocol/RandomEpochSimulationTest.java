// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import org.junit.jupiter.api.Test;

/** Many seeds: {@code -Dmillrace.simulation.seeds=…} runs more, {@code -Dmillrace.simulation.first=…} others. */
class RandomEpochSimulationTest {

    @Test
    void shouldShowEveryRowOnceWhateverGoesWrong() {
        long first = Long.getLong("millrace.simulation.first", 1);
        long count = Long.getLong("millrace.simulation.seeds", 4_000);
        for (long seed = first; seed < first + count; seed++) {
            try {
                new EpochSimulation(EpochPlan.random(seed), new EpochRules()).run();
            } catch (RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + EpochPlan.random(seed), failure);
            }
        }
    }
}
