// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate.retract;

import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;

/** COUNT. */
final class CountTally extends Tally {
    private long count;

    @Override
    public void add(Vector argument, int row) {
        count++;
    }

    @Override
    public void subtract(Vector argument, int row) {
        count--;
    }

    @Override
    public boolean write(Vector into, int row) {
        ((LongVector) into).set(row, count);
        return true;
    }

    @Override
    public void save(StateWriter out) {
        out.writeLong(count);
    }

    @Override
    public void restore(StateReader in) {
        count = in.readLong();
    }
}
