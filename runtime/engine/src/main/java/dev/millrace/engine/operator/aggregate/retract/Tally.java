// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate.retract;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;

/**
 * One aggregate of one group, from which every row that was added can be taken out again: what is left is as if the row
 * had never come, whatever the order. NULL operands and FILTER are the caller's.
 */
public abstract class Tally {
    /**
     * The tally of a call, without rows.
     *
     * @param held what counts its bytes
     * @param forgets whether rows may be taken out that were added to an earlier group of the key, which was forgotten
     * @throws IllegalArgumentException if the function does not take or give these types
     */
    public static Tally of(AggregateCall call, HeldBytes held, boolean forgets) {
        boolean extreme = call.function() == AggregateFunction.MIN || call.function() == AggregateFunction.MAX;
        // The least and the greatest are the same with and without duplicates.
        return call.distinct() && !extreme ? new DistinctTally(
                plain(call, held, forgets), call.argumentType().storage(), held, forgets)
                : plain(call, held, forgets);
    }

    private static Tally plain(AggregateCall call, HeldBytes held, boolean forgets) {
        SqlType operand = call.argumentType();
        return switch (call.function()) {
            case COUNT -> new CountTally();
            case MIN -> checked(call, operand.storage(), new ExtremeTally(operand.storage(), false, held, forgets));
            case MAX -> checked(call, operand.storage(), new ExtremeTally(operand.storage(), true, held, forgets));
            case SUM -> switch (operand.kind()) {
                case TINYINT, SMALLINT, INTEGER, BIGINT -> checked(call, Storage.LONG, new LongSumTally());
                case FLOAT, DOUBLE -> checked(call, Storage.DOUBLE, new DoubleTally(false));
                case DECIMAL -> checked(call, Storage.DECIMAL128, DecimalTally.sum());
                default -> throw unknown(call);
            };
            case AVG -> switch (operand.kind()) {
                case TINYINT, SMALLINT, INTEGER, BIGINT -> checked(call, Storage.DOUBLE, new LongAverageTally());
                case FLOAT, DOUBLE -> checked(call, Storage.DOUBLE, new DoubleTally(true));
                case DECIMAL -> checked(
                        call, Storage.DECIMAL128, DecimalTally.average(call.type().scale() - operand.scale()));
                default -> throw unknown(call);
            };
        };
    }

    private static Tally checked(AggregateCall call, Storage result, Tally tally) {
        if (call.type().storage() != result) {
            throw unknown(call);
        }
        return tally;
    }

    private static IllegalArgumentException unknown(AggregateCall call) {
        return new IllegalArgumentException(
                call + " of " + call.argumentType() + " as " + call.type() + " does not exist");
    }

    /** Adds a row's operand, which is not NULL; {@code argument} is null for COUNT(*). */
    public abstract void add(Vector argument, int row);

    /** Takes out an operand that was added. */
    public abstract void subtract(Vector argument, int row);

    /**
     * Writes the result.
     *
     * @return false if it is beyond the range of its type; then nothing was written
     */
    public abstract boolean write(Vector into, int row);

    public abstract void save(StateWriter out);

    /** Reads what {@link #save} wrote, into a tally without rows. */
    public abstract void restore(StateReader in);

    /** The group has gone: what it held is not counted any more. */
    public void release() {}
}
