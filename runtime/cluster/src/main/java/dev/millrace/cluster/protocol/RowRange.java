// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

/**
 * Rows of one input by their positions.
 *
 * @param input name of the input
 * @param from the first position
 * @param to the position behind the last row
 */
public record RowRange(String input, long from, long to) {
    /** The row at a position. */
    public static RowRange row(String input, long position) {
        return new RowRange(input, position, position + 1);
    }

    /** Whether it holds the rows of one position only. */
    public boolean isOneRow() {
        return to == from + 1;
    }

    public boolean contains(String otherInput, long position) {
        return input.equals(otherInput) && position >= from && position < to;
    }

    /** Whether the two have a position in common. */
    public boolean overlaps(RowRange other) {
        return input.equals(other.input) && from < other.to && other.from < to;
    }
}
