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
 * <p>Who finds a number taken is fenced. After a failed write its writer gets no further one, whatever the failure was:
 * going on beyond a write of unknown outcome would fork the log.
 */
final class EventLog {
    /** A writer that was silent for longer looks whether it has a successor whose slots are already deleted. */
    private static final long SILENT_MILLIS_MAX = 5_000;
    private static final long UNKNOWN = -1;

    private final String persistenceId;
    private final NumberedDirectory directory;
    private final Clock clock;
    private final Duration supersededSlotsKept;

    private long nextSequenceNr = UNKNOWN;
    private String failedWriter;
    private long confirmedAtMillis;

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
     * Hands out the events of a range in order, deleted ones left out.
     *
     * @param from    first sequence number
     * @param to      last sequence number; it must exist
     * @param maximum at most as many events
     */
    <T> void replay(long from, long to, long maximum, SlotReading<T> reading, Consumer<? super T> consumer)
            throws IOException {
        long start = Math.max(from, deletedTo() + 1);
        if (start > to || maximum <= 0) {
            return;
        }
        long[] slots = directory.numbers(FileKind.SLOT);
        int at = Arrays.binarySearch(slots, start);
        at = at >= 0 ? at : -at - 2;
        if (at < 0) {
            throw missing(start);
        }
        long expected = slots[at];
        long left = maximum;
        while (expected <= to && left > 0) {
            if (at == slots.length || slots[at] != expected) {
                throw missing(expected);
            }
            long first = expected;
            List<T> events = directory.read(FileKind.SLOT, first, in -> {
                int count = readHeader(in, first);
                return reading.readFrom(in, first, count);
            });
            for (T event : events) {
                if (expected >= start && expected <= to && left > 0) {
                    consumer.accept(event);
                    left--;
                }
                expected++;
            }
            at++;
        }
    }

    /** Marks events as deleted. Their slots go later, see {@code supersededSlotsKept}. */
    void deleteTo(long sequenceNr) throws IOException {
        long to = Math.min(sequenceNr, highest());
        if (to > deletedTo()) {
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
        }
        sweep();
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

    private int readHeader(CheckpointInput in, long number) throws IOException {
        DataInputStream data = new DataInputStream(in);
        checkOwner(data.readUTF(), FileKind.SLOT, number);
        checkNumber(data.readLong(), FileKind.SLOT, number);
        return data.readInt();
    }

    private long highest() throws IOException {
        long deletedTo = deletedTo();
        long last = last(directory.numbers(FileKind.SLOT));
        if (last == 0) {
            return deletedTo;
        }
        int events = directory.readBeginning(FileKind.SLOT, last, in -> readHeader(in, last));
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
        return directory.read(FileKind.DELETION, number, in -> {
            DataInputStream data = new DataInputStream(in);
            checkOwner(data.readUTF(), FileKind.DELETION, number);
            checkNumber(data.readLong(), FileKind.DELETION, number);
            return data.readLong();
        });
    }

    private void sweep() throws IOException {
        long now = clock.millis();
        long[] deletions = directory.numbers(FileKind.DELETION);
        long sweepTo = 0;
        for (long deletion : deletions) {
            if (deletedAtMillis(deletion) <= now - supersededSlotsKept.toMillis()) {
                sweepTo = deletion;
            }
        }
        long[] slots = directory.numbers(FileKind.SLOT);
        // In ascending order and never the last one: whatever interrupts this, the rest is contiguous and has its end.
        for (int i = 0; i + 1 < slots.length && slots[i + 1] <= sweepTo + 1; i++) {
            directory.delete(FileKind.SLOT, slots[i]);
        }
        for (long deletion : deletions) {
            if (deletion < sweepTo) {
                directory.delete(FileKind.DELETION, deletion);
            }
        }
        if (sweepTo > 0) {
            directory.force();
        }
    }

    private void checkOwner(String owner, FileKind kind, long number) {
        if (!owner.equals(persistenceId)) {
            throw StoreErrors.damaged(directory.file(kind, number).toString(), "it belongs to " + owner);
        }
    }

    private void checkNumber(long stored, FileKind kind, long number) {
        if (stored != number) {
            throw StoreErrors.damaged(directory.file(kind, number).toString(), "it was written as number " + stored);
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
