// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.message.JobCommand;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.StageBranch;
import dev.millrace.cluster.protocol.OutputEpochs;
import dev.millrace.cluster.protocol.Standing;
import dev.millrace.cluster.settings.EpochSettings;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchCodec;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.plan.StageInput;
import dev.millrace.engine.plan.TimeColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Rows that later stages read: they are stored with their epoch, and given to the reader of the output when that is
 * durable. A shell around the rules of {@link OutputEpochs}.
 */
final class StageOutput implements Output {
    private final ActorRef<ReaderCommand> reader;
    private final List<StageInput> inputs;
    private final EpochSettings settings;
    private final OutputEpochs<List<byte[]>> epochs;
    private Standing from;
    private List<byte[]> staged = new ArrayList<>();
    private int stagedRows;
    private long stagedBytes;

    /**
     * @param reader who reads it for the stages behind
     * @param branches these stages
     * @param restored what the log held
     */
    StageOutput(
            ActorRef<ReaderCommand> reader, List<StageBranch> branches, EpochSettings settings, Restoring restored) {
        this.reader = reader;
        this.settings = settings;
        inputs = branches.stream().map(StageBranch::input).filter(input -> input.time() != null).toList();
        EpochHeader header = restored.header();
        epochs = new OutputEpochs<>(header.outputTo(), Math.max(header.marker(), 0), restored.epoch());
        restored.unread().forEach(epochs::restore);
        from = epochs.to();
        give();
    }

    private void give() {
        epochs.take().forEach(epoch -> reader.tell(new ReaderCommand.Offer(epoch)));
    }

    @Override
    public boolean isStaged() {
        return true;
    }

    @Override
    public boolean hasStaged() {
        return stagedRows > 0;
    }

    @Override
    public boolean hasRoom() {
        return epochs.hasRoom(stagedBytes, settings.outputBytes(), settings.outboxBytes());
    }

    @Override
    public void write(Batch batch) {
        inputs.forEach(input -> requireNotLate(batch, input));
        // They get positions of their own; hashes are of other keys, and nothing is late behind the first stage.
        byte[] rows = BatchCodec.encode(new Batch(
                batch.columns(), batch.rowCount(), batch.selection(), batch.size(), null, batch.kinds(), null, null));
        staged.add(rows);
        stagedRows += batch.size();
        stagedBytes += rows.length;
    }

    private void requireNotLate(Batch batch, StageInput input) {
        long watermark = epochs.to().watermark();
        if (watermark == Long.MIN_VALUE) {
            return;
        }
        TimeColumn time = input.time();
        LongVector values = (LongVector) batch.column(time.column());
        long unitsPerMilli = input.sent().type(time.column()).unitsPerSecond() / 1_000;
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            if (!values.isNull(row)
                    && Math.floorDiv(values.get(row), unitsPerMilli) <= watermark - time.behindMillis()) {
                throw new IllegalStateException("a row of time " + values.get(row) + " behind the watermark "
                        + watermark + " that the next stage was told");
            }
        }
    }

    /** What is staged travels when its epoch is durable. */
    @Override
    public void flush() {}

    @Override
    public List<byte[]> endEpoch(long epoch, long watermark, boolean finished) {
        List<byte[]> rows = staged;
        from = epochs.end(epoch, rows, stagedRows, stagedBytes, finished ? Long.MAX_VALUE : watermark, finished).from();
        staged = new ArrayList<>();
        stagedRows = 0;
        stagedBytes = 0;
        return rows;
    }

    @Override
    public Standing from() {
        return from;
    }

    @Override
    public Standing to() {
        return epochs.to();
    }

    @Override
    public void durable(long epoch) {
        epochs.durable(epoch);
        give();
    }

    @Override
    public boolean wantsEpochSoon(long watermark) {
        return stagedRows > 0 || watermark > epochs.to().watermark();
    }

    @Override
    public void told(PartitionCommand.FromTarget news) {
        if (!(news instanceof PartitionCommand.OutputKept kept)) {
            throw new IllegalStateException("no target is there to say " + news);
        }
        epochs.released(kept.epoch());
    }

    @Override
    public void announced(PartitionCommand.FromNextStage announcement) {
        reader.tell(new ReaderCommand.FromPartition(
                announcement.message(), announcement.stage(), announcement.partition()));
    }

    @Override
    public void sayWhenRead(ActorRef<JobCommand> job) {
        reader.tell(new ReaderCommand.Hold(job));
    }

    @Override
    public long marker() {
        return epochs.released();
    }

    @Override
    public long settled() {
        return epochs.settled();
    }

    /** The log keeps what has not been read, and the next start offers it again. */
    @Override
    public boolean mayLeaveLater() {
        return true;
    }

    /** The reader ends with the partition. */
    @Override
    public void close() {}
}
