// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.over;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.expression.function.Int128;
import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.type.Storage;
import java.math.BigInteger;

/**
 * Makes results of exact sums: SUM or AVG of integers or decimals. A sum has three words, because so many decimals of 38
 * digits can leave 128 bits and come back.
 */
final class SumResults {
    private static final double TWO_TO_64 = 0x1p64;

    private enum Form {
        LONG_SUM,
        LONG_AVERAGE,
        DECIMAL_SUM,
        DECIMAL_AVERAGE
    }

    private final Form form;

    /** 10 to the power of the digits that an average of decimals has more than the operands. */
    private final BigInteger factor;

    SumResults(OverCall call) {
        boolean average = call.function() == OverFunction.AVG;
        form = switch (call.type().storage()) {
            case LONG -> Form.LONG_SUM;
            case DOUBLE -> Form.LONG_AVERAGE;
            case DECIMAL128 -> average ? Form.DECIMAL_AVERAGE : Form.DECIMAL_SUM;
            default -> throw FrameFunction.unknown(call);
        };
        boolean ofLongs = form == Form.LONG_SUM || form == Form.LONG_AVERAGE;
        if (ofLongs && (call.argumentType().storage() != Storage.LONG || average != (form == Form.LONG_AVERAGE))) {
            throw FrameFunction.unknown(call);
        }
        int moreDigits = form == Form.DECIMAL_AVERAGE ? call.type().scale() - call.argumentType().scale() : 0;
        factor = BigInteger.TEN.pow(moreDigits);
    }

    /**
     * Writes results.
     *
     * @param top the uppermost words, or null where they only repeat the sign
     * @param counts how many values each sum has
     * @return whether a result was out of range
     */
    boolean write(
            long[] top, long[] high, long[] low, long[] counts, int count, Vector results, boolean[] failed) {
        boolean fails = false;
        switch (form) {
            case LONG_SUM -> {
                long[] out = ((LongVector) results).values();
                long misfits = 0;
                for (int i = 0; i < count; i++) {
                    out[i] = low[i];
                    misfits |= high[i] ^ low[i] >> 63;
                }
                for (int i = 0; misfits != 0 && i < count; i++) {
                    failed[i] |= !Int128.fitsLong(high[i], low[i]);
                }
                fails = misfits != 0;
            }
            case LONG_AVERAGE -> {
                double[] out = ((DoubleVector) results).values();
                for (int i = 0; i < count; i++) {
                    double sum = Int128.fitsLong(high[i], low[i]) ? low[i] : wide(high[i], low[i]);
                    out[i] = sum / counts[i];
                }
            }
            case DECIMAL_SUM -> {
                DecimalVector out = (DecimalVector) results;
                for (int i = 0; i < count; i++) {
                    boolean fits = (top == null || top[i] == high[i] >> 63) && Int128.isDecimal(high[i], low[i]);
                    failed[i] |= !fits;
                    fails |= !fits;
                    out.set(i, high[i], low[i]);
                }
            }
            case DECIMAL_AVERAGE -> {
                DecimalVector out = (DecimalVector) results;
                for (int i = 0; i < count; i++) {
                    if (counts[i] > 0) {
                        long upper = top == null ? high[i] >> 63 : top[i];
                        boolean fits = average(out, i, upper, high[i], low[i], counts[i]);
                        failed[i] |= !fits;
                        fails |= !fits;
                    }
                }
            }
        }
        return fails;
    }

    private static double wide(long high, long low) {
        double unsignedLow = low >= 0 ? low : low + TWO_TO_64;
        return high * TWO_TO_64 + unsignedLow;
    }

    /** Half up, away from zero. */
    private boolean average(DecimalVector out, int row, long top, long high, long low, long count) {
        if (top == high >> 63 && Int128.fitsLong(high, low) && factor.bitLength() < 64) {
            long by = factor.longValue();
            long scaled = low * by;
            if (Math.multiplyHigh(low, by) == scaled >> 63) {
                long quotient = scaled / count;
                long rest = Math.abs(scaled % count);
                if (rest >= count - rest) {
                    quotient += scaled < 0 ? -1 : 1;
                }
                out.set(row, quotient >> 63, quotient);
                return true;
            }
        }
        BigInteger lower = Int128.toBigInteger(0, low >>> 1).shiftLeft(1).add(BigInteger.valueOf(low & 1));
        BigInteger middle = Int128.toBigInteger(0, high >>> 1).shiftLeft(1).add(BigInteger.valueOf(high & 1));
        BigInteger sum = BigInteger.valueOf(top).shiftLeft(64).add(middle).shiftLeft(64).add(lower).multiply(factor);
        BigInteger divisor = BigInteger.valueOf(count);
        BigInteger[] parts = sum.divideAndRemainder(divisor);
        BigInteger quotient = parts[0];
        if (parts[1].abs().shiftLeft(1).compareTo(divisor) >= 0) {
            quotient = quotient.add(BigInteger.valueOf(sum.signum()));
        }
        long resultHigh = quotient.shiftRight(64).longValue();
        out.set(row, resultHigh, quotient.longValue());
        return quotient.bitLength() < 128 && Int128.isDecimal(resultHigh, quotient.longValue());
    }
}
