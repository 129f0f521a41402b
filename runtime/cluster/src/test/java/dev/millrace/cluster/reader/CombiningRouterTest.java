// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Share;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Exchange;
import dev.millrace.engine.plan.PreAggregation;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Strategy;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

/** Which rows a router combines, and what it does before. */
class CombiningRouterTest {
    private static final int ROWS = 1_000;
    private static final Schema SENT = Schema.of(
            new Column("key", SqlType.BIGINT), new Column("number", SqlType.BIGINT),
            new Column("time", SqlType.timestamp(3)));

    private static Router router(PreAggregation mode, Window window, int partitions) {
        List<AggregateCall> calls = List.of(
                new AggregateCall(AggregateFunction.COUNT, -1, false, -1, null, SqlType.BIGINT),
                new AggregateCall(AggregateFunction.SUM, 1, false, -1, SqlType.BIGINT, SqlType.BIGINT));
        Column number = new Column("n", SqlType.BIGINT);
        Schema output = window == null ? Schema.of(SENT.column(0), number, number)
                : Schema.of(SENT.column(2), SENT.column(2), SENT.column(0), number, number);
        Step.Aggregate step = new Step.Aggregate(List.of(0), calls, window, Emit.FINAL, null, output);
        return new Router(new Exchange(Strategy.ALWAYS_HASH, List.of(0), mode), SENT, step, partitions, "input");
    }

    /** Rows at positions from 5,000 on, with the numbers from 0 on, a millisecond apart. */
    private static Batch batch(LongUnaryOperator keys, long[] before) {
        LongVector key = new LongVector(ROWS);
        LongVector number = new LongVector(ROWS);
        LongVector time = new LongVector(ROWS);
        long[] positions = new long[ROWS];
        for (int row = 0; row < ROWS; row++) {
            key.set(row, keys.applyAsLong(row));
            number.set(row, row);
            time.set(row, row);
            positions[row] = 5_000 + row;
        }
        return new Batch(new Vector[] {key, number, time}, ROWS, null, ROWS, positions, null, null, before);
    }

    private static List<Share<Rows>> route(Router router, Batch batch, Receiver receiver, long... wantedFrom) {
        return router.route(batch, batch, List.of(), wantedFrom, 5_000, _ -> receiver, new Frame());
    }

    private static long sum(Batch combined, int column) {
        long sum = 0;
        for (int i = 0; i < combined.size(); i++) {
            sum += ((LongVector) combined.column(column)).get(combined.row(i));
        }
        return sum;
    }

    @Test
    void shouldTrimBeforeItCombines() {
        Router router = router(PreAggregation.ALWAYS, null, 1);
        Rows rows = route(router, batch(row -> row % 2, null), Receiver.IDLE, 5_900).getFirst().rows();
        assertEquals(2, rows.combined().size());
        assertEquals(0, rows.batch().size());
        // Columns: key, rows, COUNT, SUM.
        assertEquals(100, sum(rows.combined(), 1));
        assertEquals(100, sum(rows.combined(), 2));
        assertEquals((900L + 999) * 100 / 2, sum(rows.combined(), 3));
        assertEquals(100, rows.decoded());
    }

    @Test
    void shouldCombineForPartitionsThatAreBusyOrElsewhere() {
        Batch batch = batch(row -> row % 10 == 0 ? row : 7, null);
        for (Receiver receiver : Receiver.values()) {
            Rows rows = route(router(PreAggregation.AUTO, null, 1), batch, receiver, 5_000).getFirst().rows();
            assertEquals(receiver != Receiver.IDLE, rows.combined() != null, receiver.toString());
            assertEquals(rows.combined() == null ? ROWS : 0, rows.batch().size(), receiver.toString());
        }
    }

    @Test
    void shouldLetRowsTravelAsTheyAreWhereFewWouldBeSaved() {
        for (Receiver receiver : Receiver.values()) {
            Rows rows = route(router(PreAggregation.AUTO, null, 1), batch(row -> row, null), receiver, 5_000)
                    .getFirst().rows();
            assertEquals(ROWS, rows.batch().size());
        }
    }

    @Test
    void shouldTryAgainSomeSharesAfterATryThatDidNotPay() {
        Router router = router(PreAggregation.AUTO, null, 1);
        route(router, batch(row -> row, null), Receiver.BUSY, 5_000);
        Batch hot = batch(row -> 7, null);
        for (int share = 0; share < Combining.SHARES_BETWEEN_TRIES; share++) {
            assertFalse(isCombined(route(router, hot, Receiver.BUSY, 5_000)), "share " + share);
        }
        assertTrue(isCombined(route(router, hot, Receiver.BUSY, 5_000)));
        assertTrue(isCombined(route(router, hot, Receiver.BUSY, 5_000)));
    }

    private static boolean isCombined(List<Share<Rows>> shares) {
        return shares.getFirst().rows().combined() != null;
    }

    @Test
    void shouldDecideForEachPartitionByItself() {
        Router router = router(PreAggregation.AUTO, null, 4);
        List<Share<Rows>> shares = route(
                router, batch(row -> row % 10 == 0 ? row : 7, null), Receiver.BUSY, 5_000, 5_000, 5_000, 5_000);
        assertEquals(4, shares.size());
        assertEquals(1, shares.stream().filter(share -> share.rows().combined() != null).count());
        long combined = shares.stream().filter(share -> share.rows().combined() != null)
                .mapToLong(share -> sum(share.rows().combined(), 1)).sum();
        long others = shares.stream().mapToLong(share -> share.rows().batch().size()).sum();
        assertTrue(combined >= 900, combined + " rows were combined");
        assertEquals(ROWS, combined + others);
        assertEquals(ROWS, shares.stream().mapToLong(share -> share.rows().decoded()).sum());
    }

    @Test
    void shouldSendLateRowsBesideTheCombinedOnesInOneShare() {
        long[] before = new long[ROWS];
        Arrays.fill(before, Long.MIN_VALUE);
        before[3] = 99;
        before[150] = 99;
        Router router = router(PreAggregation.ALWAYS, new Window.Tumbling(2, 100, 0, 0), 1);
        List<Share<Rows>> shares = route(router, batch(row -> 7, before), Receiver.IDLE, 5_000);
        assertEquals(1, shares.size());
        Rows rows = shares.getFirst().rows();
        assertEquals(1, rows.batch().size());
        assertEquals(3, rows.batch().row(0));
        // Columns: key, window_start, rows, COUNT, SUM; one for each window.
        assertEquals(10, rows.combined().size());
        assertEquals(ROWS - 1, sum(rows.combined(), 2));
        assertEquals(ROWS, rows.decoded());
    }
}
