// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.checkpointing.EpochCommitted;
import dev.millrace.cluster.context.NodeContext;
import dev.millrace.cluster.message.Counters;
import dev.millrace.cluster.message.JobId;
import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.message.PartitionSpec;
import dev.millrace.cluster.message.ReaderCommand;
import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Announcement;
import dev.millrace.cluster.protocol.Answer;
import dev.millrace.cluster.protocol.Delivery;
import dev.millrace.cluster.protocol.EpochTimes;
import dev.millrace.cluster.protocol.Greeting;
import dev.millrace.cluster.protocol.InputDecision;
import dev.millrace.cluster.protocol.InputVector;
import dev.millrace.cluster.protocol.Kept;
import dev.millrace.cluster.protocol.PartitionInputs;
import dev.millrace.cluster.protocol.Probe;
import dev.millrace.cluster.protocol.Releases;
import dev.millrace.cluster.protocol.RowRange;
import dev.millrace.cluster.protocol.SavepointCut;
import dev.millrace.cluster.protocol.SplitList;
import dev.millrace.cluster.protocol.ToReader;
import dev.millrace.cluster.protocol.Window;
import dev.millrace.cluster.settings.JobOptions;
import dev.millrace.cluster.status.HotKey;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.operator.CombinedRows;
import dev.millrace.engine.operator.Pipeline;
import dev.millrace.engine.plan.Input;
import dev.millrace.engine.plan.SourceInput;
import dev.millrace.engine.plan.StageInput;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Target;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Schema;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * A partition at work: a thin shell around the rules of its inputs and the operators.
 *
 * <p>Deliveries are taken into a queue that the lanes' windows bound, and applied one after the other while the output
 * has room. It never waits: when the output is full it goes on when something has left. A delivery is applied whole
 * before an epoch may end, so that positions and state always belong together.
 */
final class RunningPartition {
    private static final int ANNOUNCE_DELAY_TICKS_MAX = 64;
    /** However rarely checkpoints are wanted, a log is not to have many more epochs. */
    private static final int EPOCHS_PER_INTERVAL_MAX = 32;
    /** A partition that is to stop waits so long for its target to take the last rows. */
    private static final Duration RELEASE_WAIT = Duration.ofSeconds(5);

    private record EndedInputs(long epoch, InputVector inputs) {}

    private final ActorRef<PartitionCommand> self;
    private final NodeContext node;
    private final PartitionSpec spec;
    private final PartitionInputs<Rows> inputs;
    private final Pipeline pipeline;
    private final Output output;
    private final BadRows badRows;
    private final Epochs epochs;
    private final CarefulRows careful;
    private final HotKeys hotKeys;

    /** The columns of combined rows; null if none come. */
    private final Schema combinedColumns;

    /** By input the reader that acks go to; rows may have come from one before it. */
    private final Map<String, ActorRef<ReaderCommand>> served = new HashMap<>();

    private final ArrayDeque<InputDecision.Take<Rows>> queue = new ArrayDeque<>();
    private InputDecision.Take<Rows> current;
    private int nextFrame;
    private Batch lastBatch;

    /** Those of the frame that is being applied, until the rows beside them have been. */
    private Batch combinedRows;

    // Told anew after a restore: an operator ignores what it knows, and what it missed would never come again.
    private long toldWatermark = Long.MIN_VALUE;
    private long rowsRead;
    private long rowsWritten;
    private boolean finished;
    /** Whether the epoch has ended with which it finished: what comes of it is not to be seen before. */
    private boolean finishEnded;
    private boolean finishNoted;
    /** The last marker of the target that the log holds. */
    private long notedMarker;
    /** Whether it has taken something of its readers, or would if they had something. */
    private boolean atWork;
    private boolean changesDue;
    private boolean stopping;
    private boolean lastEpochEnded;
    private long stopDeadlineNanos;
    private Freezing freezing = Freezing.NONE;
    /** The savepoint for which the output was ended last. */
    private String drainedFor = "";
    /** Where the inputs stood when epochs ended that are not durable. */
    private final ArrayDeque<EndedInputs> endedInputs = new ArrayDeque<>();
    /** Where the inputs stood when the last durable epoch ended. */
    private InputVector durableInputs;
    private int announceDelayTicks = 1;
    private int ticksToAnnounce;
    /** The epoch with whose end all rows at which the partition broke down are behind it. */
    private long healedEpoch = Long.MAX_VALUE;

    /**
     * @param keeper who stores epochs, or null if nothing is stored
     * @param incarnation number of this start of the partition
     * @param restored what the log held
     */
    RunningPartition(
            ActorContext<PartitionCommand> context,
            NodeContext node,
            PartitionSpec spec,
            ActorRef<Object> keeper,
            long incarnation,
            Restoring restored) {
        this.self = context.getSelf();
        this.node = node;
        this.spec = spec;
        pipeline = restored.pipeline();
        badRows = new BadRows(spec, node, self);
        careful = new CarefulRows(spec.breakdowns());
        hotKeys = new HotKeys(spec.stage());
        Step.Aggregate combinedFor = spec.stage().combinedFor();
        combinedColumns = combinedFor == null ? null
                : new CombinedRows(spec.stage().inputs().getFirst().sent(), combinedFor).schema();
        EpochHeader header = restored.header();
        rowsRead = header.rowsRead();
        rowsWritten = header.rowsWritten();
        badRows.restore(header.badRecords());
        finished = header.finished();
        finishEnded = finished;
        notedMarker = header.marker();
        output = Output.open(context, node, spec, incarnation, restored);
        epochs = new Epochs(
                keeper, node.chunks(), node.epochs(), epochTimes(spec),
                spec.stateless() && feedsStages(spec), epochsPerInterval(), incarnation, restored,
                output::mayEndEpochs);
        inputs = new PartitionInputs<>(spec.index(), incarnation, header.inputs(), window(node, spec.splits()));
        inputs.splits(spec.splits());
        durableInputs = header.inputs();
        announce();
    }

    private static EpochTimes epochTimes(PartitionSpec spec) {
        return new EpochTimes(
                JobOptions.checkpointInterval(spec.options()).toNanos(), spec.job().hashCode() + spec.stage().index(),
                spec.index());
    }

    /** How many epochs may end in an interval, because the next stage waits for them. */
    private int epochsPerInterval() {
        long interval = JobOptions.checkpointInterval(spec.options()).toMillis();
        long exchange = Math.max(1, node.epochs().exchangeInterval().toMillis());
        return feedsStages(spec) ? Math.clamp(interval / exchange, 1, EPOCHS_PER_INTERVAL_MAX) : 1;
    }

    /** Whether later stages read the output of a partition. */
    static boolean feedsStages(PartitionSpec spec) {
        return spec.target() instanceof Target.Stages;
    }

    /** The operators of a partition, new. */
    static Pipeline pipeline(PartitionSpec spec) {
        Input input = spec.stage().inputs().getFirst();
        return Pipeline.of(
                input.sent(),
                spec.stage().steps(),
                JobOptions.pipeline(spec.options())
                        .withHashedColumns(input.exchange().keys())
                        .withPartition(spec.index()));
    }

    private static Window window(NodeContext node, SplitList splits) {
        return Window.share(node.lanes().partitionBytesMax(), splits.splits().size());
    }

    /** Tells the readers, again and again until they speak to this incarnation: nobody else tells them of it. */
    private void announce() {
        for (Announcement announcement : inputs.announcements()) {
            announce(announcement);
        }
        announceDelayTicks = Math.min(announceDelayTicks * 2, ANNOUNCE_DELAY_TICKS_MAX);
        ticksToAnnounce = announceDelayTicks;
    }

    private void announce(Announcement announcement) {
        String input = announcement.input();
        switch (spec.input(input)) {
            case SourceInput _ -> node.entities().reader(spec.job(), input)
                    .tell(new ReaderCommand.FromPartition(announcement, spec.stage().index(), self));
            case StageInput before -> node.entities().partition(spec.job(), before.stage(), JobId.split(input))
                    .tell(new PartitionCommand.FromNextStage(announcement, spec.stage().index(), self));
        }
    }

    /** A partition that reads the output is there. */
    void onNextStage(PartitionCommand.FromNextStage announcement) {
        output.announced(announcement);
    }

    void onReader(PartitionCommand.FromReader from) {
        switch (from.message()) {
            case Greeting<Rows> greeting -> {
                answer(from.reader(), inputs.greeted(greeting));
                tellKept(greeting.input(), durableInputs);
            }
            case Probe<Rows> probe -> answer(from.reader(), inputs.probed(probe));
            case Delivery<Rows> delivery -> {
                switch (inputs.offered(delivery)) {
                    case InputDecision.Take<Rows> take -> queue.add(take);
                    case InputDecision.Drop<Rows> drop ->
                            drop.reply().ifPresent(answer -> reply(from.reader(), answer));
                }
                proceed();
            }
        }
    }

    /** A reader that gets an answer, and not word of a newer one, is the one to be served. */
    private void answer(ActorRef<ReaderCommand> reader, ToReader message) {
        if (message instanceof Answer) {
            served.put(message.input(), reader);
        }
        reply(reader, message);
    }

    private void reply(ActorRef<ReaderCommand> reader, ToReader message) {
        reader.tell(new ReaderCommand.FromPartition(message, spec.stage().index(), self));
    }

    void onOutputTaken(long sequence) {
        output.taken(sequence);
        proceed();
    }

    void onOutputMissing(long sequence) {
        output.missing(sequence);
        proceed();
    }

    void onDeadLettersWritten(int records) {
        badRows.written(records);
        proceed();
    }

    void onKept(long epoch) {
        epochs.kept(epoch);
        output.durable(epoch);
        settle();
        while (!endedInputs.isEmpty() && endedInputs.getFirst().epoch() <= epoch) {
            durableInputs = endedInputs.removeFirst().inputs();
        }
        durableInputs.inputs().forEach(entry -> tellKept(entry.input(), durableInputs));
        hurryForNextStage(System.nanoTime());
        proceed();
    }

    /** Tells who gives the output of an earlier stage what of it is durable here. */
    private void tellKept(String input, InputVector durable) {
        ActorRef<ReaderCommand> reader = served.get(input);
        if (reader != null && spec.input(input) instanceof StageInput) {
            durable.inputs().stream()
                    .filter(entry -> entry.input().equals(input))
                    .forEach(entry -> reply(
                            reader, new Kept(input, spec.index(), entry.standing().position())));
        }
    }

    private void hurryForNextStage(long nowNanos) {
        if (output.wantsEpochSoon(pipeline.outputWatermark())) {
            epochs.soon(nowNanos);
        }
    }

    void onTarget(PartitionCommand.FromTarget news) {
        output.told(news);
        settle();
        proceed();
    }

    /** Tells the keeper of which epochs nothing has to leave any more: it need not keep their rows. */
    private void settle() {
        epochs.settled(Math.min(output.settled(), epochs.durable()));
    }

    void onTick(long nowNanos) {
        epochs.tick(nowNanos, output.wantsEpoch());
        hurryForNextStage(nowNanos);
        atWork |= finished || served.size() >= spec.splits().splits().size();
        output.tick(nowNanos);
        // State gets old while nothing comes, too.
        pipeline.clock(System.currentTimeMillis());
        if (--ticksToAnnounce == 0) {
            announce();
        }
        proceed();
    }

    /** It is time to show the changes that the operators have gathered. */
    void showChanges() {
        changesDue = true;
        proceed();
    }

    /** Nothing more is taken: what was begun is applied and shown, and a last epoch ends. May be repeated. */
    void prepareStop() {
        if (!stopping) {
            stopping = true;
            // Set once: whoever asks again and again would never see the end of it.
            stopDeadlineNanos = System.nanoTime() + RELEASE_WAIT.toNanos();
            changesDue = true;
        }
        proceed();
    }

    /** Applies what was taken, as far as the output has room; then ends an epoch where that is due. */
    void proceed() {
        while (drain()) {
            takeErrors();
            if (careful.hasNext()) {
                careful.giveNext(pipeline);
            } else if (combinedRows != null) {
                pipeline.addCombined(combinedRows);
                combinedRows = null;
            } else if (current != null && nextFrame < current.delivery().frames().size()) {
                apply(current.delivery().frames().get(nextFrame++));
            } else if (current != null) {
                endDelivery();
            } else if (inputs.watermark() > toldWatermark) {
                toldWatermark = inputs.watermark();
                pipeline.advanceTo(toldWatermark);
            } else if (changesDue) {
                changesDue = false;
                pipeline.showChanges();
            } else if (epochs.isDue()) {
                endEpoch();
            } else if (!queue.isEmpty() && !stopping) {
                current = queue.poll();
                nextFrame = 0;
                pipeline.clock(System.currentTimeMillis());
            } else if (inputs.isFinished() && !finished && !stopping) {
                // The end of the input shows everything, as the end of an epoch does.
                output.flush();
                finished = true;
                epochs.hurry();
            } else if (stopping && !lastEpochEnded && epochs.mayEnd()) {
                lastEpochEnded = true;
                endEpoch();
            } else if ((lastEpochEnded || finishEnded) && isSettled() && output.marker() > notedMarker
                    && epochs.mayEnd()) {
                // So that the next start, maybe after the target has forgotten its marker, knows that nothing waits.
                endEpoch();
            } else {
                break;
            }
        }
        if (epochs.isWaiting() && hasLeft(epochs.outputNumber(), epochs.badNumber())) {
            epochs.keep();
        }
    }

    private void endDelivery() {
        boolean rows = !current.delivery().frames().isEmpty();
        atWork = true;
        lastBatch = null;
        careful.done();
        reply(served.get(current.delivery().input()), inputs.applied(current));
        current = null;
        if (rows) {
            epochs.changed();
        } else {
            epochs.progressed();
        }
    }

    /** Whether its readers serve it. */
    boolean isAtWork() {
        return atWork;
    }

    /** Whether all that has ended is durable and has left. */
    private boolean isSettled() {
        return epochs.isDurable() && output.settled() >= epochs.ended();
    }

    private void apply(Rows rows) {
        badRows.add(current.delivery().input(), rows.badRecords());
        String input = current.delivery().input();
        lastBatch = rows.batch();
        rowsRead += rows.decoded();
        hotKeys.take(rows);
        pipeline.from(input);
        if (careful.concern(range(current.delivery()))) {
            badRows.add(input, careful.take(input, lastBatch, false, spec.input(input).sent()));
            if (rows.combined() != null) {
                badRows.add(input, careful.take(input, rows.combined(), true, combinedColumns));
            }
        } else if (rows.combined() == null) {
            pipeline.add(lastBatch);
        } else if (lastBatch.size() > 0) {
            pipeline.add(lastBatch);
            combinedRows = rows.combined();
        } else {
            pipeline.addCombined(rows.combined());
        }
    }

    private static RowRange range(Delivery<Rows> delivery) {
        return new RowRange(delivery.input(), delivery.from(), delivery.to());
    }

    /** The rows that are being applied, as exactly as that is known, or null if none are. */
    RowRange underWay() {
        if (current == null) {
            return null;
        }
        return careful.underWay() == null ? range(current.delivery()) : careful.underWay();
    }

    /** True once, when all rows at which the partition broke down lie before a durable epoch. */
    boolean becameHealed() {
        boolean healed = epochs.durable() >= healedEpoch;
        if (healed) {
            healedEpoch = Long.MAX_VALUE;
        }
        return healed;
    }

    /** Moves results from the operators to the output; false if the output or the dead letters are full. */
    private boolean drain() {
        while (mayWrite() && badRows.hasRoom()) {
            Batch batch = pipeline.poll();
            if (batch == null) {
                return true;
            }
            rowsWritten += batch.size();
            output.write(batch);
            epochs.changed();
        }
        return false;
    }

    /** Whether there is room for a batch of results; where they leave by epochs it is made by ending one. */
    private boolean mayWrite() {
        if (output.hasRoom()) {
            return true;
        }
        if (!output.isStaged()) {
            return false;
        }
        boolean last = stopping && !lastEpochEnded;
        // Nothing staged, nothing gained: then the target is what everything waits for.
        if (current == null && epochs.mayEnd() && (output.hasStaged() || epochs.isDue() || last)) {
            takeErrors();
            lastEpochEnded |= last;
            endEpoch();
        }
        return current != null || output.hasRoom();
    }

    /** Rows that failed in the operators; those of a batch are looked up in it, those of a closing window have none. */
    private void takeErrors() {
        if (!pipeline.errors().isEmpty()) {
            String input = current != null
                    ? current.delivery().input()
                    : spec.inputPrefixes().getFirst();
            badRows.addErrors(input, pipeline.errors(), lastBatch);
        }
    }

    private void endEpoch() {
        output.flush();
        List<byte[]> rows = output.endEpoch(epochs.ended() + 1, pipeline.outputWatermark(), finished);
        EpochHeader header = header(output.marker());
        notedMarker = header.marker();
        finishEnded = finished;
        epochs.end(header, pipeline, rows, output.sent(), badRows.sent());
        if (epochs.areUnstored()) {
            output.durable(epochs.durable());
        } else {
            endedInputs.add(new EndedInputs(epochs.ended(), header.inputs()));
        }
        if (!careful.isNone() && healedEpoch == Long.MAX_VALUE && careful.breakdowns().areBehind(header.inputs())) {
            healedEpoch = epochs.ended();
        }
    }

    /** What stands beside the state of this moment. */
    private EpochHeader header(long marker) {
        return new EpochHeader(
                inputs.vector(), marker, output.from(), output.to(), rowsRead, rowsWritten, badRows.count(), finished);
    }

    /** Whether the output and the bad records up to these numbers are where they belong. */
    private boolean hasLeft(long outputNumber, long badNumber) {
        return output.taken() >= outputNumber && badRows.written() >= badNumber;
    }

    /** Whether all inputs have ended and all results have left. */
    boolean isFinished() {
        return finished && hasLeft(output.sent(), badRows.sent())
                && (!output.isStaged() || finishEnded && closeTarget(true));
    }

    /**
     * Closes the target when all has left and the log knows it.
     *
     * @param forever whether no other start of the partition will need it
     * @return true when that is done
     */
    private boolean closeTarget(boolean forever) {
        return isSettled() && output.marker() <= notedMarker && output.finish(forever);
    }

    /** True once, when it is finished. */
    boolean becameFinished() {
        boolean now = !finishNoted && isFinished();
        finishNoted |= now;
        return now;
    }

    /**
     * Whether the last epoch is durable and its rows have left; a target that doesn't take them is not waited for very
     * long, since the log keeps them. If it didn't even tell its marker, there is no last epoch: the next start reads
     * again.
     */
    boolean isReadyToStop() {
        boolean waitedLong = System.nanoTime() - stopDeadlineNanos >= 0;
        if (!lastEpochEnded && !output.mayEndEpochs()) {
            return waitedLong;
        }
        if (!lastEpochEnded || epochs.isWaiting() || !epochs.isDurable()) {
            return false;
        }
        return waitedLong || output.mayLeaveLater() || closeTarget(finished);
    }

    /**
     * Gives all that there is up to a cut of the inputs to the next stages, one step each time that it is asked: ends an
     * epoch at the cut; when that is durable, the output says where it stands.
     */
    void drainTo(PartitionCommand.Drain drain) {
        boolean isAtCut = SavepointCut.isAt(drain.cut(), inputs.vector());
        if (!drainedFor.equals(drain.savepoint())) {
            // What is coalesced belongs to the time before.
            changesDue = true;
            proceed();
            if (isAtRest() && isAtCut && epochs.mayEnd()) {
                endEpoch();
                drainedFor = drain.savepoint();
                proceed();
            }
        } else if (isAtRest() && isAtCut && epochs.isDurable()) {
            output.sayWhenRead(drain.job());
        }
    }

    /**
     * Takes part in a savepoint, one step each time that it is asked: ends an epoch at the cut; when all that was given has
     * left, copies the state. The inputs give nothing meanwhile.
     *
     * @return the copy, once; else null
     */
    EpochCommitted freeze(PartitionCommand.Freeze freeze) {
        if (!freezing.savepoint().equals(freeze.savepoint())) {
            // What is coalesced belongs to the time before.
            changesDue = true;
            proceed();
            if (isAtRest() && SavepointCut.isAt(freeze.cut(), inputs.vector()) && epochs.mayEnd()) {
                endEpoch();
                freezing = new Freezing(freeze.savepoint(), false, false, 0);
                proceed();
            }
            return null;
        }
        // It may have gone on since: a reader that has started again doesn't know that it is held.
        boolean isAtCut = SavepointCut.isAt(freeze.cut(), inputs.vector());
        if (freezing.copied() || !isSettled() || !isAtRest() || !isAtCut) {
            return null;
        }
        StateWriter out = new StateWriter();
        pipeline.save(out);
        EpochCommitted copy = new EpochCommitted(
                1, 1, true, true, header(Releases.UNKNOWN).toByteArray(), out.finish().toArray(byte[][]::new),
                new byte[0][]);
        freezing = new Freezing(freezing.savepoint(), true, false, copy.stateBytes());
        return copy;
    }

    /** Whether all that was taken is applied, and its output and bad records are where they belong. */
    private boolean isAtRest() {
        return current == null && queue.isEmpty() && !careful.hasNext() && inputs.watermark() <= toldWatermark
                && drain() && !epochs.isWaiting() && hasLeft(output.sent(), badRows.sent());
    }

    void copyStored(String savepoint) {
        if (freezing.savepoint().equals(savepoint)) {
            freezing = new Freezing(savepoint, true, true, freezing.bytes());
        }
    }

    Freezing freezing() {
        return freezing;
    }

    /** The job has found new splits; a list that is known changes nothing. */
    void onSplits(SplitList splits) {
        if (inputs.splits(splits)) {
            for (Answer answer : inputs.resize(window(node, splits))) {
                reply(served.get(answer.input()), answer);
            }
            announceDelayTicks = 1;
            announce();
            proceed();
        }
    }

    /** The last epoch that is durable. */
    long epoch() {
        return epochs.durable();
    }

    long watermark() {
        return inputs.watermark();
    }

    /** The input that holds the watermark, as people know it, or null. */
    String slowestInput() {
        String input = inputs.slowestInput();
        return input == null ? null : switch (spec.input(input)) {
            case SourceInput source -> source.table().name() + " split " + JobId.split(input);
            case StageInput before -> "partition " + before.stage() + "/" + JobId.split(input);
        };
    }

    List<HotKey> hotKeys() {
        return hotKeys.list();
    }

    Counters counters() {
        return new Counters(
                rowsRead, feedsStages(spec) ? 0 : rowsWritten, badRows.count(), pipeline.metrics().lateRows(),
                pipeline.metrics().rowsOfClosedWindows(), pipeline.metrics().forgottenRows(), pipeline.stateBytes());
    }

    /** What keeps the output from leaving for now, or null when all is well. */
    String problem() {
        return output.problem();
    }

    /** Output that has not left by now is not waited for. */
    void giveUp() {
        output.giveUp();
    }

    void close() {
        output.close();
        pipeline.close();
    }
}
