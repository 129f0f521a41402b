// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.plan.OverCall;
import dev.millrace.engine.plan.OverFunction;
import dev.millrace.engine.type.SqlType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** OVER in the plainest way: every frame is cut out of the list of its key's rows and looked at anew. */
final class NaiveOver {
    private static final BigInteger DECIMAL_LIMIT = BigInteger.TEN.pow(38);

    private NaiveOver() {}

    /** The rows with their results, and without those whose result is out of range. */
    static List<TestRow> results(List<List<Object>> ordered, List<Integer> keys, List<OverCall> calls) {
        Map<List<Object>, List<List<Object>>> byKey = new HashMap<>();
        List<TestRow> results = new ArrayList<>();
        for (List<Object> row : ordered) {
            List<List<Object>> sameKey = byKey.computeIfAbsent(
                    keys.stream().map(row::get).collect(ArrayList::new, List::add, List::addAll),
                    _ -> new ArrayList<>());
            sameKey.add(row);
            List<Object> values = new ArrayList<>(row);
            boolean fits = true;
            for (OverCall call : calls) {
                Object value = value(call, sameKey, row);
                fits &= fits(value, call.type());
                values.add(value instanceof BigInteger wide && call.type().storage().name().equals("LONG") && fits
                        ? (Object) wide.longValueExact() : value);
            }
            if (fits) {
                results.add(TestRow.insert(values.toArray()));
            }
        }
        return results;
    }

    private static boolean fits(Object value, SqlType type) {
        if (!(value instanceof BigInteger number)) {
            return true;
        }
        return type.storage().name().equals("LONG") ? number.bitLength() < 64
                : number.abs().compareTo(DECIMAL_LIMIT) < 0;
    }

    private static Object value(OverCall call, List<List<Object>> rows, List<Object> current) {
        int last = rows.size() - 1;
        if (call.function() == OverFunction.LAG) {
            int before = last - call.rows();
            return before >= 0 ? rows.get(before).get(call.argument())
                    : call.otherwise() < 0 ? null : current.get(call.otherwise());
        }
        int first = call.rows() == OverCall.UNBOUNDED ? 0 : Math.max(0, last - call.rows() + 1);
        List<List<Object>> frame = rows.subList(first, last + 1);
        if (call.argument() == OverCall.NO_ARGUMENT) {
            return (long) frame.size();
        }
        List<Object> values = frame.stream().map(row -> row.get(call.argument())).filter(Objects::nonNull).toList();
        if (call.function() == OverFunction.COUNT) {
            return (long) values.size();
        }
        if (values.isEmpty()) {
            return null;
        }
        return switch (call.function()) {
            case MIN -> values.stream().min(NaiveOver::compare).orElseThrow();
            case MAX -> values.stream().max(NaiveOver::compare).orElseThrow();
            case SUM -> call.argumentType().storage().name().equals("DOUBLE")
                    ? (Object) values.stream().mapToDouble(value -> (Double) value).sum() : sum(values);
            case AVG -> average(call, values);
            default -> throw new IllegalArgumentException(call.toString());
        };
    }

    private static Object average(OverCall call, List<Object> values) {
        if (call.argumentType().storage().name().equals("DOUBLE")) {
            return values.stream().mapToDouble(value -> (Double) value).sum() / values.size();
        }
        int scale = call.argumentType().scale();
        BigDecimal count = BigDecimal.valueOf(values.size());
        return call.type().storage().name().equals("DOUBLE")
                ? (Object) new BigDecimal(sum(values)).divide(count, 20, RoundingMode.HALF_UP).doubleValue()
                : new BigDecimal(sum(values), scale).divide(count, call.type().scale(), RoundingMode.HALF_UP)
                        .unscaledValue();
    }

    private static BigInteger sum(List<Object> values) {
        BigInteger sum = BigInteger.ZERO;
        for (Object value : values) {
            sum = sum.add(value instanceof BigInteger number ? number : BigInteger.valueOf((Long) value));
        }
        return sum;
    }

    private static int compare(Object left, Object right) {
        return switch (left) {
            case String text -> Arrays.compareUnsigned(
                    text.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    ((String) right).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case Long number -> number.compareTo((Long) right);
            case Double number -> Comparator.<Double>naturalOrder().compare(number, (Double) right);
            case Boolean bool -> bool.compareTo((Boolean) right);
            case BigInteger number -> number.compareTo((BigInteger) right);
            default -> throw new IllegalArgumentException(left.toString());
        };
    }
}
