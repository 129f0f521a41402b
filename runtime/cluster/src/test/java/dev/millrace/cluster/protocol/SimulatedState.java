// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Operators that count rows by key and hold them back until a window closes; then they are drained, one after the other.
 * Saved in portions, as those of the engine.
 */
final class SimulatedState {
    /** Bytes of what a portion holds of a key. */
    static final long KEY_BYTES = 1 << 20;

    private final Map<Integer, Integer> counts = new HashMap<>();
    private final ArrayDeque<SimulatedRow> held = new ArrayDeque<>();
    private final ArrayDeque<SimulatedRow> draining = new ArrayDeque<>();
    /** State without a key. */
    private long rows;
    private long badRecords;
    private final Set<Integer> changed = new HashSet<>();
    private final Set<Integer> missing = new HashSet<>();

    record Portion(Map<Integer, Integer> counts, List<SimulatedRow> held, List<SimulatedRow> draining, long rows,
            long badRecords, boolean complete) {
        long bytes() {
            return counts.size() * KEY_BYTES;
        }
    }

    void add(int split, long position, int key) {
        int count = counts.merge(key, 1, Integer::sum);
        changed.add(key);
        rows++;
        held.add(new SimulatedRow(split, position, key, count));
    }

    void addBad() {
        badRecords++;
    }

    void close() {
        draining.addAll(held);
        held.clear();
    }

    boolean isDrained() {
        return draining.isEmpty();
    }

    SimulatedRow poll() {
        return draining.poll();
    }

    long rows() {
        return rows;
    }

    long badRecords() {
        return badRecords;
    }

    /** What has changed since the last portion, and of an image that has begun a slice of what is missing. */
    Portion save(boolean begins, long slice, boolean savesDraining) {
        if (begins) {
            missing.clear();
            missing.addAll(counts.keySet());
        }
        Map<Integer, Integer> portion = new HashMap<>();
        changed.forEach(key -> portion.put(key, counts.get(key)));
        changed.clear();
        missing.removeAll(portion.keySet());
        long left = slice / KEY_BYTES;
        for (int key : List.copyOf(missing)) {
            if (left > 0) {
                left--;
                portion.put(key, counts.get(key));
                missing.remove(key);
            }
        }
        return new Portion(portion, List.copyOf(held), savesDraining ? List.copyOf(draining) : List.of(), rows,
                badRecords, missing.isEmpty());
    }

    void restore(Portion portion) {
        counts.putAll(portion.counts());
        held.clear();
        held.addAll(portion.held());
        draining.clear();
        draining.addAll(portion.draining());
        rows = portion.rows();
        badRecords = portion.badRecords();
    }

    /** All of it, for a savepoint. */
    Portion whole() {
        return new Portion(Map.copyOf(counts), List.copyOf(held), List.copyOf(draining), rows, badRecords, true);
    }
}
