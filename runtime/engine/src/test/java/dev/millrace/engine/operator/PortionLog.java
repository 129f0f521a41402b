// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A row of portions of state, with images that begin and slices that are as large as chance wants. */
final class PortionLog {
    private static final long[] SLICES = {0, 1, 300, 3_000, 100_000, Long.MAX_VALUE};

    private final Random random;
    private final List<List<byte[]>> portions = new ArrayList<>();

    /** The portions with which images begin that are complete by now. */
    private final List<Integer> begins = new ArrayList<>();

    private int lastBegin = -1;

    PortionLog(Random random) {
        this.random = random;
    }

    /** Takes a portion of an operator; with the first an image begins. */
    void append(Operator operator) {
        append(operator, portions.isEmpty() || random.nextInt(6) == 0, SLICES[random.nextInt(SLICES.length)]);
    }

    /** Takes a portion of an operator; gives its size in bytes. */
    long append(Operator operator, boolean begin, long slice) {
        if (random.nextInt(4) == 0) {
            // To write all must not matter to the portions.
            operator.save(new StateWriter());
        }
        StateWriter out = new StateWriter();
        boolean complete = operator.savePortion(out, begin, slice);
        lastBegin = begin ? portions.size() : lastBegin;
        if (complete && (begins.isEmpty() || begins.getLast() != lastBegin)) {
            begins.add(lastBegin);
        }
        long size = out.size();
        portions.add(out.finish());
        return size;
    }

    /** Whether an image is complete. */
    boolean holdsAll() {
        return !begins.isEmpty();
    }

    /** Restores a new operator from the last complete image, or one before it. */
    void restore(Operator operator) {
        int first = begins.get(begins.size() - 1 - Math.min(begins.size() - 1, random.nextInt(4)));
        for (List<byte[]> portion : portions.subList(first, portions.size())) {
            StateReader in = new StateReader(portion);
            operator.restorePortion(in);
            assertTrue(in.isAtEnd(), "something was saved but not restored");
        }
        operator.restored();
    }
}
