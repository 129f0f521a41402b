// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

/** Sorts and merges times together with references to their rows. Rows of equal times keep their order. */
final class TimeOrder {
    private long[] scratchTimes = new long[0];
    private int[] scratchRefs = new int[0];

    /** Puts rows in order; what is in order already costs little. */
    void sort(long[] times, int[] refs, int count) {
        reserve(count);
        long[] fromTimes = times;
        int[] fromRefs = refs;
        long[] toTimes = scratchTimes;
        int[] toRefs = scratchRefs;
        for (int width = 1; width < count; width *= 2) {
            for (int low = 0; low < count; low += 2 * width) {
                int middle = Math.min(low + width, count);
                int high = Math.min(low + 2 * width, count);
                merge(fromTimes, fromRefs, low, middle, fromTimes, fromRefs, middle, high, toTimes, toRefs, low);
            }
            long[] otherTimes = fromTimes;
            int[] otherRefs = fromRefs;
            fromTimes = toTimes;
            fromRefs = toRefs;
            toTimes = otherTimes;
            toRefs = otherRefs;
        }
        if (fromTimes != times) {
            System.arraycopy(fromTimes, 0, times, 0, count);
            System.arraycopy(fromRefs, 0, refs, 0, count);
        }
    }

    /**
     * Merges neighbours until all is in order.
     *
     * @param borders where each of the sorted pieces begins, and behind them the end of the last; is written to
     */
    void mergePieces(long[] times, int[] refs, int[] borders, int pieces) {
        int count = borders[pieces];
        reserve(count);
        long[] fromTimes = times;
        int[] fromRefs = refs;
        long[] toTimes = scratchTimes;
        int[] toRefs = scratchRefs;
        int left = pieces;
        while (left > 1) {
            int merged = 0;
            for (int piece = 0; piece < left; piece += 2) {
                int low = borders[piece];
                int middle = borders[Math.min(piece + 1, left)];
                int high = borders[Math.min(piece + 2, left)];
                merge(fromTimes, fromRefs, low, middle, fromTimes, fromRefs, middle, high, toTimes, toRefs, low);
                borders[merged++] = low;
            }
            borders[merged] = count;
            left = merged;
            long[] otherTimes = fromTimes;
            int[] otherRefs = fromRefs;
            fromTimes = toTimes;
            fromRefs = toRefs;
            toTimes = otherTimes;
            toRefs = otherRefs;
        }
        if (fromTimes != times) {
            System.arraycopy(fromTimes, 0, times, 0, count);
            System.arraycopy(fromRefs, 0, refs, 0, count);
        }
    }

    private void reserve(int count) {
        if (scratchTimes.length < count) {
            int grown = Math.max(count, scratchTimes.length * 2);
            scratchTimes = new long[grown];
            scratchRefs = new int[grown];
        }
    }

    /** Merges two sorted pieces; where times are equal, the rows of the left one come first. */
    static void merge(
            long[] leftTimes, int[] leftRefs, int leftFrom, int leftTo, long[] rightTimes, int[] rightRefs,
            int rightFrom, int rightTo, long[] times, int[] refs, int to) {
        int left = leftFrom;
        int right = rightFrom;
        int at = to;
        if (left < leftTo && right < rightTo && leftTimes[leftTo - 1] > rightTimes[right]) {
            // Which side is next can't be foreseen, so nothing here should be a jump but the end.
            while (left < leftTo && right < rightTo) {
                long a = leftTimes[left];
                long b = rightTimes[right];
                int fromLeft = a <= b ? 1 : 0;
                times[at] = Math.min(a, b);
                refs[at++] = fromLeft != 0 ? leftRefs[left] : rightRefs[right];
                left += fromLeft;
                right += 1 - fromLeft;
            }
        }
        System.arraycopy(leftTimes, left, times, at, leftTo - left);
        System.arraycopy(leftRefs, left, refs, at, leftTo - left);
        at += leftTo - left;
        System.arraycopy(rightTimes, right, times, at, rightTo - right);
        System.arraycopy(rightRefs, right, refs, at, rightTo - right);
    }

    long bytes() {
        return scratchTimes.length * 12L;
    }
}
