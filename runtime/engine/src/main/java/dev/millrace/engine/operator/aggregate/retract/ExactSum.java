// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate.retract;

import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.math.BigInteger;

/** A sum of integers without a limit; one of small integers costs no more than a long. */
final class ExactSum {
    private long low;

    /** What left the range of {@link #low}. */
    private BigInteger rest = BigInteger.ZERO;

    void add(long value) {
        long sum = low + value;
        // The sign bit is set if both operands have the sign that the sum doesn't have.
        if (((low ^ sum) & (value ^ sum)) < 0) {
            rest = rest.add(BigInteger.valueOf(low));
            sum = value;
        }
        low = sum;
    }

    void subtract(long value) {
        if (value == Long.MIN_VALUE) {
            rest = rest.subtract(BigInteger.valueOf(value));
        } else {
            add(-value);
        }
    }

    void add(BigInteger value) {
        rest = rest.add(value);
    }

    BigInteger value() {
        return rest.signum() == 0 ? BigInteger.valueOf(low) : rest.add(BigInteger.valueOf(low));
    }

    /** The sum as a double, rounded once. */
    double doubleValue() {
        return rest.signum() == 0 ? low : value().doubleValue();
    }

    void save(StateWriter out) {
        byte[] bytes = value().toByteArray();
        out.writeInt(bytes.length);
        out.writeBytes(bytes, 0, bytes.length);
    }

    void restore(StateReader in) {
        byte[] bytes = new byte[in.readInt()];
        in.readBytes(bytes, 0, bytes.length);
        BigInteger value = new BigInteger(bytes);
        boolean fits = value.bitLength() < Long.SIZE;
        low = fits ? value.longValue() : 0;
        rest = fits ? BigInteger.ZERO : value;
    }
}
