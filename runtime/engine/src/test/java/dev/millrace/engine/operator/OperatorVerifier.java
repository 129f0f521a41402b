// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Runs an operator on the same input in many ways (whole batches, single rows, random pieces, rows scattered in larger
 * arrays, saved and restored at every point, whole and from portions, output fetched late) and demands the same rows of
 * all of them.
 */
final class OperatorVerifier {
    /** What happens to an operator. */
    sealed interface Event {}

    /** Rows of an input come. */
    record Rows(List<InputRow> rows, String input) implements Event {
        Rows(List<InputRow> rows) {
            this(rows, "0");
        }
    }

    /** The watermark rises. */
    record Watermark(long value) implements Event {}

    /** The clock is read, maybe after it was set back. */
    record Clock(long millis) implements Event {}

    /** What is gathered is to be shown. */
    record Show() implements Event {}

    private enum Pieces {
        WHOLE,
        SINGLE_ROWS,
        RANDOM
    }

    private final Schema input;
    private final Supplier<Operator> operators;
    private final List<Event> events;
    private final long seed;
    private boolean mayBeSplit = true;
    private ToLongFunction<TestRow> times = null;
    private Comparator<TestRow> shownOrder = null;

    OperatorVerifier(Schema input, Supplier<Operator> operators, List<Event> events, long seed) {
        this.input = input;
        this.operators = operators;
        this.events = events;
        this.seed = seed;
    }

    /** For operators whose output depends on where batches end. */
    OperatorVerifier withBatchesAsTheyAre() {
        mayBeSplit = false;
        return this;
    }

    /** For operators that show what they have gathered in any order: what they show at once is sorted. */
    OperatorVerifier withShownSorted(Comparator<TestRow> order) {
        shownOrder = order;
        return this;
    }

    /** Demands of the watermarks that the operator promises that no row with a time at or below them comes. */
    OperatorVerifier withTimes(ToLongFunction<TestRow> timeOfRow) {
        times = timeOfRow;
        return this;
    }

    /** Runs all ways and compares their rows with the expected ones, in order. */
    void expect(List<TestRow> expected) {
        for (Pieces pieces : Pieces.values()) {
            if (pieces != Pieces.WHOLE && !mayBeSplit) {
                continue;
            }
            for (boolean scattered : new boolean[] {false, true}) {
                for (boolean restored : new boolean[] {false, true}) {
                    String way = pieces + (scattered ? ", scattered" : "") + (restored ? ", restored" : "") + ", seed "
                            + seed;
                    compare(expected, run(pieces, scattered, restored, new Random(seed)), way);
                }
            }
        }
    }

    private static void compare(List<TestRow> expected, List<TestRow> actual, String way) {
        for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
            TestRow e = expected.get(i);
            TestRow a = actual.get(i);
            assertTrue(e.matches(a), () -> way + ": expected " + e + " but got " + a);
        }
        assertEquals(expected.size(), actual.size(), way + ": number of rows");
    }

    private List<TestRow> run(Pieces pieces, boolean scattered, boolean restored, Random random) {
        Run run = new Run(restored, random);
        for (Event event : events) {
            switch (event) {
                case Watermark watermark -> run.advanceTo(watermark.value());
                case Clock clock -> run.operator.clock(clock.millis());
                case Show _ -> run.showChanges();
                case Rows rows -> {
                    List<InputRow> left = rows.rows();
                    while (!left.isEmpty()) {
                        int count = switch (pieces) {
                            case WHOLE -> left.size();
                            case SINGLE_ROWS -> 1;
                            case RANDOM -> 1 + random.nextInt(left.size());
                        };
                        List<InputRow> piece = left.subList(0, count);
                        run.add(
                                rows.input(),
                                scattered
                                        ? TestBatches.scattered(input, piece, random)
                                        : TestBatches.of(input, piece));
                        left = left.subList(count, left.size());
                    }
                }
            }
        }
        return run.output;
    }

    /** One life, or chain of lives, of the operator. */
    private final class Run {
        private final boolean restored;
        private final Random random;
        private final List<TestRow> output = new ArrayList<>();
        private Operator operator = operators.get();
        private PortionLog portions;
        private long promised = Long.MIN_VALUE;

        Run(boolean restored, Random random) {
            this.restored = restored;
            this.random = random;
            portions = new PortionLog(random);
        }

        void add(String from, Batch batch) {
            assertTrue(operator.needsInput());
            operator.from(from);
            operator.add(batch);
            drain();
        }

        void advanceTo(long watermark) {
            assertTrue(operator.needsInput());
            operator.advanceTo(watermark);
            drain();
        }

        void showChanges() {
            assertTrue(operator.needsInput());
            operator.showChanges();
            int before = output.size();
            drain();
            if (shownOrder != null) {
                output.subList(before, output.size()).sort(shownOrder);
            }
        }

        private void drain() {
            while (true) {
                restart();
                assertTrue(operator.outputWatermark() >= promised, "the output watermark falls");
                promised = operator.outputWatermark();
                boolean needsInput = operator.needsInput();
                Batch batch = operator.poll();
                if (batch == null) {
                    break;
                }
                assertFalse(needsInput, "asks for input while output waits");
                assertFalse(batch.size() == 0, "an empty result");
                for (TestRow row : TestBatches.rows(batch)) {
                    assertTrue(
                            times == null || times.applyAsLong(row) > promised,
                            () -> row + " after the watermark " + promised);
                    output.add(row);
                }
            }
            restart();
            assertTrue(operator.stateBytes() >= 0);
        }

        /** Another operator takes over, maybe, from all state or from a row of portions. */
        private void restart() {
            if (!restored || random.nextInt(3) > 0) {
                return;
            }
            if (random.nextInt(4) == 0) {
                StateWriter out = new StateWriter();
                operator.save(out);
                replace();
                StateReader in = new StateReader(out.finish());
                operator.restore(in);
                assertTrue(in.isAtEnd(), "something was saved but not restored");
                portions = new PortionLog(random);
                return;
            }
            portions.append(operator);
            if (random.nextBoolean() && portions.holdsAll()) {
                replace();
                portions.restore(operator);
            }
        }

        private void replace() {
            operator.close();
            operator = operators.get();
        }
    }
}
