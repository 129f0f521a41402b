// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.connector.Sink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A target in memory that takes epochs, and shuts out older owners. */
class EpochTarget extends MemoryTarget {
    /** The last epoch of an owner, and which of its starts has the say. */
    private record Marker(long epoch, long incarnation) {}

    private final Map<String, Marker> markers = new TreeMap<>();
    private final Set<Long> ids = new TreeSet<>();
    private long rows;
    private boolean away;
    private boolean silent;
    private int refusals;

    synchronized void awaitRows(long count) throws InterruptedException {
        while (rows < count) {
            wait();
        }
    }

    /** Who has a marker here. */
    synchronized Set<String> owners() {
        return Set.copyOf(markers.keySet());
    }

    synchronized long rows() {
        return rows;
    }

    /** How many different rows have come. */
    synchronized int differentRows() {
        return ids.size();
    }

    /** The next releases, so many of them, fail. */
    synchronized void refuse(int releases) {
        refusals = releases;
    }

    /** From now on nobody can open it. */
    synchronized void goAway() {
        away = true;
    }

    /** From now on nobody can open it: who tries waits until it is back, or gives up. */
    synchronized void fallSilent() {
        away = true;
        silent = true;
    }

    /** Everybody can open it again. */
    synchronized void comeBack() {
        away = false;
        silent = false;
        notifyAll();
    }

    @Override
    public Sink openSink(TableDefinition table, int partition) {
        throw new AssertionError("rows leave by epochs");
    }

    @Override
    public boolean takesEpochs(TableDefinition table) {
        return true;
    }

    @Override
    public EpochSink openEpochSink(TableDefinition table, EpochOwner owner) {
        return new EpochSink() {
            private boolean givenUp;

            @Override
            public long open() {
                synchronized (EpochTarget.this) {
                    awaitTarget();
                    long epoch = checked().epoch();
                    markers.put(owner.name(), new Marker(epoch, owner.incarnation()));
                    return epoch;
                }
            }

            private void awaitTarget() {
                try {
                    while (silent && !givenUp) {
                        EpochTarget.this.wait();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                if (away) {
                    throw new MillraceException(ErrorCode.SINK_FAILED, "the target is away", null);
                }
            }

            @Override
            public void giveUp() {
                synchronized (EpochTarget.this) {
                    givenUp = true;
                    EpochTarget.this.notifyAll();
                }
            }

            private Marker checked() {
                Marker marker = markers.getOrDefault(owner.name(), new Marker(NONE, 0));
                if (marker.incarnation() > owner.incarnation()) {
                    throw new MillraceException(ErrorCode.STATE_FENCED, "a newer start has the say", null);
                }
                return marker;
            }

            @Override
            public void release(long epoch, List<Batch> batches) {
                synchronized (EpochTarget.this) {
                    checked();
                    if (refusals > 0) {
                        refusals--;
                        throw new MillraceException(ErrorCode.SINK_FAILED, "the target is full", null);
                    }
                    markers.put(owner.name(), new Marker(epoch, owner.incarnation()));
                    for (Batch batch : batches) {
                        for (int i = 0; i < batch.size(); i++) {
                            ids.add(((LongVector) batch.column(0)).get(batch.row(i)));
                        }
                        rows += batch.size();
                    }
                    EpochTarget.this.notifyAll();
                }
            }

            @Override
            public void close() {}

            @Override
            public void retire() {
                synchronized (EpochTarget.this) {
                    markers.remove(owner.name());
                }
            }
        };
    }
}
