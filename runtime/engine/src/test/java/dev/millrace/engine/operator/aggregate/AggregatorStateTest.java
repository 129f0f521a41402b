// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator.aggregate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.batch.BooleanVector;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.DecimalVector;
import dev.millrace.engine.batch.DoubleVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.AggregateFunction;
import dev.millrace.engine.state.GroupSet;
import dev.millrace.engine.state.StateReader;
import dev.millrace.engine.state.StateWriter;
import dev.millrace.engine.type.SqlType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Groups that go from one aggregator into another, beside those that are there. */
class AggregatorStateTest {
    private static final int GROUPS = 20;

    static List<AggregateCall> calls() {
        List<AggregateCall> calls = new ArrayList<>();
        SqlType[] types = {SqlType.BIGINT, SqlType.DOUBLE, SqlType.decimal(38, 2), SqlType.BOOLEAN, SqlType.STRING};
        for (SqlType type : types) {
            calls.add(call(AggregateFunction.COUNT, type, SqlType.BIGINT));
            calls.add(call(AggregateFunction.MIN, type, type));
            calls.add(call(AggregateFunction.MAX, type, type));
            if (type.kind().isNumeric()) {
                calls.add(call(AggregateFunction.SUM, type, type));
                calls.add(call(AggregateFunction.AVG, type, type == SqlType.BIGINT ? SqlType.DOUBLE : type));
            }
        }
        return calls;
    }

    private static AggregateCall call(AggregateFunction function, SqlType operand, SqlType result) {
        return new AggregateCall(function, 0, false, AggregateCall.NO_FILTER, operand, result);
    }

    /** Rows of random groups; some groups get none if presence is tracked. Large values, so that sums go around. */
    private static Aggregator random(AggregateCall call, boolean tracked, Random random) {
        Aggregator aggregator = Aggregator.of(call);
        aggregator.reserve(GROUPS);
        if (tracked) {
            aggregator.trackPresence(0);
        }
        int[] groups = IntStream.range(0, 60)
                .map(i -> tracked ? random.nextInt(GROUPS) : i % GROUPS)
                .toArray();
        Vector operands = Vector.create(call.argumentType().storage(), groups.length);
        for (int row = 0; row < groups.length; row++) {
            switch (operands) {
                case LongVector v -> v.set(row, random.nextLong());
                case DoubleVector v -> v.set(row, random.nextInt(100));
                case DecimalVector v -> v.set(row, random.nextLong(), random.nextLong());
                case BooleanVector v -> v.set(row, random.nextInt(4) == 0);
                case BytesVector v -> v.append(row, "x".repeat(random.nextInt(30)) + random.nextInt(10));
            }
        }
        int[] rows = IntStream.range(0, groups.length).toArray();
        aggregator.update(operands, rows, groups, 0, groups.length);
        return aggregator;
    }

    /** What each group gives. */
    private static List<String> results(AggregateCall call, Aggregator aggregator) {
        int[] all = IntStream.range(0, GROUPS).toArray();
        Vector results = Vector.create(call.type().storage(), GROUPS);
        Misfits misfits = new Misfits();
        misfits.of(0);
        aggregator.write(all, all, 0, GROUPS, results, misfits);
        List<String> texts = new ArrayList<>();
        for (int row = 0; row < GROUPS; row++) {
            texts.add(misfits.has(row) ? "out of range" : results.isNull(row) ? "NULL" : switch (results) {
                case LongVector v -> "" + v.get(row);
                case DoubleVector v -> "" + v.get(row);
                case DecimalVector v -> v.high()[row] + " " + v.low()[row];
                case BooleanVector v -> "" + v.get(row);
                case BytesVector v -> v.getString(row);
            });
        }
        return texts;
    }

    @ParameterizedTest
    @MethodSource("calls")
    void shouldMoveGroupsUnderOtherNumbers(AggregateCall call) {
        for (long seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            Aggregator from = random(call, seed % 2 == 0, random);
            Aggregator into = random(call, seed % 4 < 2, random);
            List<String> expected = results(call, into);
            List<String> moved = results(call, from);
            int count = random.nextInt(GROUPS + 1);
            int first = random.nextInt(GROUPS - count + 1);
            GroupSet fromGroups = seed % 8 > 5 ? GroupSet.range(first, first + count) : some(count, random);
            GroupSet intoGroups = seed % 16 > 11 ? GroupSet.range(first, first + count) : some(count, random);
            StateWriter out = new StateWriter();
            from.save(out, fromGroups);
            StateReader in = new StateReader(out.finish());
            into.restore(in, intoGroups);
            assertTrue(in.isAtEnd());
            for (int i = 0; i < count; i++) {
                expected.set(intoGroups.id(i), moved.get(fromGroups.id(i)));
            }
            assertEquals(expected, results(call, into), "seed " + seed);
        }
    }

    @ParameterizedTest
    @MethodSource("calls")
    void shouldMakeSomeGroupsAsNew(AggregateCall call) {
        Aggregator fresh = Aggregator.of(call);
        fresh.reserve(GROUPS);
        fresh.trackPresence(0);
        for (long seed = 0; seed < 10; seed++) {
            Random random = new Random(seed);
            Aggregator aggregator = random(call, true, random);
            List<String> expected = results(call, aggregator);
            GroupSet groups = some(random.nextInt(GROUPS + 1), random);
            for (int i = 0; i < groups.count(); i++) {
                aggregator.reset(groups.id(i));
                expected.set(groups.id(i), results(call, fresh).get(groups.id(i)));
            }
            assertEquals(expected, results(call, aggregator), "seed " + seed);
        }
    }

    private static GroupSet some(int count, Random random) {
        List<Integer> ids = new ArrayList<>(IntStream.range(0, GROUPS).boxed().toList());
        Collections.shuffle(ids, random);
        return GroupSet.of(ids.stream().mapToInt(Integer::intValue).toArray(), count);
    }
}
