// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package peers.flink;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;
import peers.gen.Meter;

/**
 * In-process source: subtask p of P emits the records i with i % P == p. It is a bare SourceReader that hands
 * over {@value #BURST} rows per poll, about the least a source can cost in Flink.
 */
public final class GenSource implements Source<RowData, GenSource.Slice, Set<Integer>> {
    static final int BURST = 256;
    private final String workload;
    private final long records;
    private final long rate;

    /** rate is in records per second over all subtasks; 0 is unlimited. */
    public GenSource(String workload, long records, long rate) {
        this.workload = workload;
        this.records = records;
        this.rate = rate;
    }

    /** One subtask's share of the stream and how far it has got. */
    public static final class Slice implements SourceSplit {
        final int index;
        final int of;
        long next;

        Slice(int index, int of, long next) {
            this.index = index;
            this.of = of;
            this.next = next;
        }

        @Override
        public String splitId() {
            return index + "/" + of;
        }
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SplitEnumerator<Slice, Set<Integer>> createEnumerator(SplitEnumeratorContext<Slice> context) {
        return new Slices(context, new HashSet<>());
    }

    @Override
    public SplitEnumerator<Slice, Set<Integer>> restoreEnumerator(SplitEnumeratorContext<Slice> context,
            Set<Integer> given) {
        return new Slices(context, given);
    }

    @Override
    public SourceReader<RowData, Slice> createReader(SourceReaderContext context) {
        return new Reader(RowMaker.of(workload), records, rate);
    }

    private static final class Slices implements SplitEnumerator<Slice, Set<Integer>> {
        private final SplitEnumeratorContext<Slice> context;
        private final Set<Integer> given;

        Slices(SplitEnumeratorContext<Slice> context, Set<Integer> given) {
            this.context = context;
            this.given = given;
        }

        @Override
        public void addReader(int subtask) {
            if (given.add(subtask)) {
                context.assignSplit(new Slice(subtask, context.currentParallelism(), subtask), subtask);
            }
            context.signalNoMoreSplits(subtask);
        }

        @Override
        public void start() {}

        @Override
        public void handleSplitRequest(int subtask, String host) {}

        @Override
        public void addSplitsBack(List<Slice> slices, int subtask) {
            given.remove(subtask);
        }

        @Override
        public Set<Integer> snapshotState(long checkpoint) {
            return new HashSet<>(given);
        }

        @Override
        public void close() {}
    }

    private static final class Reader implements SourceReader<RowData, Slice> {
        private final RowMaker maker;
        private final long records;
        private final long rate;
        private final CompletableFuture<Void> available = new CompletableFuture<>();
        private Slice slice;
        private boolean begun;
        private boolean half;
        private long startNanos;
        private long startAt;

        Reader(RowMaker maker, long records, long rate) {
            this.maker = maker;
            this.records = records;
            this.rate = rate;
        }

        @Override
        public InputStatus pollNext(ReaderOutput<RowData> output) {
            if (slice == null)
                return InputStatus.NOTHING_AVAILABLE;
            if (!begun) {
                begun = true;
                startNanos = Meter.current.begin();
                startAt = slice.next - slice.index;
            }
            long i = slice.next;
            long end = Math.min(records, i + (long) BURST * slice.of);
            if (rate > 0) {
                long now = System.nanoTime();
                long due = startAt + (long) ((now - startNanos) * 1e-9 * rate);
                if (i >= due) {
                    LockSupport.parkNanos(100_000);
                    return InputStatus.MORE_AVAILABLE;
                }
                end = Math.min(end, due);
            }
            for (; i < end; i += slice.of)
                output.collect(maker.row(i));
            slice.next = i;
            if (!half && i >= records / 2) {
                half = true;
                Meter.current.halfway();
            }
            return i < records ? InputStatus.MORE_AVAILABLE : InputStatus.END_OF_INPUT;
        }

        @Override
        public void addSplits(List<Slice> slices) {
            slice = slices.get(0);
            available.complete(null);
        }

        @Override
        public List<Slice> snapshotState(long checkpoint) {
            return slice == null ? Collections.emptyList() : List.of(new Slice(slice.index, slice.of, slice.next));
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return available;
        }

        @Override
        public void start() {}

        @Override
        public void notifyNoMoreSplits() {}

        @Override
        public void close() {}
    }

    @Override
    public SimpleVersionedSerializer<Slice> getSplitSerializer() {
        return new Format<>() {
            @Override
            void write(DataOutputStream out, Slice s) throws IOException {
                out.writeInt(s.index);
                out.writeInt(s.of);
                out.writeLong(s.next);
            }

            @Override
            Slice read(DataInputStream in) throws IOException {
                return new Slice(in.readInt(), in.readInt(), in.readLong());
            }
        };
    }

    @Override
    public SimpleVersionedSerializer<Set<Integer>> getEnumeratorCheckpointSerializer() {
        return new Format<>() {
            @Override
            void write(DataOutputStream out, Set<Integer> given) throws IOException {
                out.writeInt(given.size());
                for (int i : new ArrayList<>(given))
                    out.writeInt(i);
            }

            @Override
            Set<Integer> read(DataInputStream in) throws IOException {
                Set<Integer> given = new HashSet<>();
                for (int n = in.readInt(); n > 0; n--)
                    given.add(in.readInt());
                return given;
            }
        };
    }

    private abstract static class Format<T> implements SimpleVersionedSerializer<T> {
        abstract void write(DataOutputStream out, T value) throws IOException;

        abstract T read(DataInputStream in) throws IOException;

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(T value) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            write(new DataOutputStream(bytes), value);
            return bytes.toByteArray();
        }

        @Override
        public T deserialize(int version, byte[] bytes) throws IOException {
            return read(new DataInputStream(new ByteArrayInputStream(bytes)));
        }
    }
}
