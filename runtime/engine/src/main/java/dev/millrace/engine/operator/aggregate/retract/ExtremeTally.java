// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate.retract;

import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.TreeMap;

/** MIN and MAX: all operands in order, since the least can go and the next one then is it. */
final class ExtremeTally extends Tally {
    private final boolean greatest;
    private final TreeMap<Object, Long> sorted = new TreeMap<>(Operands::compare);
    private final Multiset operands;

    ExtremeTally(Storage storage, boolean greatest, HeldBytes held, boolean forgets) {
        this.greatest = greatest;
        operands = new Multiset(sorted, storage, held, forgets);
    }

    @Override
    public void add(Vector argument, int row) {
        operands.add(Operands.get(argument, row));
    }

    @Override
    public void subtract(Vector argument, int row) {
        operands.subtract(Operands.get(argument, row));
    }

    @Override
    public boolean write(Vector into, int row) {
        if (sorted.isEmpty()) {
            into.setNull(row);
        } else {
            Operands.set(into, row, greatest ? sorted.lastKey() : sorted.firstKey());
        }
        return true;
    }

    @Override
    public void save(StateWriter out) {
        operands.save(out);
    }

    @Override
    public void restore(StateReader in) {
        operands.restore(in);
    }

    @Override
    public void release() {
        operands.release();
    }
}
