// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.EpochSink;
import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;

/** Passes epochs on to another sink, and comes to points before, after and amid its work. */
record DyingSink(EpochSink sink) implements EpochSink {
    @Override
    public long open() {
        Death.at(Point.BEFORE_OPEN);
        long marker = sink.open();
        Death.at(Point.AFTER_OPEN);
        return marker;
    }

    @Override
    public void release(long epoch, List<Batch> rows) {
        Death.at(Point.BEFORE_RELEASE);
        sink.release(epoch, new Rows(rows));
        Death.at(Point.AFTER_RELEASE);
    }

    @Override
    public boolean hasHidden() {
        return sink.hasHidden();
    }

    @Override
    public String problem() {
        return sink.problem();
    }

    @Override
    public void giveUp() {
        sink.giveUp();
    }

    @Override
    public void close() {
        Death.at(Point.BEFORE_CLOSE);
        sink.close();
        Death.at(Point.AFTER_CLOSE);
    }

    @Override
    public void retire() {
        sink.retire();
    }

    /** The rows of epochs, whose reader comes to a point when it has read half of them, and when it has read all. */
    private static final class Rows extends AbstractList<Batch> {
        private final List<Batch> rows;

        Rows(List<Batch> rows) {
            this.rows = rows;
        }

        @Override
        public Batch get(int index) {
            return rows.get(index);
        }

        @Override
        public int size() {
            return rows.size();
        }

        @Override
        public Iterator<Batch> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    if (next == (rows.size() + 1) / 2) {
                        Death.at(Point.IN_RELEASE);
                    }
                    if (next == rows.size()) {
                        Death.at(Point.AFTER_ROWS);
                        Death.beforeCommit();
                    }
                    return next < rows.size();
                }

                @Override
                public Batch next() {
                    return rows.get(next++);
                }
            };
        }
    }
}
