// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate.retract;

import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.Storage;
import java.util.Map;

/** The operands of a group, each with how often it was added. */
final class Multiset {
    private final Map<Object, Long> counts;
    private final Storage storage;
    private final HeldBytes held;
    private final boolean forgets;

    /**
     * @param counts an empty map
     * @param forgets whether operands may be taken out that were never added here: then nothing happens
     */
    Multiset(Map<Object, Long> counts, Storage storage, HeldBytes held, boolean forgets) {
        this.forgets = forgets;
        this.counts = counts;
        this.storage = storage;
        this.held = held;
    }

    /** Whether it is the first of its kind. */
    boolean add(Object operand) {
        boolean first = counts.merge(operand, 1L, Long::sum) == 1;
        if (first) {
            held.add(Operands.bytes(operand));
        }
        return first;
    }

    /** Whether it was the last of its kind. */
    boolean subtract(Object operand) {
        Long count = counts.get(operand);
        if (count == null && forgets) {
            return false;
        }
        if (count == null) {
            throw new IllegalStateException("a row is taken out that was never added");
        }
        if (count > 1) {
            counts.put(operand, count - 1);
            return false;
        }
        counts.remove(operand);
        held.add(-Operands.bytes(operand));
        return true;
    }

    void release() {
        counts.keySet().forEach(operand -> held.add(-Operands.bytes(operand)));
    }

    void save(StateWriter out) {
        out.writeInt(counts.size());
        counts.forEach((operand, count) -> {
            Operands.save(operand, out);
            out.writeLong(count);
        });
    }

    void restore(StateReader in) {
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            Object operand = Operands.restore(storage, in);
            counts.put(operand, in.readLong());
            held.add(Operands.bytes(operand));
        }
    }
}
