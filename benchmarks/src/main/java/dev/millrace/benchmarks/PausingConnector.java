// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.benchmarks;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.connector.SinkChanges;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.plan.TableDefinition;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/** A target that counts its rows, and pauses for each row of partition 0. */
final class PausingConnector implements SinkConnector {
    static final String NAME = "pausing";

    private static final long PAUSE_NANOS_MAX = 50_000_000;

    private final AtomicLongArray rows;
    private volatile long nanosPerRow;

    PausingConnector(int partitions) {
        rows = new AtomicLongArray(partitions);
    }

    /** From now on partition 0 pauses for so long for each row. */
    void pause(long nanos) {
        nanosPerRow = nanos;
    }

    /** Rows that a partition has given. */
    long rows(int partition) {
        return rows.get(partition);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void validateSink(TableDefinition table) {}

    @Override
    public SinkChanges changes(TableDefinition table) {
        return SinkChanges.ANY;
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        return new Sink() {
            @Override
            public void write(Batch batch) {
                for (int row = 0; row < batch.size(); row++) {
                    rows.incrementAndGet(partition);
                    pauseFor(partition);
                }
            }

            private void pauseFor(int partitionOfRow) {
                long end = System.nanoTime() + nanosPerRow;
                while (partitionOfRow == 0 && nanosPerRow > 0 && System.nanoTime() < end) {
                    LockSupport.parkNanos(Math.min(PAUSE_NANOS_MAX, end - System.nanoTime()));
                }
            }

            @Override
            public void flush() {}

            @Override
            public boolean isBlocking() {
                return true;
            }

            @Override
            public void close() {}
        };
    }
}
