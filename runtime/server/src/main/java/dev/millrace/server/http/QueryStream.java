// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;

/**
 * The way of a query's rows from the thread that has them into an HTTP answer. Writing waits as long as the client is
 * slow, and fails when it has gone.
 */
final class QueryStream extends OutputStream {
    private static final int CHUNK_BYTES_MAX = 1 << 16;
    private static final int CHUNKS_WAITING_MAX = 4;

    /** An empty line now and then, by which a client that has gone without a word is noticed. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);

    private static final ByteString EMPTY_LINE = ByteString.fromString("\n");

    private final SourceQueueWithComplete<ByteString> queue;
    private final Source<ByteString, NotUsed> source;
    private final CompletableFuture<?> gone;

    private QueryStream(SourceQueueWithComplete<ByteString> queue, Source<ByteString, NotUsed> source) {
        this.queue = queue;
        gone = queue.watchCompletion().toCompletableFuture();
        this.source = source.keepAlive(SIGN_OF_LIFE, () -> EMPTY_LINE);
    }

    static QueryStream open(ActorSystem<?> system) {
        Pair<SourceQueueWithComplete<ByteString>, Source<ByteString, NotUsed>> pair =
                Source.<ByteString>queue(CHUNKS_WAITING_MAX, OverflowStrategy.backpressure()).preMaterialize(system);
        return new QueryStream(pair.first(), pair.second());
    }

    /** What the answer's body is. */
    Source<ByteString, NotUsed> source() {
        return source;
    }

    /** Completes, well or not, when nobody reads any more. */
    CompletionStage<?> gone() {
        return gone;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int start, int length) throws IOException {
        for (int done = 0; done < length; done += CHUNK_BYTES_MAX) {
            offer(ByteString.fromArray(bytes, start + done, Math.min(CHUNK_BYTES_MAX, length - done)));
        }
    }

    private void offer(ByteString chunk) throws IOException {
        try {
            CompletableFuture<QueueOfferResult> offered = queue.offer(chunk).toCompletableFuture();
            // An offer that waits gets no answer when the stream is torn down under it.
            CompletableFuture.anyOf(offered, gone).get();
            if (!offered.isDone() || !offered.get().isEnqueued()) {
                throw new IOException("the client has gone");
            }
        } catch (ExecutionException | CompletionException | IllegalStateException e) {
            throw new IOException("the client has gone", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Ends the answer behind what was written. */
    @Override
    public void close() {
        queue.complete();
    }
}
