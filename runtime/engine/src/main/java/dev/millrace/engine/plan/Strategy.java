// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.plan;

/** How a router chooses the partition of a row. Always a function of the row, its position and the plan. */
public enum Strategy {
    /** By the hash of the key columns: equal keys meet in one partition. */
    ALWAYS_HASH,
    /** All rows of a split to one partition. */
    STICKY_PARTITION,
    /** By the hash of the key columns where the query needs that, else by the source partition. */
    SMART_REPARTITION,
    /** Blocks of rows in turn: by a hash of the split and the block of positions. */
    ROUND_ROBIN,
    /** All rows to partition 0. */
    FAN_IN;

    /** The value of the option {@code partitioning}. */
    public String optionValue() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
