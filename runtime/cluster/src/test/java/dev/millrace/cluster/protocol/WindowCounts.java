// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/** The state of a simulated partition: which rows are in which window of which key, and what has been emitted. */
final class WindowCounts {
    static final long WINDOW_MILLIS = 100;

    private final Lateness lateness;
    private final TreeMap<Group, List<Long>> open = new TreeMap<>();
    private final TreeMap<Group, List<Long>> emitted = new TreeMap<>();
    private final List<Long> late = new ArrayList<>();
    private final List<Long> withoutTime = new ArrayList<>();

    private record Group(long end, int key) implements Comparable<Group> {
        @Override
        public int compareTo(Group other) {
            return end != other.end ? Long.compare(end, other.end) : Integer.compare(key, other.key);
        }
    }

    WindowCounts(long allowedMillis) {
        this.lateness = new Lateness(allowedMillis);
    }

    WindowCounts copy() {
        WindowCounts copy = new WindowCounts(lateness.allowedMillis());
        open.forEach((group, rows) -> copy.open.put(group, new ArrayList<>(rows)));
        copy.emitted.putAll(emitted);
        copy.late.addAll(late);
        copy.withoutTime.addAll(withoutTime);
        return copy;
    }

    void add(Rows.Row row) {
        if (row.time() == SplitWatermark.NO_TIME) {
            withoutTime.add(row.id());
            return;
        }
        long end = (Math.floorDiv(row.time(), WINDOW_MILLIS) + 1) * WINDOW_MILLIS;
        if (lateness.isLateForWindow(end, row.before())) {
            late.add(row.id());
            return;
        }
        Group group = new Group(end, row.key());
        if (emitted.containsKey(group)) {
            throw new ProtocolViolation("row " + row + " isn't late, yet its window is closed");
        }
        open.computeIfAbsent(group, _ -> new ArrayList<>()).add(row.id());
    }

    void close(long watermark) {
        while (!open.isEmpty() && (watermark == Long.MAX_VALUE
                || open.firstKey().end() - 1 + lateness.allowedMillis() <= watermark)) {
            var first = open.pollFirstEntry();
            Collections.sort(first.getValue());
            if (emitted.put(first.getKey(), first.getValue()) != null) {
                throw new ProtocolViolation("window " + first.getKey() + " is emitted twice");
            }
        }
    }

    /** Everything in one comparable piece of text. */
    String summary() {
        Collections.sort(late);
        Collections.sort(withoutTime);
        return "emitted " + emitted + "\nopen " + open + "\nlate " + late + "\nwithout time " + withoutTime;
    }
}
