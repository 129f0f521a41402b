// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * References to the rows that wait, and those that the watermark has released, in the order of time, input, and coming
 * within the input, which is that of positions.
 *
 * <p>Rows of an input that come in order make one run. A row out of order begins another one, behind it in age; runs of
 * like size become one, so an input has few of them and a row is merged a logarithmic number of times.
 */
final class WaitingRows {
    /** By the numbers that names end with: shorter names are smaller numbers. */
    private static final Comparator<Input> BY_NAME = Comparator
            .comparingInt((Input input) -> input.name.length())
            .thenComparing(input -> input.name);

    /** The rows of one input, the oldest run first. */
    static final class Input {
        private final String name;
        private final int number;
        private final List<SortedRun> runs = new ArrayList<>();

        private Input(String name, int number) {
            this.name = name;
            this.number = number;
        }

        /** The inputs are numbered in the order in which they came, from 0 on. */
        int number() {
            return number;
        }
    }

    private final TimeOrder order = new TimeOrder();
    private final Map<String, Input> byName = new HashMap<>();
    private final List<Input> byNumber = new ArrayList<>();

    /** In their order. */
    private final List<Input> inputs = new ArrayList<>();

    /** The released rows; those before {@link #next} were taken. */
    private long[] times = new long[0];

    private int[] refs = new int[0];
    private int next;
    private int released;
    private int[] borders = new int[8];

    /** The input of this name, which may be new. */
    Input input(String name) {
        Input input = byName.get(name);
        if (input == null) {
            input = new Input(name, byNumber.size());
            byName.put(name, input);
            byNumber.add(input);
            inputs.add(input);
            inputs.sort(BY_NAME);
        }
        return input;
    }

    Input input(int number) {
        return byNumber.get(number);
    }

    /** The names of the inputs, by number. */
    List<String> names() {
        return byNumber.stream().map(input -> input.name).toList();
    }

    /**
     * Puts rows behind those of their input; the arrays may be written to.
     *
     * @param ordered whether their times are in order already
     */
    void add(Input input, long[] newTimes, int[] newRefs, int count, boolean ordered) {
        if (!ordered) {
            order.sort(newTimes, newRefs, count);
        }
        List<SortedRun> runs = input.runs;
        if (runs.isEmpty() || runs.getLast().size() > 0 && runs.getLast().lastTime() > newTimes[0]) {
            runs.add(new SortedRun());
        }
        runs.getLast().append(newTimes, newRefs, count);
        while (runs.size() > 1 && runs.get(runs.size() - 2).size() <= 2 * runs.getLast().size()) {
            SortedRun newer = runs.removeLast();
            SortedRun older = runs.removeLast();
            runs.add(older.size() == 0 ? newer : new SortedRun(older, newer));
        }
    }

    /** Releases the rows with times up to this one; all released before were taken. */
    void release(long time) {
        int count = 0;
        int runs = 0;
        for (Input input : inputs) {
            for (SortedRun run : input.runs) {
                count += run.countUpTo(time);
                runs++;
            }
        }
        if (refs.length < count) {
            int grown = Math.max(count, refs.length * 2);
            times = new long[grown];
            refs = new int[grown];
        }
        if (borders.length <= runs) {
            borders = new int[runs * 2];
        }
        int pieces = 0;
        released = 0;
        for (Input input : inputs) {
            for (SortedRun run : input.runs) {
                int taken = run.countUpTo(time);
                if (taken > 0) {
                    borders[pieces++] = released;
                    run.take(taken, times, refs, released);
                    released += taken;
                }
            }
            if (input.runs.size() > 1) {
                input.runs.removeIf(run -> run.size() == 0);
            }
        }
        next = 0;
        borders[pieces] = released;
        if (pieces > 1) {
            order.mergePieces(times, refs, borders, pieces);
        }
    }

    /** Released rows that were not taken. */
    int left() {
        return released - next;
    }

    /** Times of released rows; the next one stands at {@link #next}. */
    long[] times() {
        return times;
    }

    /** References of released rows; the next one stands at {@link #next}. */
    int[] refs() {
        return refs;
    }

    int next() {
        return next;
    }

    /** The next so many released rows are taken. */
    void take(int count) {
        next += count;
    }

    long bytes() {
        long bytes = times.length * 12L + order.bytes();
        for (Input input : inputs) {
            for (SortedRun run : input.runs) {
                bytes += run.bytes();
            }
        }
        return bytes;
    }
}
