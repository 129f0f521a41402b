// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import com.typesafe.config.Config;
import dev.millrace.cluster.lane.LaneWireSettings;
import dev.millrace.cluster.message.ClientCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchCodec;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The rows of a SELECT, on their way to the client. If that is on another node, they go in pieces that fit a message, and
 * are kept until the client has taken them: if no answer comes for a while it is asked, and what was lost is sent again.
 */
final class ClientOutput extends NumberedOutput {
    private static final long PROBE_NANOS = 1_000_000_000L;
    private static final long PROBE_NANOS_MAX = 10 * PROBE_NANOS;

    private final ActorRef<ClientCommand> client;
    private final ActorRef<PartitionCommand> self;
    private final boolean isRemote;
    private final LaneWireSettings settings;
    /** What the client has not taken yet, if it is on another node. */
    private final ArrayDeque<ClientCommand.Take> kept = new ArrayDeque<>();
    private long probeNanos = PROBE_NANOS;
    private long waitingSinceNanos;

    ClientOutput(ActorRef<ClientCommand> client, ActorRef<PartitionCommand> self, Config config) {
        this.client = client;
        this.self = self;
        isRemote = client.path().address().hasGlobalScope();
        settings = LaneWireSettings.of(config);
    }

    @Override
    public void write(Batch batch) {
        if (!isRemote || BatchCodec.encodedBytes(batch) <= settings.batchBytes()) {
            super.write(batch);
        } else {
            writeHalves(batch);
        }
    }

    private void writeHalves(Batch batch) {
        int size = batch.size();
        if (size == 1) {
            if (BatchCodec.encodedBytes(batch) > settings.rowBytesMax()) {
                throw new MillraceException(
                        ErrorCode.ROW_TOO_LARGE,
                        "a row of " + BatchCodec.encodedBytes(batch) + " bytes can't be sent to the client on another "
                                + "node, which takes " + settings.rowBytesMax(),
                        "select less of it, or INSERT INTO a table");
            }
            super.write(batch);
            return;
        }
        int[] rows = IntStream.range(0, size).map(batch::row).toArray();
        int half = size / 2;
        write(batch.withSelection(rows, half));
        write(batch.withSelection(Arrays.copyOfRange(rows, half, size), size - half));
    }

    @Override
    void send(long sequence, Batch rows) {
        ClientCommand.Take take = new ClientCommand.Take(sequence, rows, self);
        if (isRemote) {
            if (kept.isEmpty()) {
                waitingSinceNanos = System.nanoTime();
            }
            kept.add(take);
        }
        client.tell(take);
    }

    @Override
    public void taken(long sequence) {
        super.taken(sequence);
        while (!kept.isEmpty() && kept.peek().sequence() <= sequence) {
            kept.remove();
        }
        waitsAnew();
    }

    @Override
    public void missing(long sequence) {
        taken(sequence);
        kept.forEach(client::tell);
    }

    @Override
    public void tick(long nowNanos) {
        if (!kept.isEmpty() && nowNanos - waitingSinceNanos >= probeNanos) {
            client.tell(new ClientCommand.Probe(sent(), self));
            // A client may well be busy for long.
            probeNanos = Math.min(2 * probeNanos, PROBE_NANOS_MAX);
            waitingSinceNanos = nowNanos;
        }
    }

    private void waitsAnew() {
        waitingSinceNanos = System.nanoTime();
        probeNanos = PROBE_NANOS;
    }

    /** What a client has taken it has shown. */
    @Override
    public void flush() {}
}
