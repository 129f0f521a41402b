// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.List;

/**
 * The state of one aggregate for all groups of one table, in arrays by group.
 *
 * <p>Rows come as two arrays that run side by side, the row number and its group, of which the caller has left out the
 * rows that don't count (NULL operands, FILTER, duplicates of DISTINCT). Groups that no row has touched hold what makes
 * no difference to the function, such as 0 for sums.
 */
public abstract class Aggregator {
    /**
     * The aggregator of a call; DISTINCT and FILTER are the caller's.
     *
     * @throws IllegalArgumentException if the function does not take or give these types
     */
    public static Aggregator of(AggregateCall call) {
        return switch (call.function()) {
            case COUNT -> new CountAggregator();
            case SUM -> switch (call.argumentType().kind()) {
                case TINYINT, SMALLINT, INTEGER, BIGINT -> checked(call, Storage.LONG, new LongSumAggregator());
                case FLOAT, DOUBLE -> checked(call, Storage.DOUBLE, new DoubleSumAggregator());
                case DECIMAL -> checked(call, Storage.DECIMAL128, new DecimalSumAggregator());
                default -> throw unknown(call);
            };
            case AVG -> switch (call.argumentType().kind()) {
                case TINYINT, SMALLINT, INTEGER, BIGINT -> checked(call, Storage.DOUBLE, new LongAverageAggregator());
                case FLOAT, DOUBLE -> checked(call, Storage.DOUBLE, new DoubleAverageAggregator());
                case DECIMAL -> checked(
                        call, Storage.DECIMAL128, new DecimalAverageAggregator(call.argumentType(), call.type()));
                default -> throw unknown(call);
            };
            case MIN -> extreme(call, false);
            case MAX -> extreme(call, true);
        };
    }

    private static Aggregator extreme(AggregateCall call, boolean greatest) {
        Storage storage = call.argumentType().storage();
        Aggregator aggregator = switch (storage) {
            case LONG -> new LongExtremeAggregator(greatest);
            case DOUBLE -> new DoubleExtremeAggregator(greatest);
            case DECIMAL128 -> new DecimalExtremeAggregator(greatest);
            case BOOLEAN -> new BooleanExtremeAggregator(greatest);
            case BYTES -> new BytesExtremeAggregator(greatest);
        };
        return checked(call, storage, aggregator);
    }

    private static Aggregator checked(AggregateCall call, Storage result, Aggregator aggregator) {
        if (call.type().storage() != result) {
            throw unknown(call);
        }
        return aggregator;
    }

    private static IllegalArgumentException unknown(AggregateCall call) {
        return new IllegalArgumentException(
                call + " of " + call.argumentType() + " as " + call.type() + " does not exist");
    }

    /** Makes room for so many groups. */
    public abstract void reserve(int groups);

    /**
     * Takes rows into their groups.
     *
     * @param argument the operand; null for COUNT(*)
     * @param from index of the first row
     * @param to index behind the last row
     */
    public abstract void update(Vector argument, int[] rows, int[] groups, int from, int to);

    /**
     * As {@link #update}, and writes for each row the result of its group after it, at its row number.
     *
     * @param misfits takes the rows whose result is out of range; what is written there has no meaning
     */
    public void updateRunning(
            Vector argument, int[] rows, int[] groups, int from, int to, Vector results, Misfits misfits) {
        for (int i = from; i < to; i++) {
            update(argument, rows, groups, i, i + 1);
            write(groups, rows, i, i + 1, results, misfits);
        }
    }

    /**
     * Writes the results of groups.
     *
     * @param groups the groups
     * @param rows the row of the result for each of them
     * @param misfits takes the rows whose result is out of range; what is written there has no meaning
     */
    public abstract void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits);

    /**
     * How the columns of a partial result are stored: what is kept of some rows, from which another aggregator goes on. The
     * first one is NULL if these rows make no difference. None if results would depend on how rows were put together.
     */
    public List<Storage> partials() {
        return List.of();
    }

    /**
     * Writes the partial results of groups.
     *
     * @param groups the groups
     * @param rows the row of the partial result for each of them
     * @param partials the columns
     * @param misfits takes the rows whose partial result can't be written
     */
    public void writePartials(int[] groups, int[] rows, int from, int to, Vector[] partials, Misfits misfits) {
        write(groups, rows, from, to, partials[0], misfits);
    }

    /**
     * Takes partial results into their groups: the state is then as if it had taken their rows.
     *
     * @param partials the columns; the first one is not NULL in any of the rows
     */
    public void merge(Vector[] partials, int[] rows, int[] groups, int from, int to) {
        update(partials[0], rows, groups, from, to);
    }

    /**
     * From now on rows are left out, so that groups may have none: these must give NULL.
     *
     * @param groupsBefore groups below this have had a row
     * @return whether this is new, so that it must be told of groups below which have had none, by {@link #reset}
     */
    public boolean trackPresence(int groupsBefore) {
        return false;
    }

    /** Makes one group as new. */
    public abstract void reset(int group);

    /** Makes the groups from 0 to {@code groups - 1} as new. */
    public abstract void clear(int groups);

    /** Bytes of memory held. */
    public abstract long bytes();

    /** Writes what is kept of some groups. */
    public abstract void save(StateWriter out, GroupSet groups);

    /**
     * Reads what {@link #save} wrote of as many groups, in the same order, in place of what is kept of these. Of the other
     * groups below the greatest that there has been room for each must exist; they stay as they are.
     */
    public abstract void restore(StateReader in, GroupSet groups);
}
