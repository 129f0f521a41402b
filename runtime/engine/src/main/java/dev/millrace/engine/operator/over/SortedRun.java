// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

/** References to rows of one input in the order of time, then of coming: put in behind, taken from the front. */
final class SortedRun {
    private static final int CAPACITY_MIN = 64;

    private long[] times;
    private int[] refs;
    private int head;
    private int end;

    SortedRun() {
        times = new long[CAPACITY_MIN];
        refs = new int[CAPACITY_MIN];
    }

    /** The rows of two runs; where times are equal, those of the older one come first. */
    SortedRun(SortedRun older, SortedRun newer) {
        int count = older.size() + newer.size();
        times = new long[count];
        refs = new int[count];
        TimeOrder.merge(
                older.times, older.refs, older.head, older.end, newer.times, newer.refs, newer.head, newer.end, times,
                refs, 0);
        end = count;
    }

    int size() {
        return end - head;
    }

    long lastTime() {
        return times[end - 1];
    }

    /** Puts rows behind, none of which is before the last. */
    void append(long[] newTimes, int[] newRefs, int count) {
        if (end + count > times.length) {
            makeRoom(count);
        }
        System.arraycopy(newTimes, 0, times, end, count);
        System.arraycopy(newRefs, 0, refs, end, count);
        end += count;
    }

    private void makeRoom(int count) {
        int size = size();
        // Moving down pays off only if half of the array is free: then every row is moved about once.
        int capacity = size + count <= times.length / 2 ? times.length : Math.max(size + count, times.length * 2);
        long[] widerTimes = capacity == times.length ? times : new long[capacity];
        int[] widerRefs = capacity == refs.length ? refs : new int[capacity];
        System.arraycopy(times, head, widerTimes, 0, size);
        System.arraycopy(refs, head, widerRefs, 0, size);
        times = widerTimes;
        refs = widerRefs;
        head = 0;
        end = size;
    }

    /** How many rows at the front have a time up to this one. */
    int countUpTo(long time) {
        if (head == end || times[head] > time) {
            return 0;
        }
        if (times[end - 1] <= time) {
            return end - head;
        }
        int low = head + 1;
        int high = end - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (times[middle] <= time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - head;
    }

    /** Takes rows from the front. */
    void take(int count, long[] intoTimes, int[] intoRefs, int at) {
        System.arraycopy(times, head, intoTimes, at, count);
        System.arraycopy(refs, head, intoRefs, at, count);
        head += count;
        if (head == end) {
            head = 0;
            end = 0;
        }
    }

    long bytes() {
        return times.length * 12L;
    }
}
