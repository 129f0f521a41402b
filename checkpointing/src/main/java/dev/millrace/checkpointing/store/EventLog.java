// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The log of one persistence id: numbered slots, each with the events of one atomic write, published strictly in order.
 * Not thread-safe: one task at a time.
 *
 * <pre>
 * 0000000000000000001.slot     section 1: persistence id, first sequence number, number of events
 * 0000000000000000002.slot     then one section an event
 * 0000000000000000005.slot     (the one before holds three events)
 * 0000000000000000002.deleted  persistence id, number, time: events up to 2 are deleted
 * </pre>
 *
 * <p>What is deleted leaves its slots behind, without a byte in them, until their names have fenced long enough: the
 * events of a busy partition are many gigabytes an hour, their names are not.
 *
 * <p>Who finds a number taken is fenced. After a failed write its writer gets no further one, whatever the failure was:
 * going on beyond a write of unknown outcome would fork the log.
 */
final class EventLog {
    /** A writer that was silent for longer looks whether it has a successor whose slots are already deleted. */
    private static final long SILENT_MILLIS_MAX = 5_000;
    /** Marks of deletion are thinned out so far that between this many and twice as many are kept at a time. */
    private static final int MARKS_KEPT = 60;
    private static final long UNKNOWN = -1;

    private final String persistenceId;
    private final NumberedDirectory directory;
    private final Clock clock;
    private final Duration supersededSlotsKept;

    private long nextSequenceNr = UNKNOWN;
    private String failedWriter;
    private long confirmedAtMillis;
    /** The marks of deletion that are there, or null before they are looked up. */
    private ArrayDeque<Mark> marks;
    /** No slot has a number up to this one; unknown before the first deletion. */
    private long sweptTo = UNKNOWN;
    /** No slot with bytes in it has a number up to this one. */
    private long emptiedTo;

    private record Mark(long number, long timeMillis) {}

    /**
     * @param root                the directory of all logs
     * @param supersededSlotsKept how long deleted slots stay on disk, so that a stalled writer finds its number taken
     */
    EventLog(Path root, String persistenceId, Clock clock, Duration supersededSlotsKept) {
        this.persistenceId = persistenceId;
        this.directory = new NumberedDirectory(PersistenceIds.directory(root, persistenceId));
        this.clock = clock;
        this.supersededSlotsKept = supersededSlotsKept;
    }

    /** One atomic write. The content writes one section an event. */
    record Slot(long firstSequenceNr, int events, NumberedDirectory.Content content) {}

    /** Reads the event sections of a slot. */
    @FunctionalInterface
    interface SlotReading<T> {
        List<T> readFrom(CheckpointInput in, long firstSequenceNr, int events) throws IOException;
    }

    /**
     * Prepares for a new writer.
     *
     * @param seenSequenceNr the highest number which the new writer knows from a snapshot, or 0
     * @return the highest sequence number ever used here, deleted ones included; 0 if there is none
     */
    long recover(long seenSequenceNr) throws IOException {
        marks = null;
        sweptTo = UNKNOWN;
        directory.deleteLeftovers();
        if (Files.isDirectory(directory.path())) {
            // A slot may have been linked by a writer that died before it forced the directory. What is read from here
            // on must not vanish again.
            directory.force();
        }
        long highest = highest();
        if (highest > 0 && highest < seenSequenceNr) {
            throw StoreErrors.damaged(directory.path().toString(),
                    "the log ends at " + highest + " but a snapshot has seen " + seenSequenceNr);
        }
        nextSequenceNr = Math.max(highest, seenSequenceNr) + 1;
        confirmedAtMillis = clock.millis();
        return highest;
    }

    /**
     * Publishes slots in their order. When it throws, the outcome is unknown and the writer gets no further slot.
     *
     * @param writer names the instance of the persistent actor
     */
    void append(String writer, List<Slot> slots) throws IOException {
        if (writer.equals(failedWriter)) {
            throw StoreErrors.fenced(directory.path().toString(), "an earlier write of the same writer failed");
        }
        List<Path> temporaries = new ArrayList<>(slots.size());
        try {
            long first = checkOrder(slots);
            directory.create();
            for (Slot slot : slots) {
                temporaries.add(directory.writeTemporary(FileKind.SLOT, out -> write(out, slot)));
            }
            for (int i = 0; i < temporaries.size(); i++) {
                publish(temporaries.get(i), slots.get(i).firstSequenceNr());
            }
            deleteAll(temporaries);
            directory.force();
            checkSuccessor(first);
        } catch (Throwable e) {
            failedWriter = writer;
            nextSequenceNr = UNKNOWN;
            try {
                deleteAll(temporaries);
            } catch (IOException leftBehind) {
                e.addSuppressed(leftBehind);
            }
            throw e;
        }
    }

    /**
     * Hands out the events of a range in order. Who asks for events that are deleted misses the snapshot by which they
     * were replaced, and is refused: going on without either would forget in silence.
     *
     * @param from    first sequence number
     * @param to      last sequence number; it must exist
     * @param maximum at most as many events
     */
    <T> void replay(long from, long to, long maximum, SlotReading<T> reading, Consumer<? super T> consumer)
            throws IOException {
        if (from > to || maximum <= 0) {
            return;
        }
        long deletedTo = deletedTo();
        if (from <= deletedTo) {
            if (deletedTo >= to) {
                return;
            }
            throw StoreErrors.damaged(directory.path().toString(), "events up to " + deletedTo
                    + " are deleted, and the snapshot that replaced them is missing");
        }
        long[] slots = directory.numbers(FileKind.SLOT);
        int at = Arrays.binarySearch(slots, from);
        at = at >= 0 ? at : -at - 2;
        if (at < 0) {
            throw missing(from);
        }
        long expected = slots[at];
        long left = maximum;
        while (expected <= to && left > 0) {
            if (at == slots.length || slots[at] != expected) {
                throw missing(expected);
            }
            long first = expected;
            List<T> events = directory.read(FileKind.SLOT, first, in -> {
                int count = readHeader(in, directory, persistenceId, first);
                return reading.readFrom(in, first, count);
            });
            for (T event : events) {
                if (expected >= from && expected <= to && left > 0) {
                    consumer.accept(event);
                    left--;
                }
                expected++;
            }
            at++;
        }
    }

    /** Deletes events. Their slots are emptied, and go later, see {@code supersededSlotsKept}. */
    void deleteTo(long sequenceNr) throws IOException {
        if (marks == null || sweptTo == UNKNOWN) {
            look();
        }
        long to = Math.min(sequenceNr, nextSequenceNr == UNKNOWN ? highest() : nextSequenceNr - 1);
        if (to > (marks.isEmpty() ? 0 : marks.getLast().number())) {
            mark(to);
        }
        long deletedTo = marks.isEmpty() ? 0 : marks.getLast().number();
        sweep();
        emptiedTo = Math.max(emptiedTo, sweptTo);
        emptiedTo = forSlots(emptiedTo, deletedTo, directory::empty);
    }

    /** Removes what deletions have left behind that is old enough by now, for logs in which nothing is deleted any more. */
    void tidy() throws IOException {
        if (Files.isDirectory(directory.path())) {
            look();
            sweep();
        }
    }

    private void look() throws IOException {
        marks = new ArrayDeque<>();
        for (long number : directory.numbers(FileKind.DELETION)) {
            marks.add(new Mark(number, deletedAtMillis(number)));
        }
        long[] slots = directory.numbers(FileKind.SLOT);
        sweptTo = slots.length == 0 ? 0 : slots[0] - 1;
        emptiedTo = firstFull(slots) - 1;
    }

    /** The first slot with bytes in it. Slots are emptied in ascending order, so that a few looks find it. */
    private long firstFull(long[] slots) throws IOException {
        int low = 0;
        int high = slots.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Files.size(directory.file(FileKind.SLOT, slots[middle])) == 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return slots.length == 0 ? 1 : slots[low];
    }

    private void mark(long to) throws IOException {
        long now = clock.millis();
        Path temporary = directory.writeTemporary(FileKind.DELETION, out -> {
            DataOutputStream data = new DataOutputStream(out);
            data.writeUTF(persistenceId);
            data.writeLong(to);
            data.writeLong(now);
            out.endSection();
        });
        try {
            // Taken means that another writer has deleted up to the same number, which is as good.
            directory.publish(temporary, FileKind.DELETION, to);
        } finally {
            Files.deleteIfExists(temporary);
        }
        directory.force();
        Mark newest = new Mark(to, now);
        Mark middle = marks.pollLast();
        if (middle != null) {
            // Without the one in the middle its slots go with those of the newest: a little later, never earlier.
            Mark before = marks.peekLast();
            if (before != null && now - before.timeMillis() < supersededSlotsKept.toMillis() / MARKS_KEPT) {
                directory.delete(FileKind.DELETION, middle.number());
            } else {
                marks.add(middle);
            }
        }
        marks.add(newest);
    }

    private long checkOrder(List<Slot> slots) throws IOException {
        long expected = nextSequenceNr == UNKNOWN ? highest() + 1 : nextSequenceNr;
        long first = expected;
        for (Slot slot : slots) {
            if (slot.firstSequenceNr() != expected) {
                throw StoreErrors.fenced(directory.path().toString(),
                        "slot " + slot.firstSequenceNr() + " is written where " + expected + " is next");
            }
            expected += slot.events();
        }
        nextSequenceNr = expected;
        return first;
    }

    private void publish(Path temporary, long number) throws IOException {
        if (!directory.publish(temporary, FileKind.SLOT, number)) {
            throw StoreErrors.fenced(directory.path().toString(), "slot " + number + " belongs to another writer");
        }
    }

    /**
     * A number can be free because the slots of a successor were there and are deleted. That takes as long as deleted
     * slots are kept, so only a writer that was stalled has to look.
     */
    private void checkSuccessor(long first) throws IOException {
        long now = clock.millis();
        long silentMillis = now - confirmedAtMillis;
        if (silentMillis < 0 || silentMillis > SILENT_MILLIS_MAX) {
            if (deletedTo() >= first || last(directory.numbers(FileKind.SLOT)) >= nextSequenceNr) {
                throw StoreErrors.fenced(directory.path().toString(),
                        "slot " + first + " is behind those of another writer");
            }
        }
        confirmedAtMillis = now;
    }

    private void write(CheckpointOutput out, Slot slot) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeUTF(persistenceId);
        data.writeLong(slot.firstSequenceNr());
        data.writeInt(slot.events());
        out.endSection();
        slot.content().writeTo(out);
    }

    /** @return the number of events in a slot, whose first section this reads */
    static int readHeader(CheckpointInput in, NumberedDirectory directory, String persistenceId, long number)
            throws IOException {
        DataInputStream data = new DataInputStream(in);
        check(directory.file(FileKind.SLOT, number), persistenceId, data.readUTF(), number, data.readLong());
        return data.readInt();
    }

    /** @return the time at which events were deleted */
    static long readMark(NumberedDirectory directory, String persistenceId, long number) throws IOException {
        return directory.read(FileKind.DELETION, number, in -> {
            DataInputStream data = new DataInputStream(in);
            check(directory.file(FileKind.DELETION, number), persistenceId, data.readUTF(), number, data.readLong());
            return data.readLong();
        });
    }

    private long highest() throws IOException {
        long deletedTo = deletedTo();
        long last = last(directory.numbers(FileKind.SLOT));
        if (last == 0) {
            return deletedTo;
        }
        int events = directory.readBeginning(FileKind.SLOT, last, in -> readHeader(in, directory, persistenceId, last));
        return Math.max(deletedTo, last + events - 1);
    }

    private long deletedTo() throws IOException {
        long newest = last(directory.numbers(FileKind.DELETION));
        if (newest > 0) {
            deletedAtMillis(newest);
        }
        return newest;
    }

    private long deletedAtMillis(long number) throws IOException {
        return readMark(directory, persistenceId, number);
    }

    private void sweep() throws IOException {
        long latest = clock.millis() - supersededSlotsKept.toMillis();
        long sweepTo = 0;
        for (Mark mark : marks) {
            if (mark.timeMillis() <= latest) {
                sweepTo = mark.number();
            }
        }
        if (sweepTo <= sweptTo) {
            return;
        }
        sweptTo = forSlots(sweptTo, sweepTo, number -> directory.delete(FileKind.SLOT, number));
        while (marks.getFirst().number() < sweepTo) {
            directory.delete(FileKind.DELETION, marks.removeFirst().number());
        }
        directory.force();
    }

    @FunctionalInterface
    private interface SlotAction {
        void on(long number) throws IOException;
    }

    /**
     * Does something to the slots that hold nothing but events after one number and up to another. In ascending order
     * and never to the last slot: whatever interrupts this, the rest is contiguous and has its end.
     *
     * @return up to where it is done now
     */
    private long forSlots(long after, long to, SlotAction action) throws IOException {
        long done = after;
        long slot = UNKNOWN;
        // A number without a slot is cheap to find out about, and rare: most slots hold one event.
        for (long number = after + 1; number <= to + 1; number++) {
            if (directory.exists(FileKind.SLOT, number)) {
                if (slot != UNKNOWN) {
                    action.on(slot);
                }
                slot = number;
                done = number - 1;
            }
        }
        return done;
    }

    private static void check(Path file, String persistenceId, String owner, long number, long stored) {
        if (!owner.equals(persistenceId)) {
            throw StoreErrors.damaged(file.toString(), "it belongs to " + owner);
        }
        if (stored != number) {
            throw StoreErrors.damaged(file.toString(), "it was written as number " + stored);
        }
    }

    private RuntimeException missing(long number) {
        return StoreErrors.damaged(directory.path().toString(), "slot " + number + " is missing");
    }

    private static long last(long[] numbers) {
        return numbers.length == 0 ? 0 : numbers[numbers.length - 1];
    }

    private static void deleteAll(List<Path> files) throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
