// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A job that takes a savepoint and goes on from it with another number of partitions: the shell around the rules of
 * {@link SavepointCut}. All that it says may be lost, so it says it again and again.
 */
final class SimulatedSavepoint {
    private static final long DEADLINE_MILLIS = 400;
    private static final long ASK_MILLIS = 8;

    private final EpochSimulation simulation;
    private final EpochRules rules;
    private final List<SimulatedPlace> places;
    private final SavepointCut cut;
    private final long deadline;
    private final Map<SimulatedPlace, SimulatedState.Portion> copies = new HashMap<>();
    /** Whether the job goes on from it with another number of partitions; else as it was. */
    private final boolean altersJob;
    private boolean gone;

    SimulatedSavepoint(EpochSimulation simulation) {
        this.simulation = simulation;
        rules = simulation.rules;
        places = List.copyOf(simulation.places());
        altersJob = simulation.random.nextInt(4) != 0;
        deadline = simulation.now() + DEADLINE_MILLIS;
        Set<String> inputs = new HashSet<>();
        for (int split = 0; split < simulation.plan.splits(); split++) {
            inputs.add(SimulatedInputs.name(split));
        }
        Set<String> partitions = new HashSet<>();
        places.forEach(place -> partitions.add(place.name()));
        cut = rules.cut(inputs, partitions);
    }

    /** The job's actor is started again, and knows nothing of it. */
    void crash() {
        gone = true;
    }

    boolean isFreezing() {
        return cut.phase() == SavepointCut.Phase.FREEZING;
    }

    void ask() {
        if (gone) {
            return;
        }
        if (simulation.now() >= deadline && rules.endsInTime()) {
            cut.timeOut();
        }
        switch (cut.phase()) {
            case LEVELLING -> hold();
            case FREEZING, STORING -> {
                hold();
                places.forEach(place -> send(() -> place.freeze(this)));
            }
            case REFUSED -> end();
            case DONE -> {
                gone = true;
                transfer();
                return;
            }
        }
        simulation.after(ASK_MILLIS, this::ask);
    }

    private void send(Runnable message) {
        if (!simulation.isFaulty() || simulation.random.nextInt(10) != 0) {
            simulation.after(1 + simulation.random.nextInt(4), message);
        }
    }

    private void hold() {
        for (int split = 0; split < simulation.plan.splits(); split++) {
            int held = split;
            send(() -> {
                simulation.inputs().hold(held);
                long position = simulation.inputs().readTo(held);
                if (places.stream().allMatch(place -> place.hasApplied(held, position))) {
                    send(() -> cut.level(SimulatedInputs.name(held), position));
                }
            });
        }
    }

    private void end() {
        gone = true;
        for (int split = 0; split < simulation.plan.splits(); split++) {
            simulation.inputs().goOn(split);
        }
        simulation.savepointEnded();
    }

    boolean isAtCut(long[] positions) {
        for (int split = 0; split < positions.length; split++) {
            if (positions[split] != cut.cut().get(SimulatedInputs.name(split))) {
                return false;
            }
        }
        return true;
    }

    private long[] positions() {
        long[] positions = new long[simulation.plan.splits()];
        for (int split = 0; split < positions.length; split++) {
            positions[split] = cut.cut().get(SimulatedInputs.name(split));
        }
        return positions;
    }

    // ---- From partitions

    void frozen(SimulatedPlace place) {
        send(() -> cut.frozen(place.name()));
    }

    /** The first copy that is stored counts: its log can be written once. */
    void stored(SimulatedPlace place, SimulatedState.Portion copy) {
        copies.putIfAbsent(place, copy);
        send(() -> {
            cut.frozen(place.name());
            cut.stored(place.name());
        });
    }

    // ---- The next generation

    private void transfer() {
        simulation.checkSavepoint(positions(), copies.values());
        if (!altersJob) {
            end();
            return;
        }
        List<SimulatedPlace> closed = new ArrayList<>();
        for (SimulatedPlace place : places) {
            place.over();
            if (rules.shutsOutTheOldGeneration() && !place.shutOut(this)) {
                // Somebody has gone on behind the cut.
                closed.forEach(SimulatedPlace::goOn);
                place.goOn();
                places.stream().filter(other -> !closed.contains(other)).forEach(SimulatedPlace::goOn);
                end();
                return;
            }
            closed.add(place);
        }
        int partitions = 1 + simulation.random.nextInt(3);
        List<SimulatedPlace> restored = new ArrayList<>();
        for (int index = 0; index < partitions; index++) {
            restored.add(new SimulatedPlace(
                    simulation, places.getFirst().generation + 1, index, partitions, state(index, partitions),
                    positions()));
        }
        simulation.restored(restored);
        end();
    }

    /** Groups and what is held of them go by key; what has no key goes to one partition. */
    private SimulatedState.Portion state(int index, int partitions) {
        Map<Integer, Integer> counts = new HashMap<>();
        List<SimulatedRow> held = new ArrayList<>();
        long rows = 0;
        long badRecords = 0;
        for (SimulatedState.Portion copy : copies.values()) {
            copy.counts().forEach((key, count) -> {
                if (key % partitions == index) {
                    counts.put(key, count);
                }
            });
            copy.held().stream().filter(row -> row.key() % partitions == index).forEach(held::add);
            if (index == 0 && rules.mergesStateWithoutKey()) {
                rows += copy.rows();
                badRecords += copy.badRecords();
            }
        }
        return new SimulatedState.Portion(counts, held, List.of(), rows, badRecords, true);
    }

    @Override
    public String toString() {
        return "savepoint " + cut.phase() + ", waits for " + cut.laggards();
    }
}
