// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.state.BatchImage;
import dev.millrace.engine.state.Portion;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The rows that wait, column by column in pages of one size. A row has a reference for as long as it waits; a page whose
 * rows have all left is used again.
 *
 * <pre>
 *   reference = page &lt;&lt; 10 | row of the page
 * </pre>
 *
 * <p>Whenever a page begins it gets a number, and a portion of state ends it: so the rows that have come since then are
 * those of the pages with higher numbers, and a page that a portion holds never changes. Rows that have left may be in a
 * portion; who restores knows which these are.
 */
final class RowStore {
    private static final int PAGE_BITS = 10;
    private static final int PAGE_ROWS = 1 << PAGE_BITS;
    private static final int ROW_MASK = PAGE_ROWS - 1;
    private static final int PAGES_MAX = 1 << 31 - PAGE_BITS;

    /** Pages without rows that keep their memory for the next ones. */
    private static final int FREE_KEPT_MAX = 256;

    private final Storage[] storages;

    /** By column and page. Beside the vectors stand their arrays, which never grow: two steps to a value, not four. */
    private final Vector[][] vectors;

    private final long[][][] longs;
    private final double[][][] doubles;

    /** By column, whether it may hold a NULL. */
    private final boolean[] nullable;

    private final int[] allColumns;

    /** By page. */
    private int[][] groups = new int[0][];

    /** By page: the number of each row's input. */
    private int[][] inputs = new int[0][];

    private int[] rowsLeft = new int[0];

    /** By page, the number that it has now. */
    private long[] numbers = new long[0];

    /** By page, how many rows were put in. */
    private int[] filled = new int[0];

    private int pages;
    private int[] free = new int[0];
    private int freeCount;
    private int current = -1;
    private int used = PAGE_ROWS;

    /** The number of the page that begins next. */
    private long nextNumber;

    /** Pages from this number on are in none of the portions. */
    private long savedNumber;

    /** Of the image that is being written, the next page, and what all its numbers are below; 0 if it is complete. */
    private int cursor;

    private long imageEnd;

    /** While portions are restored: the pages by number. */
    private final Map<Long, Integer> restored = new HashMap<>();

    RowStore(Storage[] storages) {
        this.storages = storages;
        vectors = new Vector[storages.length][0];
        longs = new long[storages.length][0][];
        doubles = new double[storages.length][0][];
        nullable = new boolean[storages.length];
        allColumns = IntStream.range(0, storages.length).toArray();
    }

    /**
     * Copies rows of a batch.
     *
     * @param columns the batch's column for each column here
     * @param rows row numbers
     * @param rowGroups the group of each of them, kept with it
     * @param input the number of their input, kept with them
     * @param refs where their references go
     */
    void append(Batch batch, int[] columns, int[] rows, int[] rowGroups, int input, int count, int[] refs) {
        for (int done = 0; done < count;) {
            if (used == PAGE_ROWS) {
                openPage(PAGE_ROWS);
            }
            int part = Math.min(count - done, PAGE_ROWS - used);
            for (int i = 0; i < columns.length; i++) {
                copy(batch.column(columns[i]), rows, done, part, i);
            }
            System.arraycopy(rowGroups, done, groups[current], used, part);
            Arrays.fill(inputs[current], used, used + part, input);
            int first = current << PAGE_BITS | used;
            for (int i = 0; i < part; i++) {
                refs[done + i] = first + i;
            }
            rowsLeft[current] += part;
            used += part;
            filled[current] = used;
            done += part;
        }
    }

    private void copy(Vector from, int[] rows, int first, int count, int column) {
        Vector into = vectors[column][current];
        final int used = this.used;
        switch (from) {
            case LongVector v -> {
                final long[] values = v.values();
                final long[] to = longs[column][current];
                for (int i = 0; i < count; i++) {
                    to[used + i] = values[rows[first + i]];
                }
            }
            case DoubleVector v -> {
                final double[] values = v.values();
                final double[] to = doubles[column][current];
                for (int i = 0; i < count; i++) {
                    to[used + i] = values[rows[first + i]];
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    into.copyFrom(used + i, from, rows[first + i]);
                }
            }
        }
        if (from.nulls() != null) {
            nullable[column] = true;
            for (int i = 0; i < count; i++) {
                if (from.isNull(rows[first + i])) {
                    into.setNull(used + i);
                }
            }
        }
    }

    /** @param rows how many rows will come at most */
    private void openPage(int rows) {
        if (freeCount > 0) {
            current = free[--freeCount];
        } else {
            current = pages++;
            if (pages == PAGES_MAX) {
                throw new MillraceException(
                        ErrorCode.STATE_LIMIT, "more than " + PAGES_MAX + " pages of rows wait for the watermark",
                        "use more partitions, or a WATERMARK with a shorter delay");
            }
            if (pages > groups.length) {
                growPages(Math.max(4, groups.length * 2));
            }
        }
        if (groups[current] == null) {
            groups[current] = new int[rows];
            inputs[current] = new int[rows];
            for (int i = 0; i < storages.length; i++) {
                hold(i, current, Vector.create(storages[i], rows));
            }
        }
        beginPage();
    }

    private void beginPage() {
        used = 0;
        numbers[current] = nextNumber++;
    }

    /** What comes from now on goes to other pages. */
    private void endPage() {
        if (used == 0) {
            beginPage();
        } else {
            if (current >= 0 && used <= groups[current].length / 2) {
                trim(current);
            }
            used = PAGE_ROWS;
            current = -1;
        }
    }

    /** Gives a page no more memory than its rows take: portions may come often, and rows seldom. */
    private void trim(int page) {
        int rows = filled[page];
        groups[page] = Arrays.copyOf(groups[page], rows);
        inputs[page] = Arrays.copyOf(inputs[page], rows);
        for (int i = 0; i < storages.length; i++) {
            Vector full = vectors[i][page];
            Vector trimmed = Vector.create(storages[i], rows);
            for (int row = 0; row < rows; row++) {
                trimmed.copyFrom(row, full, row);
            }
            hold(i, page, trimmed);
        }
    }

    private void hold(int column, int page, Vector vector) {
        vectors[column][page] = vector;
        longs[column][page] = vector instanceof LongVector v ? v.values() : null;
        doubles[column][page] = vector instanceof DoubleVector v ? v.values() : null;
    }

    private void growPages(int capacity) {
        groups = Arrays.copyOf(groups, capacity);
        inputs = Arrays.copyOf(inputs, capacity);
        rowsLeft = Arrays.copyOf(rowsLeft, capacity);
        numbers = Arrays.copyOf(numbers, capacity);
        filled = Arrays.copyOf(filled, capacity);
        free = Arrays.copyOf(free, capacity);
        for (int i = 0; i < storages.length; i++) {
            vectors[i] = Arrays.copyOf(vectors[i], capacity);
            longs[i] = Arrays.copyOf(longs[i], capacity);
            doubles[i] = Arrays.copyOf(doubles[i], capacity);
        }
    }

    void readGroups(int[] refs, int from, int count, int[] into) {
        final int[][] groups = this.groups;
        for (int i = 0; i < count; i++) {
            int ref = refs[from + i];
            into[i] = groups[ref >>> PAGE_BITS][ref & ROW_MASK];
        }
    }

    /** Copies one column of rows into the first rows of a vector without NULLs. */
    void read(int column, int[] refs, int from, int count, Vector into) {
        Vector[] pagesOfColumn = vectors[column];
        switch (into) {
            case LongVector v -> {
                final long[][] values = longs[column];
                final long[] to = v.values();
                for (int i = 0; i < count; i++) {
                    int ref = refs[from + i];
                    to[i] = values[ref >>> PAGE_BITS][ref & ROW_MASK];
                }
            }
            case DoubleVector v -> {
                final double[][] values = doubles[column];
                final double[] to = v.values();
                for (int i = 0; i < count; i++) {
                    int ref = refs[from + i];
                    to[i] = values[ref >>> PAGE_BITS][ref & ROW_MASK];
                }
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    int ref = refs[from + i];
                    into.copyFrom(i, pagesOfColumn[ref >>> PAGE_BITS], ref & ROW_MASK);
                }
                return;
            }
        }
        if (nullable[column]) {
            for (int i = 0; i < count; i++) {
                int ref = refs[from + i];
                if (pagesOfColumn[ref >>> PAGE_BITS].isNull(ref & ROW_MASK)) {
                    into.setNull(i);
                }
            }
        }
    }

    /** Gives up rows. */
    void release(int[] refs, int from, int count) {
        final int[] rowsLeft = this.rowsLeft;
        for (int i = from; i < from + count; i++) {
            int page = refs[i] >>> PAGE_BITS;
            if (--rowsLeft[page] == 0) {
                freePage(page);
            }
        }
    }

    private void freePage(int page) {
        for (Vector[] column : vectors) {
            column[page].reset();
        }
        if (page == current) {
            beginPage();
            return;
        }
        if (freeCount >= FREE_KEPT_MAX || groups[page].length < PAGE_ROWS) {
            groups[page] = null;
            inputs[page] = null;
            for (int i = 0; i < storages.length; i++) {
                vectors[i][page] = null;
                longs[i][page] = null;
                doubles[i][page] = null;
            }
        }
        free[freeCount++] = page;
    }

    long bytes() {
        long bytes = 0;
        for (int page = 0; page < pages; page++) {
            if (groups[page] != null) {
                bytes += groups[page].length * 8L;
                for (Vector[] column : vectors) {
                    bytes += column[page].bytes();
                }
            }
        }
        return bytes;
    }

    /** Writes a portion; gives whether the image is complete. */
    boolean save(StateWriter out, Portion portion) {
        if (portion.begins() && !portion.isWhole()) {
            cursor = 0;
            imageEnd = savedNumber;
        }
        long from = portion.isWhole() ? 0 : savedNumber;
        for (int page = 0; page < pages; page++) {
            if (rowsLeft[page] > 0 && numbers[page] >= from) {
                savePage(page, out);
            }
        }
        if (!portion.isWhole()) {
            saveSlice(out, portion);
            savedNumber = nextNumber;
            endPage();
        }
        out.writeBoolean(false);
        return portion.isWhole() || imageEnd == 0;
    }

    private void saveSlice(StateWriter out, Portion portion) {
        while (imageEnd > 0 && cursor < pages) {
            if (rowsLeft[cursor] > 0 && numbers[cursor] < imageEnd) {
                if (!portion.hasSlice()) {
                    return;
                }
                long before = out.size();
                savePage(cursor, out);
                portion.use(out.size() - before);
            }
            cursor++;
        }
        imageEnd = 0;
    }

    private void savePage(int page, StateWriter out) {
        out.writeBoolean(true);
        out.writeLong(numbers[page]);
        out.writeInt(filled[page]);
        out.writeInts(groups[page], 0, filled[page]);
        out.writeInts(inputs[page], 0, filled[page]);
        Vector[] columns = new Vector[storages.length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = vectors[i][page];
        }
        BatchImage.save(Batch.of(columns, filled[page]), out);
    }

    /** Takes over a portion. */
    void restore(StateReader in) {
        while (in.readBoolean()) {
            long number = in.readLong();
            int count = in.readInt();
            int[] rowGroups = new int[count];
            in.readInts(rowGroups, 0, count);
            int[] rowInputs = new int[count];
            in.readInts(rowInputs, 0, count);
            Batch rows = BatchImage.restore(in);
            if (restored.containsKey(number)) {
                continue;
            }
            int[] refs = new int[count];
            openPage(count);
            append(rows, allColumns, IntStream.range(0, count).toArray(), rowGroups, 0, count, refs);
            System.arraycopy(rowInputs, 0, inputs[current], 0, count);
            numbers[current] = number;
            nextNumber = Math.max(nextNumber, number + 1);
            restored.put(number, current);
            endPage();
        }
        savedNumber = nextNumber;
        imageEnd = savedNumber;
    }

    /** Forgets the restored pages of which no row has a greater value in a column. */
    void forgetUpTo(int column, long value) {
        restored.values().removeIf(page -> {
            long[] values = longs[column][page];
            for (int row = 0; row < filled[page]; row++) {
                if (values[row] > value) {
                    return false;
                }
            }
            rowsLeft[page] = 0;
            freePage(page);
            return true;
        });
    }

    /** Gives the pages that were restored, in the order of their numbers; they are not asked for again. */
    int[] takeRestored() {
        int[] inOrder = restored.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .mapToInt(Map.Entry::getValue)
                .toArray();
        restored.clear();
        return inOrder;
    }

    /** How many rows a page was given. */
    int rowsOf(int page) {
        return filled[page];
    }

    /** The reference of a row of a page. */
    static int ref(int page, int row) {
        return page << PAGE_BITS | row;
    }

    /** The number of a row's input. */
    int input(int ref) {
        return inputs[ref >>> PAGE_BITS][ref & ROW_MASK];
    }

    /** The end of the references, from one on, whose rows are of its input. */
    int endOfInput(int[] refs, int from, int end) {
        int input = input(refs[from]);
        int to = from + 1;
        while (to < end && input(refs[to]) == input) {
            to++;
        }
        return to;
    }
}
