// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.numbered;

import dev.millrace.engine.connector.Split;
import java.util.ArrayList;
import java.util.List;

/**
 * The splits of a generated table. Split p of P holds the rows whose number leaves the rest p when divided by P; the
 * position of a row is its number.
 */
public final class NumberedSplits {
    /** The number of rows of a table that never ends. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    /** The most rows of a table that ends: row numbers leave room above, so that positions never overflow. */
    public static final long ROWS_MAX = Long.MAX_VALUE / 4;

    public static final int SPLITS_MAX = 1024;

    private NumberedSplits() {}

    /**
     * @param count number of splits
     * @param rows number of rows of all splits, or {@link #UNBOUNDED}
     * @param rest what stands in every description behind {@code "0 of 4"}
     */
    public static List<Split> of(int count, long rows, String rest) {
        List<Split> splits = new ArrayList<>();
        for (int p = 0; p < count; p++) {
            splits.add(new Split(p, p + " of " + count + rest, p, end(p, count, rows)));
        }
        return splits;
    }

    /** The number of splits of the table that a split belongs to. */
    public static int count(Split split) {
        return Integer.parseInt(split.description().split(" ")[2]);
    }

    /** The first row number of the split that is not generated any more: what a reader's position is at the end. */
    private static long end(int split, int count, long rows) {
        if (rows == UNBOUNDED) {
            return Split.UNBOUNDED;
        }
        return rows <= split ? split : rows + Math.floorMod(split - rows, (long) count);
    }
}
