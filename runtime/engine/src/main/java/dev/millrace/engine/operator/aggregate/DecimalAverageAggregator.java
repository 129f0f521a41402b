// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * AVG of decimals, exact, rounded half up (away from zero) to the scale of the result.
 *
 * <p>An average lies between the operands, so it fits its type if they do: operands with too many digits before the
 * point are refused before they count. The sum of the operands is limited to 38 digits as in SUM.
 */
final class DecimalAverageAggregator extends Aggregator {
    private static final int DIGITS_MAX = 38;

    private final DecimalSums sums = new DecimalSums();
    private final boolean mayFail;
    private final boolean mayRefuse;

    /** 10 to the power of the digits that the result has more than the operand. */
    private final long factor;

    private final BigInteger operandLimit;
    private long[] counts = new long[0];

    DecimalAverageAggregator(SqlType argument, SqlType result) {
        int moreDigits = result.scale() - argument.scale();
        if (moreDigits < 0 || moreDigits > SqlType.LONG_DECIMAL_DIGITS) {
            throw new IllegalArgumentException("AVG of " + argument + " as " + result);
        }
        mayFail = argument.storage() == Storage.DECIMAL128;
        mayRefuse = argument.precision() + moreDigits > DIGITS_MAX;
        factor = BigInteger.TEN.pow(moreDigits).longValueExact();
        operandLimit = BigInteger.TEN.pow(DIGITS_MAX - moreDigits);
    }

    @Override
    public void reserve(int groups) {
        sums.reserve(groups);
        if (counts.length < groups) {
            counts = Arrays.copyOf(counts, Math.max(groups, counts.length * 2));
        }
    }

    @Override
    public boolean update(Vector argument, int[] rows, int[] groups, int from, int to) {
        final long[] counts = this.counts;
        for (int i = from; i < to; i++) {
            counts[groups[i]]++;
        }
        return sums.add(argument, rows, groups, from, to);
    }

    @Override
    public boolean mayFail() {
        return mayFail;
    }

    @Override
    public void undo(Vector argument, int[] rows, int[] groups, int from, int to) {
        sums.subtract(argument, rows, groups, from, to);
        for (int i = from; i < to; i++) {
            counts[groups[i]]--;
        }
    }

    @Override
    public boolean mayRefuse() {
        return mayRefuse;
    }

    @Override
    public boolean refuses(Vector argument, int row) {
        DecimalVector decimals = (DecimalVector) argument;
        BigInteger value = Int128.toBigInteger(decimals.high()[row], decimals.low()[row]);
        return value.abs().compareTo(operandLimit) >= 0;
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results) {
        DecimalVector out = (DecimalVector) results;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            long count = counts[group];
            if (count == 0) {
                out.setNull(rows[i]);
                continue;
            }
            long high = sums.high[group];
            long low = sums.low[group];
            long scaled = low * factor;
            boolean fitsLong = high == low >> 63 && Math.multiplyHigh(low, factor) == scaled >> 63;
            if (fitsLong) {
                long quotient = scaled / count;
                long rest = Math.abs(scaled % count);
                if (rest >= count - rest) {
                    quotient += scaled < 0 ? -1 : 1;
                }
                out.set(rows[i], quotient >> 63, quotient);
            } else {
                writeWide(out, rows[i], high, low, count);
            }
        }
    }

    private void writeWide(DecimalVector out, int row, long high, long low, long count) {
        BigInteger sum = Int128.toBigInteger(high, low).multiply(BigInteger.valueOf(factor));
        BigInteger divisor = BigInteger.valueOf(count);
        BigInteger[] parts = sum.divideAndRemainder(divisor);
        BigInteger quotient = parts[0];
        if (parts[1].abs().shiftLeft(1).compareTo(divisor) >= 0) {
            quotient = quotient.add(BigInteger.valueOf(sum.signum()));
        }
        out.set(row, quotient.shiftRight(64).longValue(), quotient.longValue());
    }

    @Override
    public void clear(int groups) {
        sums.clear(groups);
        Arrays.fill(counts, 0, groups, 0);
    }

    @Override
    public long bytes() {
        return sums.bytes() + counts.length * 8L;
    }

    @Override
    public void save(StateWriter out, int groups) {
        sums.save(out, groups);
        out.writeLongs(counts, 0, groups);
    }

    @Override
    public void restore(StateReader in, int groups) {
        reserve(groups);
        sums.restore(in, groups);
        in.readLongs(counts, 0, groups);
    }
}
