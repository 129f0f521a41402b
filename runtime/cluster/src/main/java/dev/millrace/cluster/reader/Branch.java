// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.cluster.deadletter.RowText;
import dev.millrace.cluster.message.ReaderBranch;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Share;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.RowErrors;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.operator.RowSteps;
import dev.millrace.engine.plan.SourceInput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/** One of the stages that a reader feeds: its columns, its steps before the exchange, its router and its lanes. */
final class Branch {
    private final SourceInput source;
    private final int stage;
    private final int firstLane;
    private final int partitions;
    private final boolean leads;
    /** By column of the branch its index in what the reader decodes. */
    private final int[] columns;

    private final RowSteps steps;
    private final Router router;

    /**
     * @param branch the stage
     * @param firstLane number of the lane to the stage's partition 0
     * @param leads whether this branch counts the rows that are read and takes the records that can't be decoded
     * @param decoded indexes in the table of the columns that the reader decodes
     * @param inputName name of the input in the protocol
     */
    Branch(ReaderBranch branch, int firstLane, boolean leads, List<Integer> decoded, String inputName) {
        this.source = branch.source();
        this.stage = branch.stage();
        this.firstLane = firstLane;
        this.partitions = branch.partitions();
        this.leads = leads;
        columns = source.columns().stream().mapToInt(decoded::indexOf).toArray();
        steps = RowSteps.of(source.steps());
        router = new Router(source.exchange(), source.sent(), branch.combinedFor(), partitions, inputName);
    }

    int stage() {
        return stage;
    }

    SourceInput source() {
        return source;
    }

    /** Whether the branch takes only rows with a time. */
    boolean isTimed() {
        return source.eventTime() != null;
    }

    /** Number of partitions of the stage. */
    int partitions() {
        return partitions;
    }

    /** Whether a lane leads to this stage. */
    boolean owns(int lane) {
        return lane >= firstLane && lane < firstLane + partitions;
    }

    /** The lane to a partition of the stage. */
    int lane(int partition) {
        return firstLane + partition;
    }

    /** The partition of the stage that a lane leads to. */
    int partition(int lane) {
        return lane - firstLane;
    }

    /** The columns of the branch out of those that the reader has decoded. */
    Batch view(Batch decoded) {
        Vector[] vectors = new Vector[columns.length];
        for (int i = 0; i < columns.length; i++) {
            vectors[i] = decoded.column(columns[i]);
        }
        return decoded.withColumns(vectors);
    }

    /**
     * The shares of a read for the stage's lanes.
     *
     * @param decoded all rows of the read
     * @param rows those of them that the branch takes, with the watermarks before them where they matter
     * @param bad records of the read that go to the dead letters through this branch
     * @param wantedFrom by lane of the reader the position from which on it wants rows
     * @param from where the read begins
     * @param receivers what the partition at the end of a lane of the reader is like
     * @param frame whose memory is used
     */
    List<Share<Rows>> route(
            Batch decoded, Batch rows, List<BadRecord> bad, long[] wantedFrom, long from,
            IntFunction<Receiver> receivers, Frame frame) {
        RowErrors errors = new RowErrors();
        Batch stepped = steps.apply(view(rows), frame.arena(), errors);
        List<BadRecord> all = new ArrayList<>(bad);
        for (RowErrors.RowError error : errors.take()) {
            byte[] text = RowText.of(view(decoded), error.position(), source.decoded());
            all.add(new BadRecord(error.position(), text, error.code(), error.reason()));
        }
        long[] wanted = Arrays.copyOfRange(wantedFrom, firstLane, firstLane + partitions);
        List<Share<Rows>> shares = new ArrayList<>();
        for (Share<Rows> share : router.route(
                leads ? decoded : null, stepped, all, wanted, from, partition -> receivers.apply(lane(partition)),
                frame)) {
            shares.add(new Share<>(lane(share.partition()), share.rows(), share.bytes()));
        }
        return shares;
    }
}
