// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.deadletter.RowText;
import dev.millrace.cluster.protocol.Breakdowns;
import dev.millrace.cluster.protocol.BrokenRow;
import dev.millrace.cluster.protocol.RowRange;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.operator.Pipeline;
import dev.millrace.engine.type.Schema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows among which one has broken the partition: they are taken one by one, so that the next time it is known which,
 * and those that are left out become bad records.
 */
final class CarefulRows {
    /** Rows of one position, or all that lie between two such; of combined rows, each has the position of its first. */
    private record Piece(Batch rows, boolean combined, RowRange range) {}

    private final Breakdowns breakdowns;
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private RowRange underWay;

    CarefulRows(Breakdowns breakdowns) {
        this.breakdowns = breakdowns;
    }

    /** Whether rows of this range are to be taken with care. */
    boolean concern(RowRange range) {
        return !breakdowns.isNone() && breakdowns.concern(range);
    }

    /**
     * Takes a batch to pieces.
     *
     * @param combined whether its rows are combined ones
     * @param schema the batch's columns
     * @return the rows that are left out
     */
    List<BadRecord> take(String input, Batch batch, boolean combined, Schema schema) {
        List<BadRecord> leftOut = new ArrayList<>();
        int[] rows = new int[batch.size()];
        int count = 0;
        long alone = Long.MIN_VALUE;
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            long position = batch.positions()[row];
            BrokenRow broken = breakdowns.leftOut(input, position);
            boolean suspected = breakdowns.suspect() != null && breakdowns.suspect().contains(input, position);
            long nextAlone = suspected ? position : Long.MIN_VALUE;
            if (count > 0 && nextAlone != alone) {
                add(input, batch, combined, rows, count);
                count = 0;
            }
            alone = nextAlone;
            if (broken == null) {
                rows[count++] = row;
            } else if (leftOut.isEmpty() || leftOut.getLast().position() != position) {
                byte[] text = RowText.of(batch, position, schema);
                leftOut.add(new BadRecord(position, text, ErrorCode.ROW_BREAKS, broken.reason()));
            }
        }
        if (count > 0) {
            add(input, batch, combined, rows, count);
        }
        return leftOut;
    }

    private void add(String input, Batch batch, boolean combined, int[] rows, int count) {
        RowRange range = new RowRange(input, batch.positions()[rows[0]], batch.positions()[rows[count - 1]] + 1);
        pieces.add(new Piece(batch.withSelection(Arrays.copyOf(rows, count), count), combined, range));
    }

    boolean hasNext() {
        return !pieces.isEmpty();
    }

    /** Gives the next piece to the operators. */
    void giveNext(Pipeline pipeline) {
        Piece piece = pieces.poll();
        underWay = piece.range();
        if (piece.combined()) {
            pipeline.addCombined(piece.rows());
        } else {
            pipeline.add(piece.rows());
        }
    }

    /** All pieces have been applied. */
    void done() {
        underWay = null;
    }

    /** The rows that were given out last and may still be at work, or null. */
    RowRange underWay() {
        return underWay;
    }

    boolean isNone() {
        return breakdowns.isNone();
    }

    Breakdowns breakdowns() {
        return breakdowns;
    }
}
