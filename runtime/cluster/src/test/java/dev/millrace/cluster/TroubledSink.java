// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.plan.TableDefinition;
import java.util.BitSet;

/**
 * A target that a test makes fail: it keeps the numbers of the rows that it took, which may come more than once. The
 * sinks of partitions with an odd number run on the partition's thread.
 */
final class TroubledSink extends MemoryTarget {
    /** What goes wrong; does nothing as long as all is well. */
    interface Trouble {
        Trouble NONE = (_, _) -> {};

        /** @param rows what is written, or null at a flush */
        void meet(int partition, Batch rows);
    }

    private final BitSet taken = new BitSet();
    private volatile Trouble trouble;

    TroubledSink(Trouble trouble) {
        this.trouble = trouble;
    }

    void set(Trouble next) {
        trouble = next;
    }

    /** Numbers of the rows that were taken. */
    synchronized BitSet taken() {
        return (BitSet) taken.clone();
    }

    /** Number of a row by its index among the selected ones. */
    static long id(Batch rows, int index) {
        return ((LongVector) rows.column(0)).get(rows.row(index));
    }

    static boolean holds(Batch rows, long id) {
        for (int i = 0; i < rows.size(); i++) {
            if (id(rows, i) == id) {
                return true;
            }
        }
        return false;
    }

    private synchronized void take(Batch rows) {
        for (int i = 0; i < rows.size(); i++) {
            taken.set((int) id(rows, i));
        }
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        return new Sink() {
            @Override
            public void write(Batch batch) {
                trouble.meet(partition, batch);
                take(batch);
            }

            @Override
            public void flush() {
                trouble.meet(partition, null);
            }

            @Override
            public boolean isBlocking() {
                return partition % 2 == 0;
            }

            @Override
            public void close() {}
        };
    }
}
