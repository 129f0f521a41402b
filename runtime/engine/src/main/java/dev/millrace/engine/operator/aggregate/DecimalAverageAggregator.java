// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;

/** AVG of decimals, exact, rounded half up (away from zero) to the scale of the result. */
final class DecimalAverageAggregator extends Aggregator {
    private final DecimalSums sums = new DecimalSums();

    /** 10 to the power of the digits that the result has more than the operand. */
    private final long factor;

    private long[] counts = new long[0];

    DecimalAverageAggregator(SqlType argument, SqlType result) {
        int moreDigits = result.scale() - argument.scale();
        if (moreDigits < 0 || moreDigits > SqlType.LONG_DECIMAL_DIGITS) {
            throw new IllegalArgumentException("AVG of " + argument + " as " + result);
        }
        factor = BigInteger.TEN.pow(moreDigits).longValueExact();
    }

    @Override
    public void reserve(int groups) {
        sums.reserve(groups);
        if (counts.length < groups) {
            counts = Arrays.copyOf(counts, Math.max(groups, counts.length * 2));
        }
    }

    @Override
    public void update(Vector argument, int[] rows, int[] groups, int from, int to) {
        final long[] counts = this.counts;
        for (int i = from; i < to; i++) {
            counts[groups[i]]++;
        }
        sums.add(argument, rows, groups, from, to);
    }

    @Override
    public void write(int[] groups, int[] rows, int from, int to, Vector results, Misfits misfits) {
        DecimalVector out = (DecimalVector) results;
        for (int i = from; i < to; i++) {
            int group = groups[i];
            long count = counts[group];
            if (count == 0) {
                out.setNull(rows[i]);
                continue;
            }
            long low = sums.low[group];
            long scaled = low * factor;
            boolean fitsLong = sums.fitsLong(group) && Math.multiplyHigh(low, factor) == scaled >> 63;
            if (fitsLong) {
                long quotient = scaled / count;
                long rest = Math.abs(scaled % count);
                if (rest >= count - rest) {
                    quotient += scaled < 0 ? -1 : 1;
                }
                out.set(rows[i], quotient >> 63, quotient);
            } else if (!writeWide(out, rows[i], sums.value(group), count)) {
                misfits.add(rows[i]);
            }
        }
    }

    /** Gives false if the result has too many digits; then nothing was written. */
    private boolean writeWide(DecimalVector out, int row, BigInteger sum, long count) {
        BigInteger scaled = sum.multiply(BigInteger.valueOf(factor));
        BigInteger divisor = BigInteger.valueOf(count);
        BigInteger[] parts = scaled.divideAndRemainder(divisor);
        BigInteger quotient = parts[0];
        if (parts[1].abs().shiftLeft(1).compareTo(divisor) >= 0) {
            quotient = quotient.add(BigInteger.valueOf(scaled.signum()));
        }
        long high = quotient.shiftRight(64).longValue();
        long low = quotient.longValue();
        if (quotient.bitLength() >= 128 || !Int128.isDecimal(high, low)) {
            return false;
        }
        out.set(row, high, low);
        return true;
    }

    @Override
    public List<Storage> partials() {
        return List.of(Storage.DECIMAL128, Storage.LONG);
    }

    @Override
    public void writePartials(int[] groups, int[] rows, int from, int to, Vector[] partials, Misfits misfits) {
        DecimalVector sumsOut = (DecimalVector) partials[0];
        LongVector rowCounts = (LongVector) partials[1];
        for (int i = from; i < to; i++) {
            int group = groups[i];
            sumsOut.set(rows[i], sums.high[group], sums.low[group]);
            rowCounts.set(rows[i], counts[group]);
            if (!sums.isDecimal(group)) {
                misfits.add(rows[i]);
            }
        }
    }

    @Override
    public void merge(Vector[] partials, int[] rows, int[] groups, int from, int to) {
        final long[] moreRows = ((LongVector) partials[1]).values();
        for (int i = from; i < to; i++) {
            counts[groups[i]] += moreRows[rows[i]];
        }
        sums.add(partials[0], rows, groups, from, to);
    }

    @Override
    public void reset(int group) {
        sums.reset(group);
        counts[group] = 0;
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
    public void save(StateWriter out, GroupSet groups) {
        sums.save(out, groups);
        out.writePackedLongs(counts, groups);
    }

    @Override
    public void restore(StateReader in, GroupSet groups) {
        reserve(groups.end());
        sums.restore(in, groups);
        in.readPackedLongs(counts, groups);
    }
}
