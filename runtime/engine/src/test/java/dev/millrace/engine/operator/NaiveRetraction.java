// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.type.Storage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** GROUP BY over the latest row of every key, computed anew from all of them after each one. */
final class NaiveRetraction {
    private final Step.Aggregate step;
    private final Predicate<List<Object>> having;
    private final Map<Object, List<Object>> latest = new LinkedHashMap<>();
    private final Map<List<Object>, List<Object>> shown = new HashMap<>();
    private final List<TestRow> output = new ArrayList<>();

    NaiveRetraction(Step.Aggregate step, Predicate<List<Object>> having) {
        this.step = step;
        this.having = having;
    }

    List<TestRow> run(List<InputRow> rows) {
        for (InputRow row : rows) {
            Object id = row.values().getFirst();
            List<Object> before = row.kind() == RowKind.DELETE ? latest.remove(id) : latest.put(id, row.values());
            List<List<Object>> touched = new ArrayList<>();
            if (before != null) {
                touched.add(key(before));
            }
            if (row.kind() != RowKind.DELETE && !touched.contains(key(row.values()))) {
                touched.add(key(row.values()));
            }
            touched.forEach(this::show);
        }
        return output;
    }

    private List<Object> key(List<Object> row) {
        List<Object> key = new ArrayList<>();
        step.keys().forEach(column -> key.add(row.get(column)));
        return key;
    }

    private void show(List<Object> key) {
        List<List<Object>> rows = latest.values().stream().filter(row -> key(row).equals(key)).toList();
        List<Object> result = new ArrayList<>(key);
        step.aggregates().forEach(call -> result.add(result(call, rows)));
        boolean exists = (!rows.isEmpty() || key.isEmpty()) && having.test(result);
        List<Object> before = exists ? shown.put(key, result) : shown.remove(key);
        if (!exists && before != null) {
            output.add(new TestRow(RowKind.DELETE, before));
        } else if (exists && !result.equals(before)) {
            output.add(new TestRow(before == null ? RowKind.INSERT : RowKind.UPDATE_AFTER, result));
        }
    }

    private static Object result(AggregateCall call, List<List<Object>> rows) {
        List<Object> operands = new ArrayList<>();
        for (List<Object> row : rows) {
            boolean counts = call.filter() == AggregateCall.NO_FILTER || Boolean.TRUE.equals(row.get(call.filter()));
            Object operand = call.argument() == AggregateCall.NO_ARGUMENT ? (Object) 1L : row.get(call.argument());
            Object normal = call.distinct() && operand instanceof Double d ? (Object) (d + 0.0) : operand;
            if (counts && operand != null && !(call.distinct() && operands.contains(normal))) {
                operands.add(normal);
            }
        }
        return switch (call.function()) {
            case COUNT -> (long) operands.size();
            case SUM -> operands.isEmpty() ? null : sum(call, operands);
            case AVG -> operands.isEmpty() ? null : average(call, operands);
            case MIN -> operands.stream().min(NaiveRetraction::compare).orElse(null);
            case MAX -> operands.stream().max(NaiveRetraction::compare).orElse(null);
        };
    }

    private static int compare(Object a, Object b) {
        return switch (a) {
            case Long x -> x.compareTo((Long) b);
            case Double x -> x.compareTo((Double) b);
            case Boolean x -> x.compareTo((Boolean) b);
            case BigInteger x -> x.compareTo((BigInteger) b);
            default -> Comparator.<String>naturalOrder().compare((String) a, (String) b);
        };
    }

    private static Object sum(AggregateCall call, List<Object> operands) {
        if (call.argumentType().storage() == Storage.DOUBLE) {
            return doubles(operands);
        }
        BigInteger sum = integers(operands);
        return call.type().storage() == Storage.LONG ? (Object) sum.longValueExact() : sum;
    }

    private static double doubles(List<Object> operands) {
        double special = 0;
        BigDecimal exact = BigDecimal.ZERO;
        for (Object operand : operands) {
            double value = (Double) operand;
            if (Double.isFinite(value)) {
                exact = exact.add(new BigDecimal(value));
            } else {
                special += value;
            }
        }
        return special != 0 ? special : exact.doubleValue();
    }

    private static BigInteger integers(List<Object> operands) {
        BigInteger sum = BigInteger.ZERO;
        for (Object operand : operands) {
            sum = sum.add(operand instanceof Long value ? BigInteger.valueOf(value) : (BigInteger) operand);
        }
        return sum;
    }

    private static Object average(AggregateCall call, List<Object> operands) {
        if (call.argumentType().storage() == Storage.DOUBLE) {
            return doubles(operands) / operands.size();
        }
        BigInteger sum = integers(operands);
        if (call.type().storage() == Storage.DOUBLE) {
            return sum.doubleValue() / operands.size();
        }
        return new BigDecimal(sum, call.argumentType().scale())
                .divide(BigDecimal.valueOf(operands.size()), call.type().scale(), RoundingMode.HALF_UP)
                .unscaledValue();
    }
}
