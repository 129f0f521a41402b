// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.run;

import dev.millrace.cluster.client.JobHandle;
import dev.millrace.cluster.client.ResultConsumer;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.ResultOrder;
import dev.millrace.engine.plan.Target;
import java.io.IOException;
import java.io.OutputStream;

/**
 * The rows of one SELECT on their way to whom reads them: ordered and limited, laid out, buffered, and flushed when no
 * more come for a moment or some have waited long enough. Ends its job when the limit is reached or nobody reads any
 * more.
 */
public final class ClientResult implements ResultConsumer {
    private static final int BUFFER_BYTES_MAX = 1 << 16;
    private static final long IDLE_MILLIS = 50;

    /** Rows that come without a pause are shown after so many waits at the latest. */
    private static final int BUSY_WAITS_MAX = 4;

    private final OutputStream stream;
    private final boolean prompt;
    private final RowEncoder encoder;
    private final SortedRows sorted;
    private final TextBuffer buffer = new TextBuffer();
    private long toSkip;
    private long toGive;

    private JobHandle job;
    private boolean stopWanted;
    private boolean readerGone;
    private boolean closed;
    private long accepted;
    private long rowsGiven;
    private MillraceException failure;

    ClientResult(Target.Client target, RowEncoder encoder, OutputStream stream) {
        this(target, encoder, stream, false);
    }

    /**
     * @param stream takes the text; an {@link IOException} of it means that nobody reads any more
     * @param prompt whether rows are written as they come, and not together with those of the next moment
     */
    public ClientResult(Target.Client target, RowEncoder encoder, OutputStream stream, boolean prompt) {
        this.stream = stream;
        this.prompt = prompt;
        this.encoder = encoder;
        ResultOrder order = target.order();
        sorted = order.keys().isEmpty()
                ? null
                : new SortedRows(target.schema(), order, SortedRows.defaultBytesMax());
        toSkip = order.offset();
        toGive = order.limit() == ResultOrder.NO_LIMIT ? Long.MAX_VALUE : order.limit();
        Thread flusher = new Thread(this::flushWhenIdle, "result-flusher");
        flusher.setDaemon(true);
        flusher.start();
    }

    /** Says which job the rows come from, as soon as that is known. */
    public synchronized void attach(JobHandle handle) {
        job = handle;
        if (toGive == 0) {
            stopWanted = true;
        }
        if (stopWanted) {
            handle.stop();
        }
    }

    @Override
    public synchronized void accept(Batch batch) {
        if (stopWanted || closed) {
            return;
        }
        accepted++;
        if (sorted == null) {
            encodeLimited(batch);
            return;
        }
        try {
            sorted.add(batch);
        } catch (MillraceException e) {
            failure = e;
            stopJob();
        }
    }

    /**
     * Writes what is left. Called when the job has ended.
     *
     * @param complete whether all rows have come, so that they can be sorted
     * @throws MillraceException if the rows could not be given
     */
    public synchronized void close(boolean complete) {
        if (closed) {
            return;
        }
        if (failure == null && !readerGone) {
            if (sorted != null && complete) {
                sorted.drainTo(this::encode);
            }
            encoder.flush(buffer);
            if (complete || stopWanted) {
                encoder.finish(buffer);
            }
            flushBuffer();
        }
        closed = true;
        notifyAll();
        if (failure != null) {
            throw failure;
        }
    }

    /** Whether nobody reads standard output any more. */
    public synchronized boolean isReaderGone() {
        return readerGone;
    }

    /** Whether the job was stopped from here because all was said or nobody listens. */
    public synchronized boolean hasStoppedJob() {
        return stopWanted;
    }

    /** Rows that were given to the encoder so far. */
    public synchronized long rowsGiven() {
        return rowsGiven;
    }

    private void encodeLimited(Batch batch) {
        if (toSkip == 0 && batch.size() < toGive) {
            toGive -= toGive == Long.MAX_VALUE ? 0 : batch.size();
            encode(batch);
            return;
        }
        int skipped = (int) Math.min(toSkip, batch.size());
        int given = (int) Math.min(toGive, batch.size() - skipped);
        int[] selection = new int[given];
        for (int i = 0; i < given; i++) {
            selection[i] = batch.row(skipped + i);
        }
        toSkip -= skipped;
        toGive -= toGive == Long.MAX_VALUE ? 0 : given;
        encode(batch.withSelection(selection, given));
        if (toGive == 0) {
            stopJob();
        }
    }

    private void encode(Batch batch) {
        rowsGiven += batch.size();
        encoder.write(batch, buffer);
        if (prompt || buffer.size() >= BUFFER_BYTES_MAX) {
            flushBuffer();
        }
    }

    private void flushBuffer() {
        if (readerGone || buffer.size() == 0) {
            return;
        }
        try {
            buffer.writeTo(stream);
            stream.flush();
        } catch (IOException e) {
            // The reader has closed the pipe, as head does: it has what it wanted.
            readerGone = true;
            stopJob();
        }
        buffer.clear();
    }

    private void stopJob() {
        stopWanted = true;
        if (job != null) {
            job.stop();
        }
    }

    /** Waits for pauses: what was buffered before a pause of rows is shown during it. */
    private synchronized void flushWhenIdle() {
        long seen = 0;
        int busyWaits = 0;
        try {
            while (!closed) {
                wait(IDLE_MILLIS);
                busyWaits = accepted == seen ? 0 : busyWaits + 1;
                if (!closed && (busyWaits == 0 || busyWaits == BUSY_WAITS_MAX)) {
                    encoder.flush(buffer);
                    flushBuffer();
                    busyWaits = 0;
                }
                seen = accepted;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
