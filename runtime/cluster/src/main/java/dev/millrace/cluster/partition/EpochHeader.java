// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.protocol.InputVector;
import dev.millrace.cluster.protocol.Releases;
import dev.millrace.cluster.protocol.Standing;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands in each epoch of a partition's log beside the state of the operators.
 *
 * @param inputs positions and watermarks
 * @param marker the last epoch whose rows were known to be in the target, as {@link Releases#marker}; 0 where rows leave
 *     at once
 * @param rowsRead rows taken so far
 * @param rowsWritten rows that left the operators so far
 * @param badRecords bad records so far
 * @param finished whether all inputs have ended and all results have left the operators
 */
public record EpochHeader(
        InputVector inputs, long marker, long rowsRead, long rowsWritten, long badRecords, boolean finished) {
    /** A partition that has done nothing. */
    public static final EpochHeader EMPTY = new EpochHeader(InputVector.EMPTY, Releases.UNKNOWN, 0, 0, 0, false);

    private static final int VERSION = 1;

    /** As bytes, which {@link #read} reads. */
    public byte[] toByteArray() {
        StateWriter out = new StateWriter();
        out.writeInt(VERSION);
        out.writeLong(inputs.listVersion());
        out.writeLong(inputs.watermark());
        out.writeInt(inputs.inputs().size());
        for (InputVector.Entry entry : inputs.inputs()) {
            out.writeString(entry.input());
            out.writeLong(entry.standing().position());
            out.writeLong(entry.standing().watermark());
            out.writeBoolean(entry.standing().finished());
        }
        out.writeLong(marker);
        out.writeLong(rowsRead);
        out.writeLong(rowsWritten);
        out.writeLong(badRecords);
        out.writeBoolean(finished);
        return out.toByteArray();
    }

    /**
     * Reads the header of a stored epoch.
     *
     * @throws dev.millrace.engine.error.MillraceException if it is of a newer version
     */
    public static EpochHeader read(byte[] bytes) {
        StateReader in = new StateReader(List.of(bytes));
        in.readVersion("an epoch's header", VERSION);
        long listVersion = in.readLong();
        long watermark = in.readLong();
        int count = in.readInt();
        List<InputVector.Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String input = in.readString();
            Standing standing = new Standing(in.readLong(), in.readLong(), in.readBoolean());
            entries.add(new InputVector.Entry(input, standing));
        }
        return new EpochHeader(
                new InputVector(listVersion, watermark, entries),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readBoolean());
    }
}
