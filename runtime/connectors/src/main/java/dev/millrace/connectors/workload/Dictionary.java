// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.workload;

import dev.millrace.engine.batch.BytesVector;
import java.nio.charset.StandardCharsets;

/** All values that a string column can have, one behind the other, for vectors to point into. Immutable. */
final class Dictionary {
    private final byte[] data;
    private final int[] starts;
    private final int[] lengths;

    Dictionary(String[] values) {
        starts = new int[values.length];
        lengths = new int[values.length];
        byte[][] encoded = new byte[values.length][];
        int size = 0;
        for (int i = 0; i < values.length; i++) {
            encoded[i] = values[i].getBytes(StandardCharsets.UTF_8);
            starts[i] = size;
            lengths[i] = encoded[i].length;
            size += encoded[i].length;
        }
        data = new byte[size + BytesVector.PADDING];
        for (int i = 0; i < values.length; i++) {
            System.arraycopy(encoded[i], 0, data, starts[i], lengths[i]);
        }
    }

    /** Sets rows to the values with these numbers. The vector holds nothing but values of this dictionary. */
    void fill(BytesVector into, int firstRow, int[] numbers, int count) {
        into.share(data);
        final int[] rowStarts = into.starts();
        final int[] rowLengths = into.lengths();
        final int[] valueStarts = starts;
        final int[] valueLengths = lengths;
        for (int r = 0; r < count; r++) {
            rowStarts[firstRow + r] = valueStarts[numbers[r]];
            rowLengths[firstRow + r] = valueLengths[numbers[r]];
        }
    }
}
