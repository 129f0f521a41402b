// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The exchange between stages in many random runs, and that each of its rules is needed. */
class ExchangeSimulationTest {
    private static final long FIRST = Long.getLong("millrace.simulation.first", 1);
    private static final int SEEDS = Integer.getInteger("millrace.exchange.seeds", 200);

    @Test
    void shouldBringEveryRowToTheNextStageOnce() {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            String violation = run(seed, new ExchangeSimulation.Rules());
            if (violation != null) {
                fail("seed " + seed + ": " + violation);
            }
        }
    }

    @Test
    void shouldNoticeThatRowsTravelBeforeTheyAreDurable() {
        assertNoticed(new ExchangeSimulation.Rules() {
            @Override
            OutputEpochs<List<Integer>> output(Standing to, long released, long durable) {
                return new OutputEpochs<>(to, released, durable) {
                    @Override
                    protected boolean mayTravel(long epoch) {
                        return true;
                    }
                };
            }
        });
    }

    @Test
    void shouldNoticeThatRowsAreLetGoBeforeTheyAreDurableBelow() {
        assertNoticed(new ExchangeSimulation.Rules() {
            @Override
            long kept(long durable, long applied) {
                return applied;
            }
        });
    }

    @Test
    void shouldNoticeThatRowsAreLetGoWhenOneReaderSaysSomething() {
        assertNoticed(new ExchangeSimulation.Rules() {
            @Override
            OfferedEpochs<List<Integer>> offered(long from, long to) {
                return new OfferedEpochs<>(ExchangeSimulation.BELOW, from, to) {
                    @Override
                    protected boolean mayForget(OutputEpoch<List<Integer>> epoch) {
                        return true;
                    }
                };
            }
        });
    }

    @Test
    void shouldNoticeThatAskingPutsOffTheProbes() {
        assertNoticed(new ExchangeSimulation.Rules() {
            @Override
            boolean letsLanesProbe() {
                return false;
            }
        });
    }

    private static void assertNoticed(ExchangeSimulation.Rules rules) {
        String violation = null;
        for (long seed = FIRST; seed < FIRST + SEEDS && violation == null; seed++) {
            violation = run(seed, rules);
        }
        assertNotNull(violation, "nobody has noticed in " + SEEDS + " runs");
    }

    /** What is wrong, or null. */
    private static String run(long seed, ExchangeSimulation.Rules rules) {
        try {
            new ExchangeSimulation(seed, rules).run();
            return null;
        } catch (ProtocolViolation | IllegalStateException | IllegalArgumentException e) {
            return e.toString();
        }
    }
}
