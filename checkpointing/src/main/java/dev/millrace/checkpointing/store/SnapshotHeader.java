// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.pekko.persistence.SnapshotMetadata;

/** The first section of a stored snapshot: whose it is, its number, and the time at which it was taken. */
final class SnapshotHeader {
    private SnapshotHeader() {}

    static void write(CheckpointOutput out, SnapshotMetadata metadata) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeUTF(metadata.persistenceId());
        data.writeLong(metadata.sequenceNr());
        data.writeLong(metadata.timestamp());
        out.endSection();
    }

    /** Reads the header and refuses one of another persistence id or number. */
    static SnapshotMetadata read(CheckpointInput in, String persistenceId, long sequenceNr, String file)
            throws IOException {
        DataInputStream data = new DataInputStream(in);
        String owner = data.readUTF();
        if (!owner.equals(persistenceId)) {
            throw StoreErrors.damaged(file, "it belongs to " + owner);
        }
        long number = data.readLong();
        if (number != sequenceNr) {
            throw StoreErrors.damaged(file, "it was written as number " + number);
        }
        return new SnapshotMetadata(owner, number, data.readLong());
    }
}
