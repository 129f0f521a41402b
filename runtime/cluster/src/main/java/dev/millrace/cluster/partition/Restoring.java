// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.cluster.protocol.OutputEpoch;
import dev.millrace.engine.operator.Pipeline;
import dev.millrace.engine.state.StateReader;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/** A partition on its way back from its log: takes the epochs in order. */
final class Restoring {
    private final Pipeline pipeline;
    private final Deque<EpochRows> unreleased = new ArrayDeque<>();
    private final Deque<OutputEpoch<List<byte[]>>> unread = new ArrayDeque<>();
    private EpochHeader header = EpochHeader.EMPTY;
    private long epoch;
    private int epochs;
    private long bytes;

    /** @param pipeline the operators, new */
    Restoring(Pipeline pipeline) {
        this.pipeline = pipeline;
    }

    /** Takes the next epoch. */
    void take(EpochCommitted event) {
        header = EpochHeader.read(event.header());
        pipeline.restorePortion(new StateReader(Arrays.asList(event.state())));
        epoch = event.epoch();
        epochs++;
        bytes += event.stateBytes();
        while (!unreleased.isEmpty() && unreleased.getFirst().epoch() <= header.marker()) {
            unreleased.removeFirst();
        }
        while (!unread.isEmpty() && unread.getFirst().epoch() <= header.marker()) {
            unread.removeFirst();
        }
        EpochRows rows = new EpochRows(event.epoch(), Arrays.asList(event.outbox()));
        if (!header.outputFrom().equals(header.outputTo())) {
            unread.add(new OutputEpoch<>(
                    event.epoch(), header.outputFrom(), header.outputTo(), rows.batches(), rows.bytes()));
        } else if (event.outbox().length > 0) {
            unreleased.add(rows);
        }
    }

    /** There are no more epochs. */
    void end() {
        if (epoch > 0) {
            pipeline.restored();
        }
    }

    Pipeline pipeline() {
        return pipeline;
    }

    /** What the last epoch says. */
    EpochHeader header() {
        return header;
    }

    /** The rows of epochs that the log does not know to be in the target. */
    Deque<EpochRows> unreleased() {
        return unreleased;
    }

    /** What the log does not know that all stages behind have made durable. */
    Deque<OutputEpoch<List<byte[]>>> unread() {
        return unread;
    }

    /** The last epoch, 0 if there is none. */
    long epoch() {
        return epoch;
    }

    /** Epochs that the log held. */
    int epochs() {
        return epochs;
    }

    /** Bytes of the state in them. */
    long bytes() {
        return bytes;
    }
}
