// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.cluster.protocol.SplitWatermark;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.operator.RowSteps;
import dev.millrace.engine.plan.EventTime;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.List;

/** Computes time and watermark of the rows of a split, before any filter. */
final class EventClock {
    private static final long NANOS_PER_MILLI = 1_000_000L;
    private static final long MICROS_PER_MILLI = 1_000L;

    private final EventTime eventTime;
    private final RowSteps times;
    private SplitWatermark watermark;

    /** @param eventTime the source's event time, or null if it has none */
    EventClock(EventTime eventTime) {
        this.eventTime = eventTime;
        times = eventTime == null ? null : RowSteps.of(List.of(times(eventTime)));
    }

    private static Step times(EventTime eventTime) {
        return new Step.Project(
                List.of(eventTime.rowTime(), eventTime.watermark()),
                Schema.of(
                        new Column("time", eventTime.rowTime().type()),
                        new Column("watermark", eventTime.watermark().type())));
    }

    /** Reading goes on at a position with this watermark. */
    void seek(long watermarkThere) {
        watermark = new SplitWatermark(watermarkThere);
    }

    /** The split's watermark behind the rows so far. */
    long watermark() {
        return watermark.watermark();
    }

    /**
     * Takes the next rows of the split, all selected.
     *
     * @param bad receives the rows without a time
     * @return the batch, with the watermarks before its rows where they matter, without the rows that have no time
     */
    Batch advance(Batch batch, BatchArena arena, RowErrors errors, List<BadRecord> bad) {
        if (eventTime == null) {
            return batch;
        }
        int n = batch.rowCount();
        Batch timed = times.apply(batch, arena, errors);
        LongVector rowTime = (LongVector) timed.column(0);
        LongVector watermarkTime = (LongVector) timed.column(1);
        boolean someWithout = timed.size() < n || rowTime.nulls() != null || watermarkTime.nulls() != null;
        long[] rowMillis = millis(rowTime, eventTime.rowTime().type(), n, someWithout, arena);
        long[] watermarkMillis = rowTime == watermarkTime
                ? rowMillis
                : millis(watermarkTime, eventTime.watermark().type(), n, someWithout, arena);
        Batch result = someWithout ? leaveOut(batch, timed, rowTime, rowMillis, watermarkMillis, arena, bad) : batch;
        long[] before = arena.longs(n);
        return watermark.advance(watermarkMillis, rowMillis, before, n) ? result.withBefore(before) : result;
    }

    /** Times in milliseconds; the vector's own array where it holds them already and will not be written to. */
    private static long[] millis(LongVector vector, SqlType type, int n, boolean copy, BatchArena arena) {
        long[] values = vector.values();
        long perMilli = type.precision() <= 3 ? 1 : type.precision() <= 6 ? MICROS_PER_MILLI : NANOS_PER_MILLI;
        if (perMilli == 1 && !copy) {
            return values;
        }
        long[] millis = arena.longs(n);
        for (int row = 0; row < n; row++) {
            millis[row] = Math.floorDiv(values[row], perMilli);
        }
        return millis;
    }

    /** Rows whose time failed or is NULL: they neither move the watermark nor go on. */
    private static Batch leaveOut(
            Batch batch,
            Batch timed,
            LongVector rowTime,
            long[] rowMillis,
            long[] watermarkMillis,
            BatchArena arena,
            List<BadRecord> bad) {
        int n = batch.rowCount();
        int[] kept = arena.ints(n);
        int count = 0;
        int next = 0;
        for (int row = 0; row < n; row++) {
            boolean failed = next == timed.size() || timed.row(next) != row;
            next += failed ? 0 : 1;
            if (failed || rowTime.isNull(row)) {
                rowMillis[row] = SplitWatermark.NO_TIME;
                watermarkMillis[row] = SplitWatermark.NO_TIME;
                if (!failed) {
                    bad.add(new BadRecord(
                            batch.positions()[row],
                            new byte[0],
                            ErrorCode.EVENT_TIME_NULL,
                            "the event time is NULL"));
                }
            } else {
                if (timed.column(1).isNull(row)) {
                    watermarkMillis[row] = SplitWatermark.NO_TIME;
                }
                kept[count++] = row;
            }
        }
        return batch.withSelection(kept, count);
    }
}
