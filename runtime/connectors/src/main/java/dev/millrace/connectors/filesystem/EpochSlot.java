// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.filesystem;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * What an owner of a target has laid down for good: that it owns the target from here on, and in the case of a roll, that
 * a part is complete.
 *
 * <pre>
 *   magic 4, version 4, incarnation 8, part 8, epoch 8, crc 4 (of the owner's name, the slot's number, and all before)
 * </pre>
 *
 * @param incarnation of the owner
 * @param part the number of the part that is complete, {@link #CLAIM} if none is
 * @param epoch the last epoch in it
 */
record EpochSlot(long incarnation, long part, long epoch) {
    static final long CLAIM = -1;

    private static final int MAGIC = 0x4d72_4570;
    private static final int VERSION = 1;
    private static final int BYTES = 36;

    boolean isRoll() {
        return part != CLAIM;
    }

    byte[] encode(String owner, long number) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        bytes.putInt(MAGIC).putInt(VERSION).putLong(incarnation).putLong(part).putLong(epoch);
        bytes.putInt(crc(owner, number, bytes.array(), bytes.position()));
        return bytes.array();
    }

    /** @return null if the bytes are not those of this slot of this owner */
    static EpochSlot decode(byte[] content, String owner, long number) {
        if (content.length != BYTES) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(content);
        boolean isOurs = bytes.getInt() == MAGIC && bytes.getInt() == VERSION;
        EpochSlot slot = new EpochSlot(bytes.getLong(), bytes.getLong(), bytes.getLong());
        return isOurs && bytes.getInt() == crc(owner, number, content, BYTES - Integer.BYTES) ? slot : null;
    }

    /** The checksum of bytes that belong to one owner and number: elsewhere they are not valid. */
    static int crc(String owner, long number, byte[] content, int length) {
        CRC32C crc = new CRC32C();
        crc.update(owner.getBytes(StandardCharsets.UTF_8));
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
        crc.update(content, 0, length);
        return (int) crc.getValue();
    }
}
