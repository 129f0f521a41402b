// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A part that grows by epochs: a file of rows, and one that says after each epoch how many bytes of rows count. What
 * stands behind them was not released.
 *
 * <pre>
 *   epochs: (epoch 8, bytes of rows 8, crc of these rows 4, crc of the owner's name, the part's number and this 4)*
 * </pre>
 */
final class EpochPart implements AutoCloseable {
    private static final int RECORD_BYTES = 24;
    private static final int COPY_BYTES = 1 << 20;

    private final EpochDirectory directory;
    private final long number;
    private final FileChannel rows;
    private final FileChannel epochs;
    private final CRC32C crc = new CRC32C();
    private long bytes;
    private long forcedBytes;
    private int records;

    private EpochPart(EpochDirectory directory, long number, FileChannel rows, FileChannel epochs) {
        this.directory = directory;
        this.number = number;
        this.rows = rows;
        this.epochs = epochs;
    }

    /**
     * How far a part reaches.
     *
     * @param part its number
     * @param epoch the last epoch
     * @param bytes how many bytes of rows there are up to then
     * @param crc of these
     */
    record Reach(long part, long epoch, long bytes, int crc) {}

    /** Begins a part. Nobody else uses its number, since only one can publish the slot. */
    static EpochPart create(EpochDirectory directory, long number) throws IOException {
        FileChannel rows = create(directory.rows(number));
        FileChannel epochs;
        try {
            epochs = create(directory.epochs(number));
        } catch (IOException e) {
            rows.close();
            throw e;
        }
        EpochPart part = new EpochPart(directory, number, rows, epochs);
        directory.force();
        return part;
    }

    private static FileChannel create(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /** What is in a part, or null if no epoch is. */
    static Reach reach(EpochDirectory directory, long number) throws IOException {
        byte[] all;
        try {
            all = Files.readAllBytes(directory.epochs(number));
        } catch (NoSuchFileException e) {
            return null;
        }
        Reach last = null;
        boolean isTorn = false;
        for (int start = 0; start + RECORD_BYTES <= all.length; start += RECORD_BYTES) {
            ByteBuffer record = ByteBuffer.wrap(all, start, RECORD_BYTES).slice();
            Reach reach = new Reach(number, record.getLong(), record.getLong(), record.getInt());
            boolean isValid = record.getInt() == crcOf(directory, reach);
            if (isValid && isTorn) {
                // A crash tears the last record only.
                throw EpochDirectory.damaged(directory.epochs(number));
            }
            isTorn |= !isValid;
            last = isValid ? reach : last;
        }
        return last;
    }

    private static int crcOf(EpochDirectory directory, Reach reach) {
        byte[] head = ByteBuffer.allocate(RECORD_BYTES)
                .putLong(reach.epoch())
                .putLong(reach.bytes())
                .putInt(reach.crc())
                .array();
        return EpochSlot.crc(directory.owner(), reach.part(), head, RECORD_BYTES - Integer.BYTES);
    }

    long number() {
        return number;
    }

    /** Bytes of rows. */
    long bytes() {
        return bytes;
    }

    /** Epochs that were committed. */
    int records() {
        return records;
    }

    void write(byte[] data, int length) throws IOException {
        write(rows, ByteBuffer.wrap(data, 0, length));
        crc.update(data, 0, length);
        bytes += length;
    }

    /** Takes over the rows of another part, whose sink may still append to it. */
    void copy(Reach from) throws IOException {
        byte[] buffer = new byte[COPY_BYTES];
        try (InputStream in = Files.newInputStream(directory.rows(from.part()))) {
            while (bytes < from.bytes()) {
                int length = in.read(buffer, 0, (int) Math.min(buffer.length, from.bytes() - bytes));
                if (length < 0) {
                    throw EpochDirectory.damaged(directory.rows(from.part()));
                }
                write(buffer, length);
            }
        }
        if ((int) crc.getValue() != from.crc()) {
            throw EpochDirectory.damaged(directory.rows(from.part()));
        }
    }

    /** Makes what was written durable, and then says so. */
    void commit(long epoch) throws IOException {
        if (bytes > forcedBytes) {
            rows.force(false);
            forcedBytes = bytes;
        }
        Reach reach = new Reach(number, epoch, bytes, (int) crc.getValue());
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES)
                .putLong(epoch)
                .putLong(bytes)
                .putInt(reach.crc())
                .putInt(crcOf(directory, reach))
                .flip();
        write(epochs, record);
        epochs.force(false);
        records++;
    }

    private static void write(FileChannel channel, ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            channel.write(data);
        }
    }

    @Override
    public void close() throws IOException {
        try (rows; epochs) {
            // Both, whatever becomes of the first.
        }
    }
}
