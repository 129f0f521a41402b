// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** What goes wrong with a target: it fails now and then, or is away. Used by many threads. */
final class Trouble {
    private final Random random;
    private final AtomicInteger failures = new AtomicInteger();
    private final Set<Sink> waiting = ConcurrentHashMap.newKeySet();
    private volatile double rate;
    private volatile boolean away;

    Trouble(Random random) {
        this.random = random;
    }

    /** How often a step fails, 0 to 1: before it does something, or after that. */
    void fail(double share) {
        rate = share;
    }

    /** Whoever wants something from the target waits until it is back, or the waiter is told to give up. */
    void leave() {
        away = true;
    }

    void comeBack() {
        away = false;
        waiting.forEach(sink -> sink.wake.countDown());
    }

    int failures() {
        return failures.get();
    }

    /** How many wait for the target. */
    int waiting() {
        return waiting.size();
    }

    EpochSink wrap(EpochSink sink) {
        return new Sink(sink);
    }

    private void meet() {
        if (random.nextDouble() < rate) {
            failures.incrementAndGet();
            throw new MillraceException(ErrorCode.SINK_FAILED, "the target has stumbled", null);
        }
    }

    private final class Sink implements EpochSink {
        private final EpochSink sink;
        private final CountDownLatch wake = new CountDownLatch(1);
        private volatile boolean givenUp;

        Sink(EpochSink sink) {
            this.sink = sink;
        }

        private void await() {
            if (!away) {
                return;
            }
            waiting.add(this);
            try {
                if (away && !givenUp) {
                    wake.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                waiting.remove(this);
            }
            if (givenUp) {
                throw new MillraceException(ErrorCode.SINK_FAILED, "given up", null);
            }
        }

        @Override
        public long open() {
            await();
            meet();
            long marker = sink.open();
            meet();
            return marker;
        }

        @Override
        public void release(long epoch, List<Batch> rows) {
            await();
            meet();
            sink.release(epoch, rows);
            meet();
        }

        @Override
        public boolean hasHidden() {
            return sink.hasHidden();
        }

        @Override
        public String problem() {
            return waiting.contains(this) ? "the target is away" : sink.problem();
        }

        @Override
        public void giveUp() {
            givenUp = true;
            wake.countDown();
            sink.giveUp();
        }

        @Override
        public void close() {
            sink.close();
        }

        @Override
        public void retire() {
            sink.retire();
        }
    }
}
