// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import dev.millrace.engine.operator.Lateness;
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
    /** Rows that are not late by their split, whose window was closed here. */
    private final TreeMap<Group, List<Long>> closedHere = new TreeMap<>();
    private final List<Long> late = new ArrayList<>();
    private final List<Long> withoutTime = new ArrayList<>();
    private long watermark = Long.MIN_VALUE;

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
        closedHere.forEach((group, rows) -> copy.closedHere.put(group, new ArrayList<>(rows)));
        copy.watermark = watermark;
        copy.late.addAll(late);
        copy.withoutTime.addAll(withoutTime);
        return copy;
    }

    /** @param wasIdle whether the row's input has ever been idle here, so that its window may be closed */
    void add(Rows.Row row, boolean wasIdle) {
        if (row.time() == SplitWatermark.NO_TIME) {
            withoutTime.add(row.id());
            return;
        }
        long end = (Math.floorDiv(row.time(), WINDOW_MILLIS) + 1) * WINDOW_MILLIS;
        if (lateness.closes(end, row.before())) {
            late.add(row.id());
            return;
        }
        Group group = new Group(end, row.key());
        if (isClosed(end)) {
            if (!wasIdle) {
                throw new ProtocolViolation("row " + row + " isn't late, yet its window is closed");
            }
            closedHere.computeIfAbsent(group, _ -> new ArrayList<>()).add(row.id());
            return;
        }
        open.computeIfAbsent(group, _ -> new ArrayList<>()).add(row.id());
    }

    private boolean isClosed(long end) {
        return watermark == Long.MAX_VALUE || end - 1 + lateness.allowedMillis() <= watermark;
    }

    void close(long risen) {
        if (risen < watermark) {
            throw new ProtocolViolation("the watermark goes back from " + watermark + " to " + risen);
        }
        watermark = risen;
        while (!open.isEmpty() && isClosed(open.firstKey().end())) {
            var first = open.pollFirstEntry();
            Collections.sort(first.getValue());
            if (emitted.put(first.getKey(), first.getValue()) != null) {
                throw new ProtocolViolation("window " + first.getKey() + " is emitted twice");
            }
        }
    }

    int rowsOfClosedWindows() {
        return closedHere.values().stream().mapToInt(List::size).sum();
    }

    /** Everything in one comparable piece of text: a row is in its window whether it came in time or not. */
    String summary() {
        TreeMap<Group, List<Long>> windows = new TreeMap<>(emitted);
        closedHere.forEach((group, rows) -> {
            List<Long> all = new ArrayList<>(rows);
            all.addAll(windows.getOrDefault(group, List.of()));
            Collections.sort(all);
            windows.put(group, all);
        });
        Collections.sort(late);
        Collections.sort(withoutTime);
        return "emitted " + windows + "\nopen " + open + "\nlate " + late + "\nwithout time " + withoutTime;
    }
}
