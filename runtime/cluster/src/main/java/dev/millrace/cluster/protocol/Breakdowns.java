// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a partition has broken down since its last healthy checkpoint: the rule that finds the row that breaks it.
 *
 * <p>The first breakdown is known to be at one of the rows that were under way. The next start takes these one by one, so
 * that the second is known to be at a row. If that row has been among the suspects {@link #TIMES_MAX} times in a row, it
 * is left out.
 *
 * <pre>
 *   none ──at [a, b)──▶ suspect [a, b), 1 ──at c──▶ suspect c, 2 ──at c──▶ c is left out
 *                              └──elsewhere──▶ suspect there, 1
 * </pre>
 *
 * @param suspect the rows of which one may be the cause, or null
 * @param times how often in a row the partition broke down among them
 * @param leftOut the rows that are left out
 */
public record Breakdowns(RowRange suspect, int times, List<BrokenRow> leftOut) {
    /** So often in a row a partition breaks down at a row; then the row is left out. */
    public static final int TIMES_MAX = 3;

    /**
     * So many rows are left out between two healthy checkpoints at most. If there are more, the rows are not the cause.
     */
    public static final int LEFT_OUT_MAX = 10;

    /** Nothing has happened. */
    public static final Breakdowns NONE = new Breakdowns(null, 0, List.of());

    public Breakdowns {
        leftOut = List.copyOf(leftOut);
    }

    /**
     * The partition has broken down again.
     *
     * @param at the rows that were under way
     * @param reason what broke
     */
    public Breakdowns after(RowRange at, String reason) {
        int now = suspect != null && suspect.overlaps(at) ? times + 1 : 1;
        if (now < TIMES_MAX || !at.isOneRow() || leftOut.size() == LEFT_OUT_MAX) {
            return new Breakdowns(at, now, leftOut);
        }
        List<BrokenRow> more = new ArrayList<>(leftOut);
        more.add(new BrokenRow(at.input(), at.from(), reason));
        return new Breakdowns(null, 0, more);
    }

    public boolean isNone() {
        return suspect == null && leftOut.isEmpty();
    }

    /** The row at this position if it is left out, else null. */
    public BrokenRow leftOut(String input, long position) {
        for (BrokenRow row : leftOut) {
            if (row.position() == position && row.input().equals(input)) {
                return row;
            }
        }
        return null;
    }

    /** Whether any row of this range is suspected or left out. */
    public boolean concern(RowRange rows) {
        return suspect != null && suspect.overlaps(rows)
                || leftOut.stream().anyMatch(row -> rows.contains(row.input(), row.position()));
    }

    /** Whether a partition that stands here has all of it behind it, and needs to know nothing of it any more. */
    public boolean areBehind(InputVector vector) {
        for (InputVector.Entry entry : vector.inputs()) {
            long position = entry.standing().position();
            boolean suspected =
                    suspect != null && suspect.input().equals(entry.input()) && position < suspect.to();
            if (!entry.standing().finished() && (suspected || leftOut.stream()
                    .anyMatch(row -> row.input().equals(entry.input()) && position <= row.position()))) {
                return false;
            }
        }
        return true;
    }
}
