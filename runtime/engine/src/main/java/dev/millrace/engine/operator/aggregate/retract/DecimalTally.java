// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate.retract;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.math.BigInteger;

/** SUM and AVG of decimals, exact; an average is rounded half up (away from zero) to the scale of the result. */
final class DecimalTally extends Tally {
    private static final BigInteger LIMIT = BigInteger.TEN.pow(38);

    /** 10 to the power of the digits behind the point that the average has more than the operand; null for SUM. */
    private final BigInteger factor;

    private final ExactSum sum = new ExactSum();
    private long count;

    private DecimalTally(BigInteger factor) {
        this.factor = factor;
    }

    static DecimalTally sum() {
        return new DecimalTally(null);
    }

    /** @param moreDigits digits behind the point that the result has more than the operand */
    static DecimalTally average(int moreDigits) {
        return new DecimalTally(BigInteger.TEN.pow(moreDigits));
    }

    @Override
    public void add(Vector argument, int row) {
        if (argument instanceof LongVector longs) {
            sum.add(longs.get(row));
        } else {
            sum.add(wide(argument, row));
        }
        count++;
    }

    @Override
    public void subtract(Vector argument, int row) {
        if (argument instanceof LongVector longs) {
            sum.subtract(longs.get(row));
        } else {
            sum.add(wide(argument, row).negate());
        }
        count--;
    }

    private static BigInteger wide(Vector argument, int row) {
        DecimalVector decimals = (DecimalVector) argument;
        return Int128.toBigInteger(decimals.high()[row], decimals.low()[row]);
    }

    @Override
    public boolean write(Vector into, int row) {
        if (count == 0) {
            into.setNull(row);
            return true;
        }
        BigInteger value = factor == null ? sum.value() : average();
        if (value.abs().compareTo(LIMIT) >= 0) {
            return false;
        }
        ((DecimalVector) into).set(row, value.shiftRight(64).longValue(), value.longValue());
        return true;
    }

    private BigInteger average() {
        BigInteger dividend = sum.value().multiply(factor);
        BigInteger divisor = BigInteger.valueOf(count);
        BigInteger[] parts = dividend.divideAndRemainder(divisor);
        boolean roundsUp = parts[1].abs().shiftLeft(1).compareTo(divisor) >= 0;
        return roundsUp ? parts[0].add(BigInteger.valueOf(dividend.signum())) : parts[0];
    }

    @Override
    public void save(StateWriter out) {
        out.writeLong(count);
        sum.save(out);
    }

    @Override
    public void restore(StateReader in) {
        count = in.readLong();
        sum.restore(in);
    }
}
