// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import static dev.millrace.server.run.Rows.row;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.status.JobOutcome;
import dev.millrace.cluster.status.JobProgress;
import dev.millrace.connectors.text.JsonRowFormat;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.Target;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ClientResultTest {
    private static final Schema SCHEMA = Schema.of(new Column("n", SqlType.BIGINT));

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StoppableJob job = new StoppableJob();

    @Test
    void shouldWriteAllRowsByTheEnd() {
        ClientResult result = result(ResultOrder.NONE, out);
        result.attach(job);

        result.accept(numbers(1, 2));
        result.accept(numbers(3));
        result.close(true);

        assertEquals("{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n", text());
        assertFalse(job.stopped);
    }

    @Test
    void shouldStopTheJobAtTheLimit() {
        ClientResult result = result(new ResultOrder(List.of(), 1, 3), out);
        result.attach(job);

        result.accept(numbers(1, 2));
        assertFalse(job.stopped);
        result.accept(numbers(3, 4, 5));
        result.accept(numbers(6));
        result.close(true);

        assertEquals("{\"n\":2}\n{\"n\":3}\n{\"n\":4}\n", text());
        assertTrue(job.stopped);
    }

    @Test
    void shouldStopTheJobThatReachedTheLimitBeforeItWasKnown() {
        ClientResult result = result(new ResultOrder(List.of(), 0, 1), out);

        result.accept(numbers(1, 2));
        result.attach(job);

        assertTrue(job.stopped);
        result.close(true);
    }

    @Test
    void shouldGiveNothingAtLimitZero() {
        ClientResult result = result(new ResultOrder(List.of(), 0, 0), out);
        result.attach(job);

        result.accept(numbers(1));
        result.close(true);

        assertEquals("", text());
        assertTrue(job.stopped);
    }

    @Test
    void shouldShowRowsWhenNoMoreComeForAMoment() throws InterruptedException {
        CountDownLatch written = new CountDownLatch(1);
        ClientResult result = result(ResultOrder.NONE, new OutputStream() {
            @Override
            public void write(int value) {
                written.countDown();
            }
        });

        result.accept(numbers(1));

        assertTrue(written.await(5, TimeUnit.SECONDS));
        result.close(true);
    }

    @Test
    void shouldEndTheJobWhenNobodyReadsAnyMore() {
        ClientResult result = result(ResultOrder.NONE, new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        });
        result.attach(job);

        long[] many = new long[Batch.ROWS];
        for (int i = 0; i < 10 && !job.stopped; i++) {
            result.accept(numbers(many));
        }
        result.close(false);

        assertTrue(job.stopped);
        assertTrue(result.isReaderGone());
    }

    @Test
    void shouldSayNothingOfASortThatIsNotComplete() {
        ClientResult result = result(
                new ResultOrder(List.of(new ResultOrder.Key(0, false, true)), 0, ResultOrder.NO_LIMIT), out);
        result.attach(job);

        result.accept(numbers(2, 1));
        result.close(false);

        assertEquals("", text());
    }

    private ClientResult result(ResultOrder order, OutputStream stream) {
        return new ClientResult(
                new Target.Client(SCHEMA, order), new PlainRows(new JsonRowFormat(SCHEMA)), stream);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private static Batch numbers(long... values) {
        Object[][] rows = new Object[values.length][];
        for (int i = 0; i < values.length; i++) {
            rows[i] = row(values[i]);
        }
        return Rows.of(SCHEMA, rows);
    }

    /** A job that only remembers that it was asked to stop. */
    private static final class StoppableJob implements JobHandle {
        @Override
        public String problem() {
            return null;
        }

        private volatile boolean stopped;

        @Override
        public String name() {
            return "";
        }

        @Override
        public CompletableFuture<JobOutcome> outcome() {
            return new CompletableFuture<>();
        }

        @Override
        public JobProgress progress() {
            return JobProgress.NONE;
        }

        @Override
        public void stop() {
            stopped = true;
        }
    }
}
