// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import dev.millrace.connectors.text.RowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.function.LongSupplier;

/**
 * Writes the epochs of one partition into part files, each row into one of them. A part takes several epochs and is shown
 * when the policy says so, or the sink is closed; it never ends within an epoch. What is released is durable at once, and
 * is shown by the next sink if this one can't.
 *
 * <p>Who owns the target, and which parts are complete, is laid down in numbered slots, of which each can be published
 * once: a sink that finds its next slot taken has an older owner.
 */
final class FileEpochSink implements EpochSink {
    private static final int BUFFER_BYTES = 64 * 1024;
    /** Bounds what the next sink has to read. */
    private static final int PART_EPOCHS_MAX = 100_000;
    private static final int CLAIMS_MAX = 10;

    private final String table;
    private final Path path;
    private final EpochDirectory directory;
    private final RowFormat format;
    private final RollingPolicy policy;
    private final LongSupplier nanoClock;
    private final EpochOwner owner;
    private final TextBuffer buffer = new TextBuffer();
    private EpochPart part;
    private long openedNanos;
    /** The last slot, which is ours once it is claimed. */
    private long slot;
    private boolean isClaimed;
    private long marker = NONE;
    private boolean isReady;

    /**
     * @param path the directory of the table
     * @param nanoClock as {@link System#nanoTime}
     */
    FileEpochSink(
            String table,
            Path path,
            EpochDirectory directory,
            RowFormat format,
            RollingPolicy policy,
            LongSupplier nanoClock,
            EpochOwner owner) {
        this.table = table;
        this.path = path;
        this.directory = directory;
        this.format = format;
        this.policy = policy;
        this.nanoClock = nanoClock;
        this.owner = owner;
    }

    @Override
    public long open() {
        try {
            directory.create();
            claim();
            // Everything that older sinks have done is done: they look for the slot behind theirs afterwards.
            NavigableMap<Long, EpochSlot> slots = directory.slots();
            for (EpochSlot older : slots.values()) {
                if (older.isRoll()) {
                    directory.show(older.part());
                }
            }
            EpochPart.Reach reach = reach(slots.headMap(slot, false));
            marker = reach.epoch();
            begin();
            if (reach.bytes() > 0) {
                part.copy(reach);
            }
            part.commit(marker);
            checkNotFenced();
            directory.clean(slot);
        } catch (IOException e) {
            throw failed(e);
        }
        isReady = true;
        return marker;
    }

    /** Publishes the slot behind the last one. */
    private void claim() throws IOException {
        for (int i = 0; i < CLAIMS_MAX; i++) {
            Map.Entry<Long, EpochSlot> last = directory.slots().lastEntry();
            if (last != null && last.getValue().incarnation() > owner.incarnation()) {
                throw fenced();
            }
            slot = last == null ? 0 : last.getKey() + 1;
            if (directory.publish(slot, new EpochSlot(owner.incarnation(), EpochSlot.CLAIM, NONE))) {
                isClaimed = true;
                return;
            }
        }
        throw fenced();
    }

    /** How far older sinks have come. */
    private EpochPart.Reach reach(NavigableMap<Long, EpochSlot> older) throws IOException {
        for (Map.Entry<Long, EpochSlot> entry : older.descendingMap().entrySet()) {
            EpochPart.Reach reach = EpochPart.reach(directory, entry.getKey());
            if (reach != null) {
                return reach;
            }
            if (entry.getValue().isRoll()) {
                return new EpochPart.Reach(entry.getKey(), entry.getValue().epoch(), 0, 0);
            }
        }
        return new EpochPart.Reach(slot, NONE, 0, 0);
    }

    private void begin() throws IOException {
        part = EpochPart.create(directory, slot);
        openedNanos = nanoClock.getAsLong();
    }

    @Override
    public void release(long epoch, List<Batch> rows) {
        if (!isReady) {
            throw new IllegalStateException("not open, or it has failed");
        }
        // Whatever is thrown: only a new sink can tell what became of the rows.
        isReady = false;
        try {
            if (part == null) {
                begin();
            }
            for (Batch batch : rows) {
                append(batch.withKinds(null));
            }
            drain();
            part.commit(epoch);
            marker = epoch;
            checkNotFenced();
            if (isDue()) {
                roll();
            }
        } catch (IOException e) {
            throw failed(e);
        }
        isReady = true;
    }

    @Override
    public boolean hasHidden() {
        return part != null && part.bytes() > 0;
    }

    private void append(Batch rows) throws IOException {
        for (int i = 0; i < rows.size(); i++) {
            int row = rows.row(i);
            if (part.bytes() == 0 && buffer.size() == 0 && format.needsHeader(rows, row)) {
                format.appendHeader(buffer);
            }
            format.append(rows, row, buffer);
            if (buffer.size() >= BUFFER_BYTES) {
                drain();
            }
        }
    }

    private void drain() throws IOException {
        part.write(buffer.data(), buffer.size());
        buffer.clear();
    }

    private boolean isDue() {
        boolean isOld = nanoClock.getAsLong() - openedNanos >= policy.interval().toNanos();
        return part.bytes() >= policy.fileBytes() || isOld && part.bytes() > 0 || part.records() >= PART_EPOCHS_MAX;
    }

    /** Lays down that the part is complete, and then shows it. */
    private void roll() throws IOException {
        if (!directory.publish(slot + 1, new EpochSlot(owner.incarnation(), part.number(), marker))) {
            throw fenced();
        }
        slot++;
        checkNotFenced();
        part.close();
        if (!directory.show(part.number())) {
            throw fenced();
        }
        part = null;
        directory.clean(slot);
    }

    /**
     * Owners claim the target before they look how far others have come. So either this one sees the claim, or the new
     * owner sees what was written before this look.
     */
    private void checkNotFenced() {
        if (directory.isTaken(slot + 1)) {
            throw fenced();
        }
    }

    private MillraceException failed(IOException e) {
        // A newer owner removes what it has taken over.
        return isClaimed && directory.isTaken(slot + 1) ? fenced() : FileSink.failed(table, path, e);
    }

    private MillraceException fenced() {
        return new MillraceException(
                ErrorCode.STATE_FENCED,
                "another start of partition " + owner.name() + " has taken over directory " + path + " from start "
                        + owner.incarnation(),
                null);
    }

    /** Shows what was released. */
    @Override
    public void close() {
        if (part == null) {
            return;
        }
        try {
            if (isReady && part.bytes() > 0) {
                isReady = false;
                roll();
            }
            isReady = false;
            if (part != null) {
                part.close();
                part = null;
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void retire() {
        try {
            directory.remove();
        } catch (IOException e) {
            // All rows are where they belong: a job must not fail for what harms nobody.
        }
    }
}
