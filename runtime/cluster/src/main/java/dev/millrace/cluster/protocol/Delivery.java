// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.protocol;

import java.util.List;

/**
 * One step of a lane: it covers the positions {@code [from, to)} of its input for one partition. Rows of the range that
 * it doesn't hold do not exist for the partition. It may hold no rows at all: progress, the mark that the input is idle,
 * or the end of the input.
 *
 * @param input name of the input
 * @param session the session that it belongs to
 * @param from the {@code to} of the lane's delivery before it
 * @param to the reader's position after the last row, on a record boundary; not before {@code from}
 * @param watermark the split's watermark at {@code to} in milliseconds
 * @param end true if the input ends at {@code to}
 * @param idle true if the reader has declared the input idle at {@code to}
 * @param bytes size of the rows, 0 if there are none
 * @param frames the rows, in order of their positions; the partition takes all of them or none
 * @param <D> rows in whatever form the lane carries them
 */
public record Delivery<D>(String input, Session session, long from, long to, long watermark, boolean end, boolean idle,
        long bytes, List<D> frames) implements ToPartition<D> {

    public Delivery {
        if (to < from) {
            throw new IllegalArgumentException("delivery runs backwards: [" + from + ", " + to + ")");
        }
        frames = List.copyOf(frames);
    }

    /** Where the partition stands when it has applied the delivery. */
    public Standing standing() {
        return new Standing(to, watermark, end, idle);
    }

    /** The same delivery in another session. */
    public Delivery<D> in(Session newer) {
        return new Delivery<>(input, newer, from, to, watermark, end, idle, bytes, frames);
    }
}
