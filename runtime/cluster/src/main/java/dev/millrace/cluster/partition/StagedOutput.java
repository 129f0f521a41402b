// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.message.PartitionCommand;
import dev.millrace.cluster.protocol.Releases;
import dev.millrace.cluster.settings.EpochSettings;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchCodec;
import dev.millrace.engine.connector.EpochSink;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Rows that leave exactly once: they are stored with their epoch, and released when that is durable. A shell around the
 * rules of {@link Releases}.
 */
final class StagedOutput implements Output {
    private final ActorRef<Releaser.Command> releaser;
    private final EpochSink sink;
    private final EpochSettings settings;
    private final Releases releases;
    private final long incarnation;
    private final Deque<EpochRows> unreleased;
    private List<byte[]> staged = new ArrayList<>();
    private long stagedBytes;
    private boolean opening;
    private boolean hidden;
    private long lastReleaseNanos;
    private boolean closing;
    private boolean closed;

    /**
     * @param sink what the releaser releases to
     * @param incarnation number of this start of the partition
     * @param restored what the log held
     */
    StagedOutput(
            ActorRef<Releaser.Command> releaser,
            EpochSink sink,
            EpochSettings settings,
            String partition,
            long incarnation,
            Restoring restored) {
        this.releaser = releaser;
        this.sink = sink;
        this.settings = settings;
        this.incarnation = incarnation;
        releases = new Releases(partition, restored.header().marker(), restored.epoch());
        unreleased = restored.unreleased();
        unreleased.forEach(rows -> releases.add(rows.epoch(), rows.bytes()));
        if (incarnation > 1) {
            // Somebody older may still be at it. Of a first start there is nobody, so it can wait for its first rows.
            open();
        }
    }

    private void open() {
        if (!opening) {
            opening = true;
            releaser.tell(new Releaser.Open());
        }
    }

    @Override
    public boolean isStaged() {
        return true;
    }

    @Override
    public boolean hasStaged() {
        return !staged.isEmpty();
    }

    @Override
    public boolean hasRoom() {
        return releases.hasRoom(stagedBytes, settings.outputBytes(), settings.outboxBytes());
    }

    @Override
    public void write(Batch batch) {
        // It takes a while, and the first rows can't leave before an epoch has ended after it.
        open();
        byte[] rows = BatchCodec.encode(batch);
        staged.add(rows);
        stagedBytes += rows.length;
    }

    /** What is staged becomes visible by the end of its epoch. */
    @Override
    public void flush() {}

    @Override
    public boolean mayEndEpochs() {
        return releases.mayEndEpochs(incarnation);
    }

    @Override
    public List<byte[]> endEpoch(long epoch, long watermark, boolean finished) {
        List<byte[]> rows = staged;
        releases.noted(epoch);
        if (!rows.isEmpty() || isHiddenForLong()) {
            releases.add(epoch, stagedBytes);
            unreleased.add(new EpochRows(epoch, rows));
        }
        staged = new ArrayList<>();
        stagedBytes = 0;
        return rows;
    }

    @Override
    public void durable(long epoch) {
        releases.durable(epoch);
        release();
    }

    @Override
    public void told(PartitionCommand.FromTarget news) {
        switch (news) {
            case PartitionCommand.TargetOpened target -> {
                releases.opened(target.marker());
                // What an older start had released may be hidden still, and nothing new may ever come.
                hidden = target.hidden();
                lastReleaseNanos = System.nanoTime();
                forget();
            }
            case PartitionCommand.Released released -> {
                releases.released();
                hidden = released.hidden();
                lastReleaseNanos = System.nanoTime();
                forget();
            }
            case PartitionCommand.TargetClosed _ -> closed = true;
            case PartitionCommand.OutputKept _ -> throw new IllegalStateException("no stage reads this output");
        }
        release();
    }

    private void forget() {
        while (!unreleased.isEmpty() && unreleased.getFirst().epoch() <= releases.marker()) {
            unreleased.removeFirst();
        }
    }

    private void release() {
        if (closing) {
            return;
        }
        if (!releases.isEmpty()) {
            open();
        }
        Releases.Range range = releases.next();
        if (range != null) {
            List<EpochRows> rows = unreleased.stream().filter(epoch -> epoch.epoch() <= range.to()).toList();
            releaser.tell(new Releaser.Release(range.to(), rows));
        }
    }

    @Override
    public boolean wantsEpoch() {
        return releases.wantsNote() || isHiddenForLong();
    }

    private boolean isHiddenForLong() {
        return hidden && System.nanoTime() - lastReleaseNanos >= settings.idleInterval().toNanos();
    }

    @Override
    public long marker() {
        return releases.marker();
    }

    @Override
    public long settled() {
        return releases.settled();
    }

    @Override
    public boolean finish(boolean forever) {
        if (!closing) {
            closing = true;
            releaser.tell(new Releaser.Close(forever));
        }
        return closed;
    }

    @Override
    public String problem() {
        return sink.problem();
    }

    @Override
    public void giveUp() {
        sink.giveUp();
    }

    /** The releaser closes the sink when it ends, and it ends with the partition. */
    @Override
    public void close() {}
}
