// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.partition;

import dev.millrace.cluster.message.Rows;
import dev.millrace.cluster.status.HotKey;
import dev.millrace.connectors.text.JsonRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.operator.CombinedRows;
import dev.millrace.engine.plan.Input;
import dev.millrace.engine.plan.Stage;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Schema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Finds the keys that have many of the recent rows of a partition: a few counters in the manner of Misra and Gries, over
 * the rows of some batches. What is found is a little less than what is there: at most one row of {@link #COUNTERS} is
 * missing. Keys are told apart by their hashes.
 */
final class HotKeys {
    /** A key with a smaller share of the rows is not hot. */
    static final double SHARE_MIN = 0.1;

    /** A key with more than one row of so many is among those that are counted. */
    static final int COUNTERS = 32;

    /** Of so many rows one is looked at. */
    static final int ROWS_PER_LOOK = 512;

    /** When so many rows are counted all counts are halved. */
    static final long RECENT_ROWS = 1 << 17;

    /** A longer key is cut off. */
    static final int KEY_CHARACTERS_MAX = 100;

    private static final int UNKNOWN = -1;

    /** Indexes of the key columns among those sent; empty if rows have no key. */
    private final int[] keys;

    /** The same among those of combined rows; null if none come. */
    private final int[] combinedKeys;

    private final int combinedRows;
    private final JsonRowFormat format;

    private final long[] hashes = new long[COUNTERS];
    private final long[] counts = new long[COUNTERS];
    private final String[] texts = new String[COUNTERS];

    /** The last row of each key in the batch that is looked at. */
    private final int[] rows = new int[COUNTERS];

    private long counted;
    private long seen;
    private long looked;

    HotKeys(Stage stage) {
        Input input = stage.inputs().getFirst();
        List<Integer> routedBy = input.exchange().keys();
        keys = routedBy.stream().mapToInt(Integer::intValue).toArray();
        Step.Aggregate combinedFor = stage.combinedFor();
        combinedKeys = combinedFor == null ? null
                : routedBy.stream().mapToInt(key -> combinedFor.keys().indexOf(key)).toArray();
        combinedRows = combinedFor == null ? UNKNOWN : new CombinedRows(input.sent(), combinedFor).rows();
        Schema columns = input.sent().select(keys);
        format = new JsonRowFormat(columns);
    }

    /** Takes notice of rows. */
    void take(Rows frame) {
        if (keys.length == 0) {
            return;
        }
        if (frame.batch().hashes() != null) {
            take(frame.batch(), keys, null);
        }
        Batch combined = frame.combined();
        if (combined != null && combined.hashes() != null) {
            take(combined, combinedKeys, ((LongVector) combined.column(combinedRows)).values());
        }
    }

    /** @param standFor how many rows each row stands for; null if it is one */
    private void take(Batch batch, int[] columns, long[] standFor) {
        seen += batch.size();
        if (looked * ROWS_PER_LOOK > seen) {
            return;
        }
        looked += batch.size();
        Arrays.fill(rows, UNKNOWN);
        int last = 0;
        for (int i = 0; i < batch.size(); i++) {
            int row = batch.row(i);
            long weight = standFor == null ? 1 : standFor[row];
            counted += weight;
            last = count(batch.hashes()[row], weight, row, last);
        }
        for (int at = 0; at < COUNTERS; at++) {
            if (rows[at] != UNKNOWN && texts[at] == null && counts[at] >= counted * SHARE_MIN) {
                texts[at] = text(batch, columns, rows[at]);
            }
        }
        if (counted > RECENT_ROWS) {
            halve();
        }
    }

    /**
     * Counts rows of a key.
     *
     * @param guess the counter that is looked at first
     * @return the counter of the key, or any if it has none
     */
    private int count(long hash, long weight, int row, int guess) {
        int at = guess;
        if (hashes[at] != hash || counts[at] == 0) {
            at = find(hash);
        }
        if (at == UNKNOWN) {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < COUNTERS; i++) {
                least = Math.min(least, counts[i]);
            }
            long taken = Math.min(least, weight);
            for (int i = 0; i < COUNTERS; i++) {
                counts[i] -= taken;
            }
            return taken < weight ? count(hash, weight - taken, row, guess) : guess;
        }
        if (counts[at] == 0) {
            hashes[at] = hash;
            texts[at] = null;
        }
        counts[at] += weight;
        rows[at] = row;
        return at;
    }

    /** The counter of a key, else a free one, else {@link #UNKNOWN}. */
    private int find(long hash) {
        int free = UNKNOWN;
        for (int i = 0; i < COUNTERS; i++) {
            if (counts[i] == 0) {
                free = i;
            } else if (hashes[i] == hash) {
                return i;
            }
        }
        return free;
    }

    private void halve() {
        counted /= 2;
        for (int i = 0; i < COUNTERS; i++) {
            counts[i] /= 2;
        }
    }

    private String text(Batch batch, int[] columns, int row) {
        Vector[] vectors = new Vector[columns.length];
        for (int i = 0; i < columns.length; i++) {
            vectors[i] = batch.column(columns[i]);
        }
        TextBuffer buffer = new TextBuffer();
        format.append(Batch.of(vectors, batch.rowCount()), row, buffer);
        String text = new String(buffer.data(), 0, buffer.size(), StandardCharsets.UTF_8).strip();
        return text.length() <= KEY_CHARACTERS_MAX ? text : text.substring(0, KEY_CHARACTERS_MAX) + "…";
    }

    /** The hot keys, the hottest first. */
    List<HotKey> list() {
        List<HotKey> hot = new ArrayList<>();
        for (int i = 0; i < COUNTERS; i++) {
            if (texts[i] != null && counts[i] > 0 && counts[i] >= counted * SHARE_MIN) {
                hot.add(new HotKey(texts[i], Math.round(100.0 * counts[i] / counted) / 100.0));
            }
        }
        hot.sort(Comparator.comparingDouble(HotKey::share).reversed().thenComparing(HotKey::key));
        return hot;
    }
}
