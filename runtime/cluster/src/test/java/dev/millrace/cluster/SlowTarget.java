// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;

/** A target that takes the rows of one partition as slowly as a test wants it. */
final class SlowTarget extends EpochTarget {
    private final int slow;
    private long pauseMillis;
    private boolean fails;
    private long slowRows;

    /**
     * @param slow number of the partition
     * @param pauseMillis how long each of its releases takes
     */
    SlowTarget(int slow, long pauseMillis) {
        this.slow = slow;
        this.pauseMillis = pauseMillis;
    }

    /** From now on it is as fast as the others. */
    synchronized void hurry() {
        pauseMillis = 0;
        notifyAll();
    }

    /** The release of the slow partition that goes on, or the next one, fails. */
    synchronized void fail() {
        fails = true;
        notifyAll();
    }

    /** Rows of the slow partition. */
    synchronized long slowRows() {
        return slowRows;
    }

    private synchronized void pause(List<Batch> batches) {
        long end = System.nanoTime() + pauseMillis * 1_000_000;
        try {
            while (pauseMillis > 0 && !fails && System.nanoTime() < end) {
                wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (fails) {
            fails = false;
            throw new MillraceException(ErrorCode.SINK_FAILED, "the target has lost its connection", null);
        }
        batches.forEach(batch -> slowRows += batch.size());
    }

    @Override
    public EpochSink openEpochSink(TableDefinition table, EpochOwner owner) {
        EpochSink sink = super.openEpochSink(table, owner);
        return owner.partition() != slow ? sink : new EpochSink() {
            @Override
            public long open() {
                return sink.open();
            }

            @Override
            public void release(long epoch, List<Batch> batches) {
                pause(batches);
                sink.release(epoch, batches);
            }

            @Override
            public void close() {
                sink.close();
            }

            @Override
            public void retire() {
                sink.retire();
            }
        };
    }
}
