// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.reader;

import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.protocol.Routing;
import dev.millrace.cluster.protocol.Share;
import dev.millrace.engine.batch.BadRecord;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.hash.KeyHasher;
import dev.millrace.engine.plan.Exchange;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Strategy;
import dev.millrace.engine.type.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Chooses the partition of each row, and makes of a batch one selection per partition. The choice is a function of row,
 * position and plan alone.
 */
final class Router {
    private static final int RECORD_BYTES = 16;

    private final int partitions;
    private final Strategy strategy;
    private final KeyHasher hasher;
    private final long splitHash;
    private final RowBytes rowBytes = new RowBytes();
    private final int[] counts;

    /** Null if all rows travel as they are. */
    private final Combining combining;

    /**
     * A router whose rows travel as they are.
     *
     * @param exchange how rows are routed
     * @param partitions number of partitions
     * @param inputName name of the input, unique in the job
     */
    Router(Exchange exchange, int partitions, String inputName) {
        this(exchange, null, null, partitions, inputName);
    }

    /**
     * @param exchange how rows are routed
     * @param schema the columns of the rows
     * @param combinedFor the aggregation for which rows may be combined, or null
     * @param partitions number of partitions
     * @param inputName name of the input, unique in the job
     */
    Router(Exchange exchange, Schema schema, Step.Aggregate combinedFor, int partitions, String inputName) {
        this.partitions = partitions;
        strategy = exchange.keys().isEmpty() && exchange.strategy() == Strategy.SMART_REPARTITION
                ? Strategy.STICKY_PARTITION
                : exchange.strategy();
        hasher = exchange.keys().isEmpty() ? null : new KeyHasher(exchange.keys());
        splitHash = Routing.hash(inputName);
        counts = new int[partitions];
        combining = combinedFor == null ? null
                : new Combining(schema, combinedFor, exchange.preAggregation(), partitions);
    }

    /** The shares of a read whose rows travel as they are. */
    List<Share<Rows>> route(
            Batch decoded, Batch batch, List<BadRecord> bad, long[] wantedFrom, long from, Frame frame) {
        return route(decoded, batch, bad, wantedFrom, from, _ -> Receiver.IDLE, frame);
    }

    /**
     * The shares of a read.
     *
     * @param decoded all rows of the read, before filters, to be counted; null if they are counted elsewhere
     * @param batch the rows that are left
     * @param bad bad records of the same read, in any order
     * @param wantedFrom by partition the position from which on it wants rows
     * @param from where the read begins: a partition that wants nothing beyond it wants all its rows
     * @param receivers what a partition is like
     * @param frame whose memory selections come from
     */
    List<Share<Rows>> route(
            Batch decoded, Batch batch, List<BadRecord> bad, long[] wantedFrom, long from,
            IntFunction<Receiver> receivers, Frame frame) {
        Batch keyed = batch;
        int[][] selections = new int[partitions][];
        BatchArena arena = frame.arena();
        Arrays.fill(counts, 0);
        if (batch.size() > 0) {
            switch (strategy) {
                case ALWAYS_HASH, SMART_REPARTITION -> {
                    long[] hashes = arena.longs(batch.rowCount());
                    hasher.hash(batch, hashes);
                    keyed = batch.withHashes(hashes);
                    for (int partition = 0; partition < partitions; partition++) {
                        selections[partition] = arena.ints(batch.size());
                    }
                    scatter(batch, hashes, selections, counts, partitions);
                }
                case ROUND_ROBIN -> dealOut(batch, selections, arena);
                case STICKY_PARTITION -> all(batch, Routing.partition(splitHash, partitions), selections, arena);
                case FAN_IN -> all(batch, 0, selections, arena);
            }
        }
        List<List<BadRecord>> badShares = bad.isEmpty() ? null : shareBad(bad);
        rowBytes.measure(keyed);
        List<Share<Rows>> shares = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            long wanted = wantedFrom[partition];
            List<BadRecord> records = badShares == null ? List.of() : badShares.get(partition);
            int read = wanted == Long.MAX_VALUE || decoded == null ? 0 : readBy(partition, decoded, wanted);
            if (wanted == Long.MAX_VALUE || counts[partition] == 0 && records.isEmpty() && read == 0) {
                continue;
            }
            int[] selection = selections[partition];
            int count = counts[partition];
            if (wanted > from) {
                count = trim(batch.positions(), selection, count, wanted);
                records = records.stream().filter(record -> record.position() >= wanted).toList();
                if (count == 0 && records.isEmpty() && read == 0) {
                    continue;
                }
            }
            // Behind the trimming: of combined rows nothing can be left out any more.
            Combining.Combined some = combining == null ? null
                    : combining.combine(keyed, selection, count, partition, receivers.apply(partition), arena);
            Batch combined = some == null ? null : some.combined();
            if (some != null) {
                selection = some.apart();
                count = some.apartCount();
            }
            Batch share = keyed.withSelection(selection == null ? new int[0] : selection, count);
            // One share with both: a delivery may end behind any of them.
            long bytes = bytes(share, records) + (combined == null ? 0 : combining.bytes(combined));
            shares.add(new Share<>(partition, new Rows(share, combined, records, read, frame), bytes));
        }
        if (combining != null) {
            combining.end();
        }
        return shares;
    }

    /**
     * How many rows of the read a partition counts as read: blocks of positions are dealt out, so this is the same
     * however often and in whatever portions they are read.
     */
    private int readBy(int partition, Batch decoded, long wanted) {
        long[] positions = decoded.positions();
        int rows = decoded.rowCount();
        int read = 0;
        int row = first(positions, 0, rows, wanted);
        while (row < rows) {
            int next = first(positions, row, rows, (Math.floorDiv(positions[row], Routing.BLOCK) + 1) * Routing.BLOCK);
            if (Routing.roundRobin(splitHash, positions[row], partitions) == partition) {
                read += next - row;
            }
            row = next;
        }
        return read;
    }

    /** The first row from one on whose position is at or beyond another one. */
    private static int first(long[] positions, int from, int to, long position) {
        if (from == to || positions[from] >= position) {
            return from;
        }
        int found = Arrays.binarySearch(positions, from, to, position);
        return found >= 0 ? found : -found - 1;
    }

    private long bytes(Batch share, List<BadRecord> records) {
        long bytes = 1 + rowBytes.of(share);
        for (BadRecord record : records) {
            bytes += RECORD_BYTES + record.bytes().length;
        }
        return bytes;
    }

    private static void scatter(Batch batch, long[] hashes, int[][] selections, int[] counts, int partitions) {
        int[] selected = batch.selection();
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            int row = selected == null ? i : selected[i];
            int partition = Routing.partition(hashes[row], partitions);
            selections[partition][counts[partition]++] = row;
        }
    }

    /** Blocks of positions in turn: a batch seldom spans more than two. */
    private void dealOut(Batch batch, int[][] selections, BatchArena arena) {
        int size = batch.size();
        int from = 0;
        while (from < size) {
            long position = batch.positions()[batch.row(from)];
            int to = endOfBlock(batch, from, (Math.floorDiv(position, Routing.BLOCK) + 1) * Routing.BLOCK);
            int partition = Routing.roundRobin(splitHash, position, partitions);
            if (selections[partition] == null) {
                selections[partition] = arena.ints(size);
            }
            copyRows(batch, from, to, selections[partition], counts[partition]);
            counts[partition] += to - from;
            from = to;
        }
    }

    /** Of the selected rows from an index on the index of the first one at or beyond a position. */
    private static int endOfBlock(Batch batch, int from, long position) {
        int low = from;
        int high = batch.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (batch.positions()[batch.row(middle)] < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static void copyRows(Batch batch, int from, int to, int[] target, int at) {
        if (batch.selection() != null) {
            System.arraycopy(batch.selection(), from, target, at, to - from);
            return;
        }
        for (int row = from; row < to; row++) {
            target[at + row - from] = row;
        }
    }

    private void all(Batch batch, int partition, int[][] selections, BatchArena arena) {
        selections[partition] = arena.ints(batch.size());
        copyRows(batch, 0, batch.size(), selections[partition], 0);
        counts[partition] = batch.size();
    }

    private List<List<BadRecord>> shareBad(List<BadRecord> bad) {
        List<List<BadRecord>> shares = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            shares.add(new ArrayList<>());
        }
        bad.stream()
                .sorted(Comparator.comparingLong(BadRecord::position))
                .forEach(record -> shares.get(Routing.roundRobin(splitHash, record.position(), partitions))
                        .add(record));
        return shares;
    }

    /** Keeps the rows from a position on, in place. */
    private static int trim(long[] positions, int[] selection, int count, long wanted) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (positions[selection[i]] >= wanted) {
                selection[kept++] = selection[i];
            }
        }
        return kept;
    }
}
