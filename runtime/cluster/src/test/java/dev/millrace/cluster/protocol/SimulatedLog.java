// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A store of numbered slots and snapshots: what the directory, or a database, is to a keeper. */
final class SimulatedLog {
    /** How long a deleted slot's number stays taken: the hour of the real one. */
    static final long KEPT_MILLIS = 600;
    /** A writer that was silent for longer looks whether it has a successor. */
    static final long SILENT_MILLIS_MAX = 40;
    /** What a look sees may be as old as that. */
    private static final int STALE_MILLIS_MAX = 200;

    /** What a slot holds. */
    sealed interface Event {
        long incarnation();
    }

    record Claim(long incarnation) implements Event {}

    record Shut(long incarnation, long generation) implements Event {}

    /**
     * @param marker what its header notes
     * @param positions by split how far the rows are in the state
     */
    record Epoch(long epoch, long incarnation, boolean begins, boolean completes, long marker, long[] positions,
            boolean finished, SimulatedState.Portion state, List<SimulatedRow> outbox) implements Event {}

    record Stored(EpochLog.Snapshot image, long incarnation) {}

    /** Outcome of a write, as its writer sees it. */
    enum Outcome { WRITTEN, TAKEN, UNKNOWN }

    private record End(long at, long number) {}

    private final EpochSimulation simulation;
    private final TreeMap<Long, Event> slots = new TreeMap<>();
    private final TreeMap<Long, Stored> snapshots = new TreeMap<>();
    private final TreeMap<Long, Long> deletions = new TreeMap<>();
    private final List<End> ends = new ArrayList<>();
    private final Set<Event> held = Collections.newSetFromMap(new IdentityHashMap<>());
    private long owner;
    private int stored;
    private boolean damaged;
    private int losses;

    SimulatedLog(EpochSimulation simulation) {
        this.simulation = simulation;
    }

    /** Publishes a slot, once. */
    Outcome publish(long number, Event event, long silentSince) {
        sweep();
        if (slots.containsKey(number) && !simulation.rules.replacesSlots()) {
            return Outcome.TAKEN;
        }
        slots.put(number, event);
        held.add(event);
        if (simulation.now() - silentSince > SILENT_MILLIS_MAX && simulation.rules.looksBeyond()
                && seenEnd() > number) {
            return Outcome.TAKEN;
        }
        ends.add(new End(simulation.now(), highest()));
        if (event.incarnation() < owner) {
            throw new ProtocolViolation("start " + event.incarnation() + " writes slot " + number
                    + " of a log that start " + owner + " has claimed");
        }
        owner = event.incarnation();
        return Outcome.WRITTEN;
    }

    /** The end of the log as a stale listing shows it. */
    private long seenEnd() {
        long seenAt = simulation.now() - simulation.random.nextInt(STALE_MILLIS_MAX);
        long end = 0;
        for (End known : ends) {
            if (known.at() <= seenAt) {
                end = Math.max(end, known.number());
            }
        }
        return end;
    }

    private void sweep() {
        long kept = simulation.rules.slotsKept(KEPT_MILLIS);
        for (Map.Entry<Long, Long> deletion : deletions.entrySet()) {
            if (deletion.getValue() <= simulation.now() - kept && !slots.isEmpty()) {
                slots.headMap(Math.min(deletion.getKey() + 1, slots.lastKey())).clear();
            }
        }
    }

    void delete(long to) {
        deletions.putIfAbsent(to, simulation.now());
    }

    private long deletedTo() {
        return deletions.isEmpty() ? 0 : deletions.lastKey();
    }

    /** The highest number ever used. */
    long highest() {
        return Math.max(deletedTo(), slots.isEmpty() ? 0 : slots.lastKey());
    }

    /** The slots behind a number, deleted ones left out. */
    List<Event> read(long number) {
        return List.copyOf(slots.tailMap(Math.max(number, deletedTo()), false).values());
    }

    /** How many events it has ever held. */
    int size() {
        return held.size();
    }

    boolean holds(Event event) {
        return held.contains(event);
    }

    // ---- Snapshots

    void store(EpochLog.Snapshot image, long incarnation) {
        snapshots.putIfAbsent(image.number(), new Stored(image, incarnation));
        stored++;
    }

    void deleteSnapshots(long below) {
        snapshots.headMap(below).clear();
    }

    Stored newestSnapshot() {
        return snapshots.isEmpty() ? null : snapshots.lastEntry().getValue();
    }

    // ---- What the world does to it

    /** Somebody has removed the newest snapshot, because it was damaged; there is an older one. */
    void loseSnapshot() {
        snapshots.pollLastEntry();
    }

    /** How many snapshots it has been given. */
    int stored() {
        return stored;
    }

    /** Slots are lost, from the end or from between. */
    void lose(int count, boolean tail) {
        for (int i = 0; i < count && slots.size() > 1; i++) {
            damaged = true;
            if (tail) {
                slots.pollLastEntry();
            } else {
                slots.remove(new ArrayList<>(slots.keySet()).get(simulation.random.nextInt(slots.size() - 1)));
            }
        }
        losses++;
        owner = 0;
        for (Event event : slots.values()) {
            owner = Math.max(owner, event.incarnation());
        }
        ends.clear();
    }

    /** How often it has lost something; what was being written then is lost as well. */
    int losses() {
        return losses;
    }

    boolean isDamaged() {
        return damaged;
    }
}
