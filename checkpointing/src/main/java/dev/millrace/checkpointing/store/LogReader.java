// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import dev.millrace.checkpointing.ImageComplete;
import dev.millrace.checkpointing.codec.EpochSummary;
import dev.millrace.checkpointing.verify.Damage;
import dev.millrace.checkpointing.verify.StateVisitor;
import dev.millrace.checkpointing.verify.StoredEvent;
import dev.millrace.checkpointing.verify.StoredLog;
import dev.millrace.checkpointing.verify.StoredSnapshot;
import dev.millrace.engine.error.MillraceException;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.persistence.SnapshotMetadata;

/** Reads all that is stored under one persistence id, and looks whether its files agree with each other. */
final class LogReader {
    private static final long UNKNOWN = -1;

    private final String persistenceId;
    private final NumberedDirectory journal;
    private final NumberedDirectory snapshots;
    private final StoredContent content;
    private final StateVisitor visitor;

    private final List<Image> images = new ArrayList<>();
    private long newestSnapshot;
    private int soundSnapshots;
    private long deletedTo;
    private long lastNr;
    private long events;
    private int emptySlots;
    private int leftovers;
    private long fileBytes;
    private long lastEpoch = UNKNOWN;
    /** The last epoch of all images that have begun, unknown if none has. */
    private long completingEpoch = UNKNOWN;
    /** Whether there is a hole, behind which nothing can be said of what should be there. */
    private boolean broken;

    /** An image of a partition that a snapshot tells of. */
    private record Image(long number, ImageComplete epochs, Path file) {}

    LogReader(String persistenceId, Path journal, Path snapshots, StoredContent content, StateVisitor visitor) {
        this.persistenceId = persistenceId;
        this.journal = new NumberedDirectory(journal);
        this.snapshots = new NumberedDirectory(snapshots);
        this.content = content;
        this.visitor = visitor;
    }

    void read() throws IOException {
        survey(journal.path(), FileKind.SLOT, FileKind.DELETION);
        survey(snapshots.path(), FileKind.SNAPSHOT);
        for (long number : journal.numbers(FileKind.DELETION)) {
            deletedTo = number;
            reading(journal, FileKind.DELETION, number, () -> EventLog.readMark(journal, persistenceId, number));
        }
        for (long number : snapshots.numbers(FileKind.SNAPSHOT)) {
            newestSnapshot = number;
            reading(snapshots, FileKind.SNAPSHOT, number, () -> readSnapshot(number));
        }
        readSlots(journal.numbers(FileKind.SLOT));
        checkAgreement();
        Path place = Files.isDirectory(journal.path()) ? journal.path() : snapshots.path();
        visitor.log(new StoredLog(persistenceId, place, events, Math.max(lastNr, deletedTo), deletedTo, emptySlots,
                soundSnapshots, leftovers, fileBytes));
    }

    private void survey(Path directory, FileKind... kinds) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                boolean known = false;
                for (FileKind kind : kinds) {
                    known |= NumberedDirectory.number(kind, name) > 0;
                }
                if (NumberedDirectory.isTemporary(name)) {
                    leftovers++;
                } else if (!known) {
                    damage(file, "it is not a file of the store");
                }
                fileBytes += size(file);
            }
        }
    }

    /** @return whether it could be read */
    private boolean reading(NumberedDirectory directory, FileKind kind, long number, IoTask<?> task) {
        Path file = directory.file(kind, number);
        try {
            task.run();
            return true;
        } catch (NoSuchFileException e) {
            // Its owner has removed it in the meantime.
            return false;
        } catch (MillraceException e) {
            damage(file, withoutName(e.getMessage(), file));
            return false;
        } catch (IOException e) {
            damage(file, "it can't be read: " + e);
            return false;
        }
    }

    private Void readSnapshot(long number) throws IOException {
        Path file = snapshots.file(FileKind.SNAPSHOT, number);
        StoredSnapshot snapshot = snapshots.read(FileKind.SNAPSHOT, number, in -> {
            SnapshotMetadata metadata = SnapshotHeader.read(in, persistenceId, number, file.toString());
            in.nextSection();
            StoredContent.Known known = content.read(in);
            return new StoredSnapshot(persistenceId, number, metadata.timestamp(), known.content(), known.bytes(),
                    file);
        });
        soundSnapshots++;
        // What a snapshot from before the last deletion tells of is gone.
        if (snapshot.content() instanceof ImageComplete image && number >= deletedTo) {
            images.add(new Image(number, image, file));
        }
        visitor.snapshot(snapshot);
        return null;
    }

    private void readSlots(long[] slots) throws IOException {
        if (slots.length == 0) {
            return;
        }
        // An actor that first saved a snapshot goes on behind its number.
        if (slots[0] > Math.max(deletedTo, newestSnapshot) + 1) {
            damage(journal.path(), "the events before slot " + slots[0] + " are missing");
        }
        long expected = slots[0];
        for (int i = 0; i < slots.length; i++) {
            long first = slots[i];
            Path file = journal.file(FileKind.SLOT, first);
            if (expected != UNKNOWN && first != expected) {
                damage(journal.path(), first > expected
                        ? "slot " + expected + " is missing"
                        : "slot " + first + " lies within the one before");
                breakOff();
            }
            boolean nothingLeft = i + 1 < slots.length && slots[i + 1] <= deletedTo + 1;
            if (size(file) == 0) {
                if (!nothingLeft && Files.exists(file)) {
                    damage(file, "it is empty, and its events are not deleted");
                    breakOff();
                }
                emptySlots++;
                expected = UNKNOWN;
                lastNr = first;
                continue;
            }
            if (reading(journal, FileKind.SLOT, first, () -> readSlot(first, file))) {
                expected = lastNr + 1;
            } else {
                expected = UNKNOWN;
                breakOff();
                lastNr = first;
            }
        }
    }

    private void breakOff() {
        broken = true;
        lastEpoch = UNKNOWN;
        images.clear();
    }

    private Void readSlot(long first, Path file) throws IOException {
        List<StoredEvent> found = journal.read(FileKind.SLOT, first, in -> {
            int count = EventLog.readHeader(in, journal, persistenceId, first);
            List<StoredEvent> sound = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                in.nextSection();
                sound.add(readEvent(in, first + i, file));
            }
            return sound;
        });
        for (StoredEvent event : found) {
            if (event.content() instanceof EpochSummary epoch) {
                checkEpoch(epoch, event);
            }
            visitor.event(event);
        }
        events += found.size();
        lastNr = first + found.size() - 1;
        return null;
    }

    private StoredEvent readEvent(CheckpointInput in, long expected, Path file) throws IOException {
        DataInputStream data = new DataInputStream(in);
        long sequenceNr = data.readLong();
        long timeMillis = data.readLong();
        String writer = data.readUTF();
        data.readUTF();
        StoredContent.Known known = content.read(in);
        if (sequenceNr != expected) {
            throw StoreErrors.damaged(file.toString(),
                    "it holds event " + sequenceNr + " where " + expected + " should be");
        }
        return new StoredEvent(persistenceId, sequenceNr, timeMillis, writer, known.content(), known.bytes(),
                sequenceNr <= deletedTo, file);
    }

    private void checkEpoch(EpochSummary epoch, StoredEvent event) {
        if (lastEpoch != UNKNOWN && epoch.epoch() != lastEpoch + 1) {
            damage(event.file(), "it holds epoch " + epoch.epoch() + " where " + (lastEpoch + 1) + " should be");
        }
        lastEpoch = epoch.epoch();
        images.removeIf(image -> {
            if (event.sequenceNr() <= image.number()) {
                return false;
            }
            if (!epoch.begins() || epoch.epoch() != image.epochs().firstEpoch()) {
                damage(image.file(), "it tells of an image that begins with epoch " + image.epochs().firstEpoch()
                        + "; what comes behind it in the log is epoch " + epoch.epoch());
            }
            completingEpoch = Math.max(completingEpoch, image.epochs().lastEpoch());
            return true;
        });
    }

    private void checkAgreement() {
        if (!broken) {
            for (Image image : images) {
                damage(image.file(), "it tells of an image that is not in the log");
            }
            if (lastEpoch < completingEpoch) {
                damage(journal.path(), "the log ends with epoch " + lastEpoch + " but a snapshot tells of epoch "
                        + completingEpoch);
            }
        }
        long highest = Math.max(lastNr, deletedTo);
        if (lastNr > 0 && newestSnapshot > highest) {
            damage(journal.path(), "the log ends at " + highest + " but a snapshot has seen " + newestSnapshot);
        }
        if (deletedTo > 0 && deletedTo < lastNr && newestSnapshot < deletedTo) {
            damage(journal.path(), "events up to " + deletedTo
                    + " are deleted, and the snapshot that replaced them is missing");
        }
        if (lastNr > 0 && deletedTo > lastNr) {
            damage(journal.path(), "the log ends at " + lastNr + " but events up to " + deletedTo + " are deleted");
        }
    }

    private void damage(Path file, String what) {
        visitor.damage(new Damage(persistenceId, file, what));
    }

    private static String withoutName(String message, Path file) {
        String prefix = file + " can't be used: ";
        return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            // Removed by its owner in the meantime, or not readable, which shows when it is read.
            return -1;
        }
    }
}
