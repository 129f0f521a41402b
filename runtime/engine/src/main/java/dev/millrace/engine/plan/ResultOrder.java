// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

import java.util.List;

/**
 * ORDER BY and LIMIT of a query.
 *
 * @param keys what to sort by, most significant first; empty keeps the order of arrival
 * @param offset rows to skip, 0 or more
 * @param limit most rows to give, or {@link #NO_LIMIT}
 */
public record ResultOrder(List<Key> keys, long offset, long limit) {
    public static final long NO_LIMIT = -1;

    public static final ResultOrder NONE = new ResultOrder(List.of(), 0, NO_LIMIT);

    public ResultOrder {
        keys = List.copyOf(keys);
    }

    /**
     * @param column index of the column in the result
     * @param descending largest first
     * @param nullsFirst NULLs before all values
     */
    public record Key(int column, boolean descending, boolean nullsFirst) {}
}
