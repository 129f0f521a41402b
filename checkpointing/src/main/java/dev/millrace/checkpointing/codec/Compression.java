// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.checkpointing.codec;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.Locale;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/** How parts of epochs are stored, and deliveries are sent. The codes are stored with each part and never change. */
public enum Compression {
    /** As they are. */
    NONE(0),
    /** As LZ4 blocks, those parts that become smaller by at least an eighth; the others as they are. */
    LZ4(1);

    private static final String SETTING = "millrace.checkpointing.compression";

    private final int code;

    Compression(int code) {
        this.code = code;
    }

    /** The compression of this name in a configuration. */
    static Compression named(String name) {
        for (Compression compression : values()) {
            if (compression.name().equals(name.toUpperCase(Locale.ROOT))) {
                return compression;
            }
        }
        throw new MillraceException(ErrorCode.OPTION_INVALID, SETTING + " is '" + name + "'", "use none or lz4");
    }

    /** How it is written down. */
    public byte code() {
        return (byte) code;
    }

    /** The bytes that {@link #compress} may need at most. */
    public int boundBytes(int length) {
        return this == NONE ? 0 : Lz4.COMPRESSOR.maxCompressedLength(length);
    }

    /** @return the bytes that were written to the target, or -1 if it isn't worth it: store the part as it is */
    public int compress(byte[] part, byte[] target) {
        if (this == NONE) {
            return -1;
        }
        int bytes = Lz4.COMPRESSOR.compress(part, 0, part.length, target, 0);
        return bytes <= part.length - part.length / 8 - 1 ? bytes : -1;
    }

    /**
     * The part as it was.
     *
     * @param code   how it was stored
     * @param length its bytes before
     * @return null if the stored bytes are not such a part
     */
    public static byte[] decompress(byte code, byte[] stored, int length) {
        if (code == NONE.code) {
            return stored.length == length ? stored : null;
        }
        if (code != LZ4.code) {
            return null;
        }
        byte[] part = new byte[length];
        try {
            return Lz4.DECOMPRESSOR.decompress(stored, 0, stored.length, part, 0) == length ? part : null;
        } catch (LZ4Exception e) {
            return null;
        }
    }

    /** Apart, so that who compresses nothing loads nothing. */
    private static final class Lz4 {
        // The one without native code: it unpacks no library into a temporary directory that may forbid execution.
        static final LZ4Compressor COMPRESSOR = LZ4Factory.fastestJavaInstance().fastCompressor();
        static final LZ4SafeDecompressor DECOMPRESSOR = LZ4Factory.fastestJavaInstance().safeDecompressor();

        private Lz4() {}
    }
}
