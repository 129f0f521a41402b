// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;

/**
 * Partitions of one stage whose output those of another one read, with crashes of both, zombies, and messages that get
 * lost, come twice and overtake each other. All chance comes from the seed. What a partition above makes of its input
 * depends on chance, too: after a crash it gives other rows than before at all positions that were not durable.
 *
 * <p>Some time after the start nothing goes wrong any more. Then every row of the input must have arrived once.
 */
final class ExchangeSimulation {
    static final int ABOVE = 2;
    static final int BELOW = 2;
    private static final int ROWS = 120;
    private static final long FAULTS_MILLIS = 3_000;
    private static final long REST_MILLIS_MAX = 60_000;
    private static final String INPUT = "s0.";
    private static final LaneSettings SETTINGS = LaneSettings.defaults();

    /** The rules that tests take away. */
    static class Rules {
        OutputEpochs<List<Integer>> output(Standing to, long released, long durable) {
            return new OutputEpochs<>(to, released, durable);
        }

        OfferedEpochs<List<Integer>> offered(long from, long to) {
            return new OfferedEpochs<>(BELOW, from, to);
        }

        /** Whether lanes that wait for an ack are left alone: each answer, also to a greeting, puts their probe off. */
        boolean letsLanesProbe() {
            return true;
        }

        /** What a partition below says that it has made durable. */
        long kept(long durable, long applied) {
            return durable;
        }
    }

    private record Event(long at, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
        }
    }

    private record LoggedEpoch(OutputEpoch<List<Integer>> output, Set<Integer> taken, long marker) {}

    private final Rules rules;
    private final Random random;
    private final PriorityQueue<Event> events = new PriorityQueue<>();
    private final List<Upstream> above = new ArrayList<>();
    private final List<Downstream> below = new ArrayList<>();
    private long now;
    private long sequence;

    ExchangeSimulation(long seed, Rules rules) {
        this.rules = rules;
        random = new Random(seed);
        for (int i = 0; i < ABOVE; i++) {
            above.add(new Upstream(i));
        }
        for (int i = 0; i < BELOW; i++) {
            below.add(new Downstream(i));
        }
    }

    /** @throws ProtocolViolation if a row is lost or comes twice, or the whole comes to no rest */
    void run() {
        above.forEach(Upstream::start);
        below.forEach(Downstream::start);
        for (int i = random.nextInt(12); i > 0; i--) {
            Upstream up = above.get(random.nextInt(ABOVE));
            Downstream down = below.get(random.nextInt(BELOW));
            after(random.nextLong(FAULTS_MILLIS), random.nextBoolean() ? up::crash : down::crash);
        }
        while (!isAtRest()) {
            Event event = events.poll();
            if (event == null || event.at() > FAULTS_MILLIS + REST_MILLIS_MAX) {
                throw new ProtocolViolation("no rest: " + above + " " + below);
            }
            now = event.at();
            event.action().run();
        }
        check();
    }

    private boolean isAtRest() {
        return below.stream().allMatch(each -> each.inputs != null && each.inputs.isFinished())
                && above.stream().allMatch(each -> each.output != null && each.ended && each.isReleased());
    }

    private void check() {
        for (int index = 0; index < ABOVE; index++) {
            Map<Integer, Integer> counts = new HashMap<>();
            for (Downstream each : below) {
                each.rows.get(index).forEach(row -> counts.merge(row, 1, Integer::sum));
            }
            for (int row = 0; row < ROWS; row++) {
                if (counts.getOrDefault(row, 0) != 1) {
                    throw new ProtocolViolation("row " + row + " of " + INPUT + index + " came "
                            + counts.getOrDefault(row, 0) + " times");
                }
            }
        }
    }

    private void after(long millis, Runnable action) {
        events.add(new Event(now + millis, sequence++, action));
    }

    private boolean isFaulty() {
        return now < FAULTS_MILLIS;
    }

    private void send(Runnable message) {
        int copies = isFaulty() && random.nextInt(10) == 0 ? random.nextInt(3) : 1;
        for (int i = 0; i < copies; i++) {
            after(1 + random.nextInt(isFaulty() ? 20 : 4), message);
        }
    }

    private static int lane(int row) {
        return row % BELOW;
    }

    /** One partition above, with its log. */
    private final class Upstream {
        private final String name;
        private final List<LoggedEpoch> log = new ArrayList<>();
        private int incarnation;
        private OutputEpochs<List<Integer>> output;
        private Reading reading;
        private Set<Integer> taken;
        private List<Integer> staged;
        private long epoch;
        private boolean ended;

        Upstream(int index) {
            name = INPUT + index;
        }

        void start() {
            incarnation++;
            LoggedEpoch last = log.isEmpty() ? null : log.getLast();
            Standing to = last == null ? Standing.atStart(0) : last.output().to();
            epoch = log.size();
            long marker = last == null ? 0 : last.marker();
            output = rules.output(to, marker, epoch);
            taken = new HashSet<>(last == null ? Set.of() : last.taken());
            staged = new ArrayList<>();
            ended = to.finished();
            List<OutputEpoch<List<Integer>>> unread = log.stream().map(LoggedEpoch::output)
                    .filter(each -> each.epoch() > marker && !each.from().equals(each.to())).toList();
            long from = unread.isEmpty() ? to.position() : unread.getFirst().from().position();
            reading = new Reading(this, name, incarnation, from, to.position());
            unread.forEach(output::restore);
            output.take().forEach(reading.offered::add);
            reading.act(reading.lanes.start(now));
            work(incarnation);
        }

        /** What it was stays at work for a while, where nobody knows that it is over. */
        void crash() {
            if (output == null) {
                return;
            }
            Reading zombie = reading;
            if (random.nextBoolean()) {
                zombie.stopped = true;
            } else {
                after(random.nextInt(400), () -> zombie.stopped = true);
            }
            output = null;
            incarnation++;
            after(random.nextInt(100), this::start);
        }

        private void work(int started) {
            if (output == null || incarnation != started) {
                return;
            }
            for (int i = random.nextInt(5); i > 0 && taken.size() < ROWS && !ended; i--) {
                int row = random.nextInt(ROWS);
                while (!taken.add(row)) {
                    row = (row + 1) % ROWS;
                }
                staged.add(row);
            }
            if (random.nextInt(3) == 0 && !ended) {
                endEpoch(started);
            }
            reading.act(reading.lanes.tick(now));
            after(5, () -> work(started));
        }

        private void endEpoch(int started) {
            ended = taken.size() == ROWS;
            long watermark = ended ? Long.MAX_VALUE : taken.size() / 10;
            long number = ++epoch;
            OutputEpoch<List<Integer>> ending =
                    output.end(number, staged, staged.size(), staged.size(), watermark, ended);
            staged = new ArrayList<>();
            LoggedEpoch logged = new LoggedEpoch(ending, Set.copyOf(taken), output.released());
            // Epochs become durable in their order.
            after(1 + random.nextInt(4), () -> store(started, number, logged));
            output.take().forEach(reading.offered::add);
        }

        private void store(int started, long number, LoggedEpoch logged) {
            if (output == null || incarnation != started) {
                return;
            }
            if (log.size() + 1 < number) {
                after(1, () -> store(started, number, logged));
                return;
            }
            log.add(logged);
            output.durable(number);
            output.take().forEach(reading.offered::add);
            reading.readAll();
        }

        boolean isReleased() {
            return output.settled() >= epoch;
        }

        @Override
        public String toString() {
            return name + " start " + incarnation
                    + (output == null ? " away" : " ends at " + output.to() + ", epoch " + epoch
                            + " of which " + output.settled() + " are settled, log " + log.size());
        }
    }

    /** The reader of a start of a partition above. */
    private final class Reading {
        private final Upstream owner;
        private final String name;
        private final int number;
        private final ReaderLanes<List<Integer>> lanes;
        private final OfferedEpochs<List<Integer>> offered;
        private long askAt;
        private boolean stopped;

        Reading(Upstream owner, String name, int number, long from, long to) {
            this.owner = owner;
            this.name = name;
            this.number = number;
            lanes = new ReaderLanes<>(name, number, BELOW, SETTINGS);
            offered = rules.offered(from, to);
            after(1, this::tick);
        }

        /** As the reader of the output does, it asks those who do not say what they have. */
        private void tick() {
            if (stopped) {
                return;
            }
            if (now >= askAt) {
                askAt = now + 300;
                for (int lane = 0; lane < BELOW; lane++) {
                    Lane<List<Integer>> to = lanes.lane(lane);
                    if (offered.waitsFor(lane) && (to.ackedTo() >= to.sentTo() || !rules.letsLanesProbe())) {
                        greet(lane, new Greeting<>(name, number));
                    }
                }
            }
            act(lanes.tick(now));
            after(10, this::tick);
        }

        void received(ToReader message) {
            if (stopped) {
                return;
            }
            if (message instanceof Kept kept) {
                if (offered.kept(kept.partition(), kept.position()) && owner.reading == this && owner.output != null) {
                    owner.output.released(offered.released());
                }
                return;
            }
            act(lanes.received(message, now));
        }

        void act(List<ReaderDecision<List<Integer>>> decisions) {
            for (ReaderDecision<List<Integer>> decision : decisions) {
                switch (decision) {
                    case ReaderDecision.Greet<List<Integer>> greet -> greet(greet.partition(), greet.greeting());
                    case ReaderDecision.Deliver<List<Integer>> deliver ->
                            deliver(deliver.partition(), deliver.delivery());
                    case ReaderDecision.Ask<List<Integer>> ask -> deliver(ask.partition(), ask.probe());
                    case ReaderDecision.Stop<List<Integer>> _ -> stopped = true;
                    case ReaderDecision.Seek<List<Integer>> _ -> {
                    }
                    case ReaderDecision.Leave<List<Integer>> _ -> {
                    }
                    case ReaderDecision.Release<List<Integer>> _ -> {
                    }
                }
            }
            readAll();
        }

        private void greet(int lane, ToPartition<List<Integer>> greeting) {
            send(() -> below.get(lane).received(greeting, this));
        }

        private void deliver(int lane, ToPartition<List<Integer>> message) {
            send(() -> below.get(lane).received(message, this));
        }

        void readAll() {
            while (!stopped && lanes.mayRead() && offered.at(lanes.cursor()) != null) {
                long cursor = lanes.cursor();
                OutputEpoch<List<Integer>> epoch = offered.at(cursor);
                long from = epoch.from().position();
                List<Share<List<Integer>>> shares = new ArrayList<>();
                long[] wanted = lanes.wantedFrom(cursor, epoch.to().position());
                for (int lane = 0; lane < BELOW; lane++) {
                    List<Integer> share = new ArrayList<>();
                    for (int i = 0; i < epoch.rows().size() && wanted[lane] != Long.MAX_VALUE; i++) {
                        if (lane(epoch.rows().get(i)) == lane && from + i >= wanted[lane]) {
                            share.add(epoch.rows().get(i));
                        }
                    }
                    if (!share.isEmpty()) {
                        shares.add(new Share<>(lane, share, share.size()));
                    }
                }
                act(lanes.read(
                        cursor, epoch.to().position(), epoch.to().watermark(), epoch.to().finished(), shares, now));
            }
        }
    }

    /** One partition below, with what of it is durable. */
    private final class Downstream {
        private final int index;
        private int incarnation;
        private PartitionInputs<List<Integer>> inputs;
        private final List<List<Integer>> rows = new ArrayList<>();
        private final List<List<Integer>> durableRows = new ArrayList<>();
        private InputVector durable = InputVector.EMPTY;
        private final Map<String, Reading> served = new HashMap<>();

        Downstream(int index) {
            this.index = index;
            for (int i = 0; i < ABOVE; i++) {
                rows.add(new ArrayList<>());
                durableRows.add(new ArrayList<>());
            }
        }

        void start() {
            incarnation++;
            inputs = new PartitionInputs<>(index, incarnation, durable, new Window(4, 1_000));
            for (int i = 0; i < ABOVE; i++) {
                rows.set(i, new ArrayList<>(durableRows.get(i)));
            }
            List<SplitList.Split> splits = new ArrayList<>();
            above.forEach(each -> splits.add(new SplitList.Split(each.name, 0)));
            inputs.splits(new SplitList(1, splits));
            work(incarnation);
        }

        void crash() {
            if (inputs != null) {
                inputs = null;
                served.clear();
                after(random.nextInt(150), this::start);
            }
        }

        private void work(int started) {
            if (inputs == null || incarnation != started) {
                return;
            }
            for (Announcement announcement : inputs.announcements()) {
                above.stream().filter(each -> each.name.equals(announcement.input())).forEach(each -> send(() -> {
                    if (each.output != null) {
                        each.reading.received(announcement);
                    }
                }));
            }
            if (random.nextInt(4) == 0) {
                InputVector vector = inputs.vector();
                List<List<Integer>> copy = rows.stream().<List<Integer>>map(ArrayList::new).toList();
                after(1 + random.nextInt(30), () -> store(started, vector, copy));
            }
            after(40, () -> work(started));
        }

        private void store(int started, InputVector vector, List<List<Integer>> copy) {
            if (inputs == null || incarnation != started
                    || durable.inputs().stream().anyMatch(entry -> isBehind(vector, entry))) {
                return;
            }
            durable = vector;
            for (int i = 0; i < ABOVE; i++) {
                durableRows.set(i, copy.get(i));
            }
            served.keySet().forEach(this::tellKept);
        }

        private static boolean isBehind(InputVector vector, InputVector.Entry entry) {
            return vector.inputs().stream().anyMatch(other -> other.input().equals(entry.input())
                    && other.standing().position() < entry.standing().position());
        }

        private void tellKept(String input) {
            Reading reading = served.get(input);
            long position = durable.inputs().stream()
                    .filter(entry -> entry.input().equals(input))
                    .mapToLong(entry -> entry.standing().position())
                    .findFirst().orElse(0);
            long kept = rules.kept(position, inputs.standing(input).position());
            send(() -> reading.received(new Kept(input, index, kept)));
        }

        void received(ToPartition<List<Integer>> message, Reading reading) {
            if (inputs == null) {
                return;
            }
            switch (message) {
                case Greeting<List<Integer>> greeting -> {
                    answer(inputs.greeted(greeting), reading);
                    if (served.containsKey(greeting.input())) {
                        tellKept(greeting.input());
                    }
                }
                case Probe<List<Integer>> probe -> answer(inputs.probed(probe), reading);
                case Delivery<List<Integer>> delivery -> {
                    switch (inputs.offered(delivery)) {
                        case InputDecision.Take<List<Integer>> take -> {
                            int from = Integer.parseInt(delivery.input().substring(INPUT.length()));
                            delivery.frames().forEach(rows.get(from)::addAll);
                            Answer answer = inputs.applied(take);
                            Reading to = served.getOrDefault(delivery.input(), reading);
                            send(() -> to.received(answer));
                        }
                        case InputDecision.Drop<List<Integer>> drop ->
                                drop.reply().ifPresent(reply -> send(() -> reading.received(reply)));
                    }
                }
            }
        }

        @Override
        public String toString() {
            return index + " start " + incarnation + (inputs == null ? " away" : " at " + inputs.vector().inputs())
                    + ", durable " + durable.inputs();
        }

        private void answer(ToReader reply, Reading reading) {
            if (reply instanceof Answer) {
                served.put(reply.input(), reading);
            }
            send(() -> reading.received(reply));
        }
    }
}
