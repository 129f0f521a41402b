// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import org.junit.jupiter.api.Test;

/** Many seeds: {@code -Dmillrace.simulation.seeds=…} runs more, {@code -Dmillrace.simulation.first=…} others. */
class RandomSimulationTest {

    @Test
    void shouldHaveEveryRowOnceWhateverGoesWrong() {
        long first = Long.getLong("millrace.simulation.first", 1);
        long count = Long.getLong("millrace.simulation.seeds", 2_000);
        for (long seed = first; seed < first + count; seed++) {
            try {
                new Simulation(SimulationPlan.random(seed), new Rules()).run();
            } catch (RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + SimulationPlan.random(seed), failure);
            }
        }
    }
}
