// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.status;

import java.util.ArrayList;
import java.util.List;

/**
 * The moves of a job's partitions and readers since the job was last started anew or its node was lost.
 *
 * @param count how many there were
 * @param pauseMillisSum their pauses together
 * @param pauseMillisMax the longest pause
 * @param last the last ones, the newest last
 */
public record Moves(long count, long pauseMillisSum, long pauseMillisMax, List<Move> last) {
    /** So many of the moves are kept. */
    public static final int LAST_MAX = 256;

    public static final Moves NONE = new Moves(0, 0, 0, List.of());

    public Moves {
        last = List.copyOf(last);
    }

    /** The same without the single moves. */
    public Moves totals() {
        return new Moves(count, pauseMillisSum, pauseMillisMax, List.of());
    }

    /** These and one more. */
    public Moves and(Move move) {
        List<Move> all = new ArrayList<>(last.subList(Math.max(0, last.size() - LAST_MAX + 1), last.size()));
        all.add(move);
        return new Moves(
                count + 1, pauseMillisSum + move.pauseMillis(), Math.max(pauseMillisMax, move.pauseMillis()), all);
    }
}
