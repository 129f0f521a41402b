// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.Vector;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** Decimals of more than 18 digits between two bounds, which are unscaled. */
final class RandomDecimals implements ColumnGenerator {
    private static final int RANDOM_BITS = 128;

    private final long seed;
    private final BigInteger min;
    private final BigInteger range;

    /** @param max included */
    RandomDecimals(long seed, BigInteger min, BigInteger max) {
        this.seed = seed;
        this.min = min;
        range = max.subtract(min).add(BigInteger.ONE);
    }

    @Override
    public void fill(Vector vector, int firstRow, int count, long first, int step) {
        DecimalVector decimals = (DecimalVector) vector;
        for (int i = 0; i < count; i++) {
            long hash = Hashes.mix(Hashes.state(seed, first + (long) i * step));
            byte[] bits = ByteBuffer.allocate(RANDOM_BITS / Byte.SIZE)
                    .putLong(hash)
                    .putLong(Hashes.other(hash))
                    .array();
            BigInteger value = new BigInteger(1, bits).multiply(range).shiftRight(RANDOM_BITS).add(min);
            decimals.set(firstRow + i, value.shiftRight(Long.SIZE).longValue(), value.longValue());
        }
    }
}
