// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.expression.compile;

import dev.millrace.engine.batch.Vector;
import java.util.Arrays;

/** Masks of NULL rows as loops want them: never null and never too short. */
public final class NullMasks {
    private static volatile boolean[] none = new boolean[8192];

    private NullMasks() {}

    /** The vector's mask for so many rows, or one of nothing but false; not to be written to. */
    public static boolean[] of(Vector vector, int rowCount) {
        boolean[] mask = vector.nulls();
        if (mask == null) {
            return none(rowCount);
        }
        // The vector may have grown since its mask was made.
        return mask.length >= rowCount ? mask : Arrays.copyOf(mask, rowCount);
    }

    private static boolean[] none(int rowCount) {
        boolean[] mask = none;
        if (mask.length < rowCount) {
            mask = new boolean[rowCount];
            none = mask;
        }
        return mask;
    }
}
