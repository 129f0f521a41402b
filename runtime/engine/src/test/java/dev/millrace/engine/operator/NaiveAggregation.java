// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.engine.operator;

import dev.millrace.engine.batch.RowKind;
import dev.millrace.engine.operator.OperatorVerifier.Event;
import dev.millrace.engine.operator.TestBatches.InputRow;
import dev.millrace.engine.plan.AggregateCall;
import dev.millrace.engine.plan.Emit;
import dev.millrace.engine.plan.Step;
import dev.millrace.engine.plan.Window;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/** GROUP BY as simply as it can be said: it keeps all operands and computes every result from them anew. */
final class NaiveAggregation {
    private static final BigInteger DECIMAL_LIMIT = BigInteger.TEN.pow(38);

    private static final class Group {
        /** How many came before it in its window. */
        private final int number;

        private final List<List<Object>> operands = new ArrayList<>();
        private List<Object> shown;
        private boolean isNew = true;

        Group(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    private final Step.Aggregate step;
    private final long unitsPerMilli;
    private final Coalesce coalesce;
    private final Predicate<List<Object>> having;
    private final Map<Long, Map<List<Object>, Group>> windows = new TreeMap<>();
    /** By window the groups whose changes are held back, with the latest of each, in the order in which they came. */
    private final Map<Long, Map<Group, List<Object>>> gathered = new TreeMap<>();

    private final List<TestRow> output = new ArrayList<>();
    private long watermark = Long.MIN_VALUE;
    private long late;
    private long closed;
    private long errors;

    NaiveAggregation(
            Step.Aggregate step, SqlType timeType, Coalesce coalesce, Predicate<List<Object>> having) {
        this.step = step;
        unitsPerMilli = timeType == null ? 1 : timeType.unitsPerSecond() / 1000;
        this.coalesce = coalesce;
        this.having = having;
    }

    List<TestRow> run(List<Event> events) {
        for (Event event : events) {
            switch (event) {
                case OperatorVerifier.Rows rows -> add(rows.rows());
                case OperatorVerifier.Watermark risen -> advanceTo(risen.value());
                case OperatorVerifier.Clock _ -> {
                }
                case OperatorVerifier.Show _ -> gathered.values().forEach(this::showGathered);
            }
        }
        return output;
    }

    long late() {
        return late;
    }

    long closed() {
        return closed;
    }

    long errors() {
        return errors;
    }

    private void add(List<InputRow> rows) {
        List<Runnable> changes = new ArrayList<>();
        Map<Group, Integer> lastChange = new java.util.IdentityHashMap<>();
        for (InputRow row : rows) {
            long start = 0;
            if (step.window() instanceof Window.Tumbling w) {
                BigInteger time = BigInteger.valueOf((Long) row.values().get(w.timeColumn()));
                long millis = Math.floorDiv(time.longValueExact(), unitsPerMilli);
                start = Math.floorDiv(millis - w.offsetMillis(), w.sizeMillis()) * w.sizeMillis() + w.offsetMillis();
                long closing = start + w.sizeMillis() - 1 + w.graceMillis();
                if (closing <= row.before()) {
                    late++;
                    continue;
                }
                if (closing <= watermark) {
                    closed++;
                    continue;
                }
            }
            List<Object> key = new ArrayList<>();
            step.keys().forEach(k -> key.add(normalised(row.values().get(k))));
            Map<List<Object>, Group> groups = windows.get(start);
            Group group = groups == null ? null : groups.get(key);
            if (group == null) {
                group = new Group(groups == null ? 0 : groups.size());
                for (int i = 0; i < step.aggregates().size(); i++) {
                    group.operands.add(new ArrayList<>());
                }
            }
            take(group, row);
            windows.computeIfAbsent(start, s -> new LinkedHashMap<>()).put(key, group);
            if (step.emit() == Emit.CHANGES) {
                Group changed = group;
                List<Object> result = result(start, key, group);
                if (coalesce == Coalesce.INTERVAL && having == null) {
                    gathered.computeIfAbsent(start, s -> new TreeMap<>(Comparator.comparingInt(Group::number)))
                            .put(group, result);
                    continue;
                }
                if (coalesce != Coalesce.NONE && lastChange.containsKey(group)) {
                    changes.set(lastChange.get(group), () -> {});
                }
                lastChange.put(group, changes.size());
                changes.add(() -> show(changed, result));
            }
        }
        changes.forEach(Runnable::run);
    }

    private void showGathered(Map<Group, List<Object>> changes) {
        changes.forEach(this::show);
        changes.clear();
    }

    private static Object normalised(Object key) {
        return key instanceof Double d ? (Object) (d + 0.0) : key;
    }

    /** @param result null if it can't be given */
    private void show(Group group, List<Object> result) {
        errors += result == null ? 1 : 0;
        if (result == null && group.shown == null) {
            return;
        }
        if (having == null) {
            output.add(new TestRow(group.isNew ? RowKind.INSERT : RowKind.UPDATE_AFTER, result));
            group.isNew = false;
        } else if (result != null && having.test(result)) {
            output.add(new TestRow(group.shown == null ? RowKind.INSERT : RowKind.UPDATE_AFTER, result));
            group.shown = result;
        } else if (group.shown != null) {
            output.add(new TestRow(RowKind.DELETE, group.shown));
            group.shown = null;
        }
    }

    private void take(Group group, InputRow row) {
        for (int i = 0; i < step.aggregates().size(); i++) {
            AggregateCall call = step.aggregates().get(i);
            List<Object> operands = group.operands.get(i);
            Object operand = call.argument() < 0 ? "row" : row.values().get(call.argument());
            boolean counts = operand != null
                    && (call.filter() < 0 || Boolean.TRUE.equals(row.values().get(call.filter())));
            if (counts && !(call.distinct() && operands.contains(normalised(operand)))) {
                operands.add(call.distinct() ? normalised(operand) : operand);
            }
        }
    }

    private static BigInteger sum(List<Object> operands) {
        BigInteger sum = BigInteger.ZERO;
        for (Object operand : operands) {
            sum = sum.add(operand instanceof Long l ? BigInteger.valueOf(l) : (BigInteger) operand);
        }
        return sum;
    }

    private static boolean fits(AggregateCall call, Object result) {
        boolean isLong = call.type().storage() == Storage.LONG;
        return !(result instanceof BigInteger value)
                || (isLong ? value.bitLength() < Long.SIZE : value.abs().compareTo(DECIMAL_LIMIT) < 0);
    }

    /** Null if it is beyond the types. */
    private List<Object> result(long start, List<Object> key, Group group) {
        List<Object> result = new ArrayList<>();
        if (step.window() instanceof Window.Tumbling w) {
            result.add(start);
            result.add(start + w.sizeMillis());
        }
        result.addAll(key);
        for (int i = 0; i < step.aggregates().size(); i++) {
            AggregateCall call = step.aggregates().get(i);
            Object exact = result(call, group.operands.get(i));
            if (!fits(call, exact)) {
                return null;
            }
            boolean isLong = call.type().storage() == Storage.LONG;
            result.add(isLong && exact instanceof BigInteger sum ? (Object) sum.longValue() : exact);
        }
        return result;
    }

    private static Object result(AggregateCall call, List<Object> operands) {
        boolean isDouble = call.argumentType() != null && call.argumentType().storage() == Storage.DOUBLE;
        if (operands.isEmpty()) {
            return switch (call.function()) {
                case COUNT -> 0L;
                case SUM, AVG, MIN, MAX -> null;
            };
        }
        return switch (call.function()) {
            case COUNT -> (long) operands.size();
            case MIN -> new LinkedHashSet<>(operands).stream().min(NaiveAggregation::compare).get();
            case MAX -> new LinkedHashSet<>(operands).stream().max(NaiveAggregation::compare).get();
            case SUM -> {
                if (isDouble) {
                    yield operands.stream().mapToDouble(o -> (Double) o).reduce(0, Double::sum);
                }
                yield sum(operands);
            }
            case AVG -> {
                if (isDouble) {
                    yield operands.stream().mapToDouble(o -> (Double) o).reduce(0, Double::sum) / operands.size();
                }
                int scale = call.argumentType().scale();
                BigDecimal sum = new BigDecimal(sum(operands), scale);
                BigDecimal count = BigDecimal.valueOf(operands.size());
                if (call.type().storage() == Storage.DOUBLE) {
                    yield sum.divide(count, 30, RoundingMode.HALF_UP).doubleValue();
                }
                yield sum.divide(count, call.type().scale(), RoundingMode.HALF_UP).unscaledValue();
            }
        };
    }

    private static int compare(Object a, Object b) {
        return switch (a) {
            case Long x -> x.compareTo((Long) b);
            case Double x -> x.compareTo((Double) b);
            case BigInteger x -> x.compareTo((BigInteger) b);
            case Boolean x -> x.compareTo((Boolean) b);
            case String x -> x.compareTo((String) b);
            default -> throw new IllegalArgumentException();
        };
    }

    private void advanceTo(long risen) {
        boolean first = watermark != Long.MAX_VALUE;
        watermark = risen;
        boolean isFinal = step.emit() == Emit.FINAL;
        if (step.window() == null) {
            if (risen == Long.MAX_VALUE && first) {
                gathered.values().forEach(this::showGathered);
                Map<List<Object>, Group> groups = windows.getOrDefault(0L, Map.of());
                if (groups.isEmpty() && step.keys().isEmpty()) {
                    List<Object> result = new ArrayList<>();
                    step.aggregates().forEach(call -> result.add(result(call, List.of())));
                    if (having == null || having.test(result)) {
                        output.add(new TestRow(RowKind.INSERT, result));
                    }
                }
                if (isFinal) {
                    close(0, groups);
                }
            }
            return;
        }
        Window.Tumbling window = (Window.Tumbling) step.window();
        var iterator = windows.entrySet().iterator();
        while (iterator.hasNext()) {
            var entry = iterator.next();
            if (entry.getKey() + window.sizeMillis() - 1 + window.graceMillis() <= risen) {
                if (isFinal) {
                    close(entry.getKey(), entry.getValue());
                }
                showGathered(gathered.getOrDefault(entry.getKey(), new TreeMap<>()));
                iterator.remove();
            }
        }
    }

    private void close(long start, Map<List<Object>, Group> groups) {
        groups.forEach((key, group) -> {
            List<Object> result = result(start, key, group);
            if (result == null) {
                errors++;
            } else if (having == null || having.test(result)) {
                output.add(new TestRow(RowKind.INSERT, result));
            }
        });
    }
}
