// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate.retract;

import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * SUM and AVG of floating-point numbers. The sum of the finite ones is kept exactly and rounded once, when it is asked
 * for: so it does not depend on the order of the rows, and taking a row out leaves no trace. NaN and infinities are
 * counted apart.
 */
final class DoubleTally extends Tally {
    private final boolean average;
    private BigDecimal sum = BigDecimal.ZERO;
    private long finite;
    private long notANumber;
    private long positive;
    private long negative;

    DoubleTally(boolean average) {
        this.average = average;
    }

    @Override
    public void add(Vector argument, int row) {
        double value = ((DoubleVector) argument).get(row);
        count(value, 1);
        if (Double.isFinite(value)) {
            sum = sum.add(new BigDecimal(value));
        }
    }

    @Override
    public void subtract(Vector argument, int row) {
        double value = ((DoubleVector) argument).get(row);
        count(value, -1);
        if (Double.isFinite(value)) {
            // A zero forgets the digits that it took to get there.
            BigDecimal left = sum.subtract(new BigDecimal(value));
            sum = left.signum() == 0 ? BigDecimal.ZERO : left;
        }
    }

    private void count(double value, int change) {
        if (Double.isFinite(value)) {
            finite += change;
        } else if (Double.isNaN(value)) {
            notANumber += change;
        } else if (value > 0) {
            positive += change;
        } else {
            negative += change;
        }
    }

    @Override
    public boolean write(Vector into, int row) {
        long count = finite + notANumber + positive + negative;
        if (count == 0) {
            into.setNull(row);
            return true;
        }
        double result;
        if (notANumber > 0 || positive > 0 && negative > 0) {
            result = Double.NaN;
        } else if (positive > 0) {
            result = Double.POSITIVE_INFINITY;
        } else if (negative > 0) {
            result = Double.NEGATIVE_INFINITY;
        } else {
            result = sum.doubleValue();
        }
        ((DoubleVector) into).set(row, average ? result / count : result);
        return true;
    }

    @Override
    public void save(StateWriter out) {
        out.writeLong(finite);
        out.writeLong(notANumber);
        out.writeLong(positive);
        out.writeLong(negative);
        byte[] digits = sum.unscaledValue().toByteArray();
        out.writeInt(digits.length);
        out.writeBytes(digits, 0, digits.length);
        out.writeInt(sum.scale());
    }

    @Override
    public void restore(StateReader in) {
        finite = in.readLong();
        notANumber = in.readLong();
        positive = in.readLong();
        negative = in.readLong();
        byte[] digits = new byte[in.readInt()];
        in.readBytes(digits, 0, digits.length);
        sum = new BigDecimal(new BigInteger(digits), in.readInt());
    }
}
