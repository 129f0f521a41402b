// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.operator.OperatorVerifier.Event;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Random upserts and deletes, by key. */
final class Upserts {
    static final Schema SCHEMA = Schema.of(
            new Column("id", SqlType.BIGINT),
            new Column("name", SqlType.STRING),
            new Column("quantity", SqlType.BIGINT),
            new Column("price", SqlType.DOUBLE),
            new Column("amount", SqlType.decimal(30, 2)),
            new Column("paid", SqlType.BOOLEAN),
            new Column("fee", SqlType.decimal(9, 2)));

    private Upserts() {}

    static InputRow upsert(long position, Object... values) {
        return new InputRow(Arrays.asList(values), position, Long.MIN_VALUE);
    }

    static InputRow delete(long position, long id) {
        Object[] values = new Object[SCHEMA.size()];
        values[0] = id;
        return new InputRow(Arrays.asList(values), position, Long.MIN_VALUE, RowKind.DELETE);
    }

    /** @param keys how many different keys there are */
    static List<InputRow> random(Random random, int count, int keys) {
        List<InputRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long id = random.nextInt(keys);
            if (random.nextInt(4) == 0) {
                rows.add(delete(i, id));
                continue;
            }
            rows.add(upsert(
                    i,
                    id,
                    or(random, "group " + "x".repeat(random.nextInt(4))),
                    or(random, (long) random.nextInt(5)),
                    or(random, price(random)),
                    or(random, BigInteger.valueOf(random.nextInt(1000)).multiply(BigInteger.TEN.pow(20))),
                    or(random, random.nextBoolean()),
                    or(random, (long) random.nextInt(100))));
        }
        return rows;
    }

    private static Object or(Random random, Object value) {
        return random.nextInt(6) == 0 ? null : value;
    }

    /** Sums of these depend on the order, if they are rounded at every step. */
    private static double price(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> 1e300;
            case 1 -> Double.POSITIVE_INFINITY;
            case 2 -> Double.NaN;
            case 3 -> -0.0;
            default -> random.nextInt(100) / 10.0;
        };
    }

    /** Events in batches of random sizes, and the end of the input. */
    static List<Event> events(List<InputRow> rows, Random random) {
        List<Event> events = new ArrayList<>();
        for (int from = 0; from < rows.size();) {
            int to = Math.min(rows.size(), from + 1 + random.nextInt(40));
            events.add(new OperatorVerifier.Rows(rows.subList(from, to)));
            from = to;
        }
        events.add(new OperatorVerifier.Watermark(Long.MAX_VALUE));
        return events;
    }
}
