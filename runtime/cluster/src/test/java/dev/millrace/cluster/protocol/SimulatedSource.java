// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One split: a log with holes between its positions, rows out of time order, and rows that a filter takes out. */
final class SimulatedSource {
    final int split;
    final String input;
    final long start;
    final long end;
    final List<Entry> entries = new ArrayList<>();

    /** A row of the log; before it has been decoded, so to say. */
    record Entry(long position, int key, long time, long watermarkTime, boolean filtered) {}

    SimulatedSource(int split, SimulationPlan plan, Random random) {
        this.split = split;
        this.input = "split-" + split;
        this.start = random.nextInt(100);
        long position = start;
        long clock = 10_000;
        for (int row = 0; row < plan.rows(); row++) {
            position += random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
            clock += random.nextInt(60);
            long stray = random.nextInt(3) == 0 ? (long) (random.nextDouble() * plan.disorderMillis()) : 0;
            // Whole tens make ties; a row without time moves nothing and is never late.
            long time = random.nextInt(20) == 0 ? SplitWatermark.NO_TIME : (clock - stray) / 10 * 10;
            long watermarkTime = time == SplitWatermark.NO_TIME ? time : time - plan.delayMillis();
            entries.add(new Entry(position, random.nextInt(6), time, watermarkTime, random.nextInt(5) == 0));
        }
        this.end = position + 1 + random.nextInt(4);
    }

    /** The entries of a poll at a position: at most so many. */
    List<Entry> poll(long from, int countMax) {
        int low = 0;
        int high = entries.size();
        while (low < high) {
            int middle = low + high >>> 1;
            if (entries.get(middle).position() < from) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return entries.subList(low, Math.min(entries.size(), low + countMax));
    }

    /** The position of the first row at or after this one, or the end. */
    long nextPosition(long from) {
        List<Entry> next = poll(from, 1);
        return next.isEmpty() ? end : next.getFirst().position();
    }
}
