// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Readers and partitions over a network that loses, repeats, delays and reorders, with virtual time. All chance comes
 * from the seed. After {@link SimulationPlan#faultMillis} nothing goes wrong any more, and everything must come to rest
 * with exactly what a single thread would have computed.
 */
final class Simulation {
    /** How long it may take to come to rest after the last fault. */
    private static final long REST_MILLIS_MAX = 120_000;
    private static final long EVENTS_MAX = 2_000_000;
    private static final int HELD_READS_MAX = 12;

    final SimulationPlan plan;
    final Rules rules;
    final Random random;
    final List<SimulatedSource> sources = new ArrayList<>();
    final List<SimulatedPartition> partitions = new ArrayList<>();
    /** All readers of each split, the newest last. */
    final List<List<SimulatedReader>> readers = new ArrayList<>();
    /** Rounds raised because of a gap or a probe. */
    int rounds;
    /** Messages that were lost, late or repeated, and crashes: what a raised round may be blamed on. */
    int faults;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final Map<Link, Long> lastArrivals = new HashMap<>();
    private final SplitList splitList;
    private long now;
    private long sequence;

    private record Event(long at, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
        }
    }

    private record Link(Object from, Object to) {}

    Simulation(SimulationPlan plan, Rules rules) {
        this.plan = plan;
        this.rules = rules;
        this.random = new Random(plan.seed());
        List<SplitList.Split> splits = new ArrayList<>();
        for (int split = 0; split < plan.splits(); split++) {
            SimulatedSource source = new SimulatedSource(split, plan, random);
            sources.add(source);
            splits.add(new SplitList.Split(source.input, source.start));
            readers.add(new ArrayList<>());
        }
        this.splitList = new SplitList(1, splits);
        for (int index = 0; index < plan.partitions(); index++) {
            partitions.add(new SimulatedPartition(this, index));
        }
    }

    /** Runs to rest and checks everything. */
    void run() {
        partitions.forEach(partition -> after(random.nextInt(200), partition::start));
        for (int split = 0; split < plan.splits(); split++) {
            int index = split;
            after(random.nextInt(100), () -> startReader(index));
        }
        after(random.nextInt(50), this::tellSplits);
        for (int crash = 0; crash < plan.partitionCrashes(); crash++) {
            SimulatedPartition partition = partitions.get(random.nextInt(partitions.size()));
            after(random.nextLong(plan.faultMillis()), partition::crash);
        }
        for (int crash = 0; crash < plan.readerCrashes(); crash++) {
            int split = random.nextInt(plan.splits());
            after(random.nextLong(plan.faultMillis()), () -> replaceReader(split));
        }
        long handled = 0;
        while (now <= plan.faultMillis() || !isAtRest()) {
            Event event = events.poll();
            if (event == null) {
                throw new ProtocolViolation("nothing happens any more, but rows are missing: " + standings());
            }
            now = event.at();
            if (now > plan.faultMillis() + REST_MILLIS_MAX || ++handled > EVENTS_MAX) {
                throw new ProtocolViolation("no rest at " + now + " ms after " + handled + " events: " + standings());
            }
            event.action().run();
        }
        if (rounds > faults) {
            throw new ProtocolViolation(rounds + " rounds for " + faults + " faults");
        }
        check();
    }

    int rowsOfClosedWindows() {
        return partitions.stream().mapToInt(SimulatedPartition::rowsOfClosedWindows).sum();
    }

    long now() {
        return now;
    }

    boolean isFaulty() {
        return now < plan.faultMillis();
    }

    void after(long millis, Runnable action) {
        events.add(new Event(now + millis, sequence++, action));
    }

    void send(Object from, Object to, Runnable arrival) {
        if (isFaulty() && random.nextDouble() < plan.loss()) {
            faults++;
            return;
        }
        long at = now + 1 + random.nextInt(plan.latencyMillis());
        if (plan.ordered()) {
            Link link = new Link(from, to);
            at = Math.max(at, lastArrivals.getOrDefault(link, 0L));
            lastArrivals.put(link, at);
        } else {
            faults++;
        }
        after(at - now, arrival);
        if (isFaulty() && random.nextDouble() < plan.repeat()) {
            faults++;
            after(at - now + random.nextInt(3 * plan.latencyMillis()), arrival);
        }
    }

    SimulatedReader newestReader(int split) {
        List<SimulatedReader> all = readers.get(split);
        return all.isEmpty() ? null : all.getLast();
    }

    int splitOf(String input) {
        return Integer.parseInt(input.substring(input.indexOf('-') + 1));
    }

    private LaneSettings settings() {
        return new LaneSettings(1_000, 2_000, 5, 60, 100, 2_000, 250, 10_000, 600, 1 << 20, HELD_READS_MAX,
                new IsolationSettings(200, 100, 200, 20, 1, plan.driftMillisMax()));
    }

    private void startReader(int split) {
        List<SimulatedReader> all = readers.get(split);
        SimulatedReader reader = new SimulatedReader(this, sources.get(split), all.size() + 1, settings());
        all.add(reader);
        reader.start();
    }

    private void replaceReader(int split) {
        SimulatedReader old = newestReader(split);
        if (old == null) {
            return;
        }
        faults++;
        if (random.nextDouble() >= plan.zombies()) {
            old.crash();
        }
        after(random.nextInt(300), () -> startReader(split));
    }

    /** The job tells the splits again and again, since the message may be lost and partitions come and go. */
    private void tellSplits() {
        for (SimulatedPartition partition : partitions) {
            send(this, partition, () -> partition.splits(splitList));
        }
        after(500, this::tellSplits);
    }

    private boolean isAtRest() {
        for (SimulatedPartition partition : partitions) {
            if (!partition.isFinished()) {
                return false;
            }
        }
        for (List<SimulatedReader> all : readers) {
            if (all.isEmpty() || !all.getLast().isFinished()) {
                return false;
            }
        }
        return true;
    }

    private void check() {
        for (int index = 0; index < partitions.size(); index++) {
            String expected = Oracle.summary(plan, sources, index);
            String actual = partitions.get(index).summary();
            if (!expected.equals(actual)) {
                throw new ProtocolViolation("partition " + index + " differs\nexpected\n" + expected + "\nactual\n"
                        + actual);
            }
        }
        for (SimulatedReader reader : readers.stream().map(List::getLast).toList()) {
            reader.checkAtRest();
        }
    }

    private String standings() {
        StringBuilder text = new StringBuilder();
        partitions.forEach(partition -> text.append('\n').append(partition));
        readers.forEach(all -> all.forEach(reader -> text.append('\n').append(reader)));
        return text.toString();
    }
}
