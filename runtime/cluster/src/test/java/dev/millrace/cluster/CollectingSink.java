// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.plan.TableDefinition;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A sink that hands every batch to a test. */
final class CollectingSink extends MemoryTarget {
    private final Consumer<Batch> consumer;
    private volatile CountDownLatch answer = new CountDownLatch(0);
    private long rows;

    CollectingSink(Consumer<Batch> consumer) {
        this.consumer = consumer;
    }

    /** Lets the jobs that are made from now on wait for this before they know that their target is there. */
    void answerAfter(CountDownLatch latch) {
        answer = latch;
    }

    /** Waits until so many rows have come. */
    synchronized void awaitRows(long count) throws InterruptedException {
        while (rows < count) {
            wait();
        }
    }

    private synchronized void add(Batch batch) {
        consumer.accept(batch);
        rows += batch.size();
        notifyAll();
    }

    @Override
    public void checkTarget(TableDefinition table) {
        try {
            answer.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        return new Sink() {
            @Override
            public void write(Batch batch) {
                add(batch);
            }

            @Override
            public void flush() {}

            @Override
            public boolean isBlocking() {
                return partition % 2 == 0;
            }

            @Override
            public void close() {}
        };
    }
}
