// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate.retract;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.math.BigInteger;

/** SUM of integers as BIGINT. */
final class LongSumTally extends Tally {
    private final ExactSum sum = new ExactSum();
    private long count;

    @Override
    public void add(Vector argument, int row) {
        sum.add(((LongVector) argument).get(row));
        count++;
    }

    @Override
    public void subtract(Vector argument, int row) {
        sum.subtract(((LongVector) argument).get(row));
        count--;
    }

    @Override
    public boolean write(Vector into, int row) {
        if (count == 0) {
            into.setNull(row);
            return true;
        }
        BigInteger value = sum.value();
        if (value.bitLength() >= Long.SIZE) {
            return false;
        }
        ((LongVector) into).set(row, value.longValue());
        return true;
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
