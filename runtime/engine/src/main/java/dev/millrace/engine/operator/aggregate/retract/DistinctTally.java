// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate.retract;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.HashMap;

/** An aggregate with DISTINCT: equal operands count once, as long as one of them is there. */
final class DistinctTally extends Tally {
    private final Tally once;
    private final Multiset operands;

    DistinctTally(Tally once, Storage storage, HeldBytes held, boolean forgets) {
        this.once = once;
        operands = new Multiset(new HashMap<>(), storage, held, forgets);
    }

    private static Object operand(Vector argument, int row) {
        Object operand = Operands.get(argument, row);
        // The two zeros are equal; adding one of them makes them the same.
        return operand instanceof Double number ? (Object) (number + 0.0) : operand;
    }

    @Override
    public void add(Vector argument, int row) {
        if (operands.add(operand(argument, row))) {
            once.add(argument, row);
        }
    }

    @Override
    public void subtract(Vector argument, int row) {
        if (operands.subtract(operand(argument, row))) {
            once.subtract(argument, row);
        }
    }

    @Override
    public boolean write(Vector into, int row) {
        return once.write(into, row);
    }

    @Override
    public void save(StateWriter out) {
        operands.save(out);
        once.save(out);
    }

    @Override
    public void restore(StateReader in) {
        operands.restore(in);
        once.restore(in);
    }

    @Override
    public void release() {
        operands.release();
        once.release();
    }
}
