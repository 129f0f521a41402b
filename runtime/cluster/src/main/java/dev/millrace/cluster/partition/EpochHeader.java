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
import java.util.Set;

/**
 * What stands in each epoch of a partition's log beside the state of the operators.
 *
 * @param inputs positions and watermarks
 * @param marker the last epoch whose rows were known to be in the target, as {@link Releases#marker}; 0 where rows leave
 *     at once
 * @param outputFrom where the epoch begins in the output that later stages read
 * @param outputTo where it ends there
 * @param rowsRead rows taken so far
 * @param rowsWritten rows that left the operators so far
 * @param badRecords bad records so far
 * @param finished whether all inputs have ended and all results have left the operators
 */
public record EpochHeader(
        InputVector inputs, long marker, Standing outputFrom, Standing outputTo, long rowsRead, long rowsWritten,
        long badRecords, boolean finished) {
    /** A partition that has done nothing. */
    public static final EpochHeader EMPTY =
            new EpochHeader(InputVector.EMPTY, Releases.UNKNOWN, 0, 0, 0, false);

    private static final int VERSION = 2;

    /** Of a partition whose output no stage reads. */
    public EpochHeader(
            InputVector inputs, long marker, long rowsRead, long rowsWritten, long badRecords, boolean finished) {
        this(inputs, marker, Standing.atStart(0), Standing.atStart(0), rowsRead, rowsWritten, badRecords, finished);
    }

    /** Whether the inputs stand where they stand in another one, and nothing was given out in between. */
    public boolean isOfTheSameMoment(EpochHeader other) {
        return Set.copyOf(inputs.inputs()).equals(Set.copyOf(other.inputs.inputs())) && rowsRead == other.rowsRead
                && rowsWritten == other.rowsWritten && badRecords == other.badRecords && finished == other.finished;
    }

    /** As bytes, which {@link #read} reads. */
    public byte[] toByteArray() {
        StateWriter out = new StateWriter();
        out.writeInt(VERSION);
        out.writeLong(inputs.listVersion());
        out.writeLong(inputs.watermark());
        out.writeInt(inputs.inputs().size());
        for (InputVector.Entry entry : inputs.inputs()) {
            out.writeString(entry.input());
            write(entry.standing(), out);
        }
        out.writeLong(marker);
        write(outputFrom, out);
        write(outputTo, out);
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
            entries.add(new InputVector.Entry(input, standing(in)));
        }
        return new EpochHeader(
                new InputVector(listVersion, watermark, entries),
                in.readLong(),
                standing(in),
                standing(in),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readBoolean());
    }

    private static void write(Standing standing, StateWriter out) {
        out.writeLong(standing.position());
        out.writeLong(standing.watermark());
        out.writeBoolean(standing.finished());
    }

    private static Standing standing(StateReader in) {
        return new Standing(in.readLong(), in.readLong(), in.readBoolean());
    }
}
