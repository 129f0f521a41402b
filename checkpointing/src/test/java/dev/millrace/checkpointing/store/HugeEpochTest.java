// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.checkpointing.codec.Compression;
import dev.millrace.checkpointing.codec.EpochSerializer;
import dev.millrace.checkpointing.codec.EpochSummary;
import dev.millrace.engine.error.MillraceException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An epoch that fits into no array. */
@Tag("soak")
@Timeout(300)
class HugeEpochTest {
    private static final int PARTS = 2100;

    @TempDir
    Path directory;

    @Test
    void shouldStoreAndVerifyAnEpochOfMoreThanTwoGigabytes() throws IOException {
        byte[] part = new byte[1 << 20];
        new Random(3).nextBytes(part);
        byte[][] state = new byte[PARTS][];
        Arrays.fill(state, part);
        EpochCommitted epoch = new EpochCommitted(1, 1, true, true, new byte[9], state, new byte[0][]);
        assertTrue(epoch.stateBytes() > Integer.MAX_VALUE);
        NumberedDirectory files = new NumberedDirectory(directory);
        EpochSerializer serializer = new EpochSerializer(Compression.NONE);
        Path temporary = files.writeTemporary(FileKind.SLOT, out -> {
            serializer.toStream(epoch, out);
            out.endSection();
        });
        files.publish(temporary, FileKind.SLOT, 1);
        EpochSummary summary = files.read(FileKind.SLOT, 1, EpochSerializer::summarize);
        assertEquals(epoch.stateBytes(), summary.stateBytes());
        try (SeekableByteChannel file = Files.newByteChannel(temporary, StandardOpenOption.WRITE)) {
            file.position(Files.size(temporary) / 2).write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}));
        }
        assertThrows(MillraceException.class, () -> files.read(FileKind.SLOT, 1, EpochSerializer::summarize));
    }
}
