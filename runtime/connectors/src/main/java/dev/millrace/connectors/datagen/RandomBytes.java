// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.Vector;

/** Byte strings, or texts of hexadecimal digits. */
final class RandomBytes implements ColumnGenerator {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final int DIGIT_BITS = 4;

    private final long seed;
    private final int length;
    private final boolean isVariable;
    private final boolean isText;

    /**
     * @param length bytes of a value
     * @param isVariable whether a value has from 1 to so many
     * @param isText whether bytes are digits
     */
    RandomBytes(long seed, int length, boolean isVariable, boolean isText) {
        this.seed = seed;
        this.length = length;
        this.isVariable = isVariable;
        this.isText = isText;
    }

    @Override
    public void fill(Vector vector, int firstRow, int count, long first, int step) {
        BytesVector bytes = (BytesVector) vector;
        final long advance = step * Hashes.INCREMENT;
        long state = Hashes.state(seed, first);
        for (int r = firstRow; r < firstRow + count; r++) {
            long hash = Hashes.mix(state);
            int size = isVariable ? 1 + (int) Hashes.below(hash, length) : length;
            int at = bytes.reserve(size);
            bytes.point(r, at, size);
            if (isText) {
                fillDigits(bytes.data(), at, size, hash);
            } else {
                fillBytes(bytes.data(), at, size, hash);
            }
            state += advance;
        }
    }

    private static void fillDigits(byte[] data, int at, int size, long hash) {
        long word = 0;
        for (int i = 0; i < size; i++) {
            word = i % (Long.SIZE / DIGIT_BITS) == 0 ? Hashes.mix(Hashes.state(hash, i)) : word >>> DIGIT_BITS;
            data[at + i] = DIGITS[(int) word & DIGITS.length - 1];
        }
    }

    private static void fillBytes(byte[] data, int at, int size, long hash) {
        long word = 0;
        for (int i = 0; i < size; i++) {
            word = i % Long.BYTES == 0 ? Hashes.mix(Hashes.state(hash, i)) : word >>> Byte.SIZE;
            data[at + i] = (byte) word;
        }
    }
}
