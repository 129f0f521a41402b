// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.checkpointing.PartitionImage;
import dev.millrace.cluster.protocol.InputVector;
import dev.millrace.cluster.protocol.Standing;
import dev.millrace.engine.operator.Pipeline;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What stands in a partition's image beside the state of the operators.
 *
 * @param inputs positions and watermarks
 * @param rowsRead rows taken so far
 * @param rowsWritten rows that left so far
 * @param badRecords bad records so far
 * @param finished whether all inputs have ended and all results have left
 */
record ImageContent(InputVector inputs, long rowsRead, long rowsWritten, long badRecords, boolean finished) {
    private static final int VERSION = 1;

    PartitionImage write(long epoch, long incarnation, Pipeline pipeline) {
        StateWriter header = new StateWriter();
        header.writeInt(VERSION);
        header.writeLong(inputs.listVersion());
        header.writeLong(inputs.watermark());
        header.writeInt(inputs.inputs().size());
        for (InputVector.Entry entry : inputs.inputs()) {
            header.writeString(entry.input());
            header.writeLong(entry.standing().position());
            header.writeLong(entry.standing().watermark());
            header.writeBoolean(entry.standing().finished());
        }
        header.writeLong(rowsRead);
        header.writeLong(rowsWritten);
        header.writeLong(badRecords);
        header.writeBoolean(finished);
        StateWriter state = new StateWriter();
        pipeline.save(state);
        return new PartitionImage(
                epoch, incarnation, header.toByteArray(), state.finish().toArray(byte[][]::new));
    }

    /**
     * Reads an image and restores the operators from it.
     *
     * @throws IllegalStateException if the image is of another version
     */
    static ImageContent read(PartitionImage image, Pipeline pipeline) {
        StateReader header = new StateReader(List.of(image.header()));
        int version = header.readInt();
        if (version != VERSION) {
            throw new IllegalStateException("image of version " + version + ", known is " + VERSION);
        }
        long listVersion = header.readLong();
        long watermark = header.readLong();
        int count = header.readInt();
        List<InputVector.Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String input = header.readString();
            Standing standing = new Standing(header.readLong(), header.readLong(), header.readBoolean());
            entries.add(new InputVector.Entry(input, standing));
        }
        ImageContent content = new ImageContent(
                new InputVector(listVersion, watermark, entries),
                header.readLong(),
                header.readLong(),
                header.readLong(),
                header.readBoolean());
        pipeline.restore(new StateReader(Arrays.asList(image.chunks())));
        return content;
    }
}
