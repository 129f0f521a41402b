// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.SqlType;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** State of sums as it was before sums could leave their range: version 1 of the operators' state. */
class SumStateTest {
    private static final int[] FIRST = {0};

    private static StateReader versionOne(Consumer<StateWriter> content) {
        StateWriter out = new StateWriter();
        content.accept(out);
        StateReader in = new StateReader(out.finish());
        in.setVersion(1);
        return in;
    }

    @Test
    void shouldReadSumsOfIntegers() {
        StateReader in = versionOne(out -> {
            out.writeLong(42);
            out.writeBoolean(true);
            out.writeLong(1);
        });
        Aggregator sum = new LongSumAggregator();
        sum.restore(in, 1);
        assertTrue(in.isAtEnd());
        LongVector result = new LongVector(1);
        sum.write(FIRST, FIRST, 0, 1, result, new Misfits());
        assertEquals(42, result.get(0));
    }

    @Test
    void shouldReadSumsAndAveragesOfDecimals() {
        StateReader sums = versionOne(out -> {
            out.writeLong(-1);
            out.writeLong(-42);
            out.writeBoolean(false);
        });
        StateReader averages = versionOne(out -> {
            out.writeLong(-1);
            out.writeLong(-42);
            out.writeLong(2);
        });
        DecimalVector result = new DecimalVector(1);
        Aggregator sum = new DecimalSumAggregator();
        sum.restore(sums, 1);
        assertTrue(sums.isAtEnd());
        sum.write(FIRST, FIRST, 0, 1, result, new Misfits());
        assertEquals(-42, result.low()[0]);
        Aggregator average = new DecimalAverageAggregator(SqlType.decimal(38, 6), SqlType.decimal(38, 6));
        average.restore(averages, 1);
        assertTrue(averages.isAtEnd());
        average.write(FIRST, FIRST, 0, 1, result, new Misfits());
        assertEquals(-21, result.low()[0]);
    }
}
