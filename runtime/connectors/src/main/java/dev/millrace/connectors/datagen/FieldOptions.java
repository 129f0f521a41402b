// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.datagen;

import dev.millrace.connectors.numbered.NumberedSplits;
import dev.millrace.connectors.options.TableOptions;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.NearestName;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.Storage;
import dev.millrace.engine.type.TypeKind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The options {@code fields.NAME.…} of one column. */
final class FieldOptions {
    /** Of texts and byte strings without a bound of their own. */
    static final int DEFAULT_LENGTH = 100;

    private static final String PREFIX = "fields.";
    private static final String KIND = "kind";
    private static final String MIN = "min";
    private static final String MAX = "max";
    private static final String LENGTH = "length";
    private static final String VAR_LEN = "var-len";
    private static final String MAX_PAST = "max-past";
    private static final String START = "start";
    private static final String END = "end";
    private static final String NULL_RATE = "null-rate";
    private static final List<String> ALL =
            List.of(KIND, MIN, MAX, LENGTH, VAR_LEN, MAX_PAST, START, END, NULL_RATE);

    private static final int LENGTH_MAX = 1 << 20;
    private static final Duration MAX_PAST_MAX = Duration.ofDays(36_500);
    private static final long MONTHS_MAX = 120_000;
    private static final long INTERVAL_MILLIS_MAX = Duration.ofDays(3_650_000).toMillis();
    private static final int FLOAT_BITS = 24;
    private static final int DOUBLE_BITS = 53;

    private final TableOptions options;
    private final String table;
    private final Column column;
    private final SqlType type;
    private final boolean isSequence;

    /**
     * @throws MillraceException if the column's kind is none, or an option is set that the column's type does not have
     */
    FieldOptions(TableDefinition table, Column column) {
        options = new TableOptions(table);
        this.table = table.name();
        this.column = column;
        type = column.type();
        isSequence = options.choice(name(KIND), "random", List.of("random", "sequence")).equals("sequence");
        if (isSequence && !hasSequence()) {
            throw options.invalid(name(KIND),
                    "column \"" + column.name() + "\" is " + type + ": it can be random only");
        }
        Set<String> meaningful = meaningful();
        for (String attribute : ALL) {
            if (options.has(name(attribute)) && !meaningful.contains(attribute)) {
                throw options.invalid(
                        name(attribute),
                        "column \"" + column.name() + "\" is " + type + ", of kind "
                                + (isSequence ? "sequence" : "random") + ": it takes " + String.join(", ", meaningful));
            }
        }
    }

    /**
     * The names of all options of this kind that a table has set.
     *
     * @throws MillraceException if one names no column, or is none
     */
    static Set<String> names(TableDefinition table) {
        List<String> columns = table.schema().columns().stream().map(Column::name).toList();
        Set<String> names = new TreeSet<>();
        for (String name : table.options().keySet()) {
            int dot = name.lastIndexOf('.');
            if (!name.startsWith(PREFIX) || dot < PREFIX.length()) {
                continue;
            }
            String column = name.substring(PREFIX.length(), dot);
            String attribute = name.substring(dot + 1);
            if (!columns.contains(column)) {
                throw unknown(table, name, NearestName.hint(column, columns, "columns"));
            }
            if (!ALL.contains(attribute)) {
                throw unknown(table, name, NearestName.hint(attribute, ALL, "options of a column"));
            }
            names.add(name);
        }
        return names;
    }

    private static MillraceException unknown(TableDefinition table, String name, String hint) {
        return new MillraceException(
                ErrorCode.OPTION_UNKNOWN,
                "option '" + name + "' of table \"" + table.name() + "\" is not known", hint);
    }

    private String name(String attribute) {
        return PREFIX + column.name() + "." + attribute;
    }

    private boolean hasSequence() {
        return type.kind().isNumeric() || type.kind().isCharacter();
    }

    private Set<String> meaningful() {
        Set<String> names = new TreeSet<>(Set.of(KIND));
        if (type.nullable()) {
            names.add(NULL_RATE);
        }
        if (isSequence) {
            names.addAll(Set.of(START, END));
            return names;
        }
        switch (type.kind()) {
            case TINYINT, SMALLINT, INTEGER, BIGINT, FLOAT, DOUBLE, DECIMAL, INTERVAL_MONTH, INTERVAL_MILLIS ->
                    names.addAll(Set.of(MIN, MAX));
            case VARCHAR, VARBINARY -> names.addAll(Set.of(LENGTH, VAR_LEN));
            case TIMESTAMP, TIMESTAMP_LTZ -> names.add(MAX_PAST);
            case BOOLEAN, CHAR, BINARY, DATE, TIME, NULL -> {}
        }
        return names;
    }

    /** How many rows the column allows: those of its sequence. */
    long rows() {
        return isSequence ? sequenceEnd() - sequenceStart() + 1 : NumberedSplits.UNBOUNDED;
    }

    /** About how many bytes a value has in memory, at most. */
    int valueBytes() {
        return type.storage() == Storage.BYTES && !isSequence ? length() : 16;
    }

    /**
     * What makes the column's values.
     *
     * @param tableSeed the seed of all columns
     * @param startMillis the time of row 0, since 1970
     */
    ColumnGenerator generator(long tableSeed, long startMillis, long rowsPerSecond) {
        long seed = Hashes.seed(tableSeed, column.name());
        ColumnGenerator values = isSequence ? sequence() : random(seed, startMillis, rowsPerSecond);
        double nullRate = nullRate();
        return nullRate == 0 ? values : new WithNulls(values, Hashes.other(seed), nullRate);
    }

    private ColumnGenerator sequence() {
        return new Sequence(sequenceStart(), type.scale());
    }

    private ColumnGenerator random(long seed, long startMillis, long rowsPerSecond) {
        return switch (type.kind()) {
            case BOOLEAN -> new RandomBooleans(seed);
            case TINYINT -> integers(seed, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SMALLINT -> integers(seed, Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> integers(seed, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case BIGINT -> integers(seed, Long.MIN_VALUE, Long.MAX_VALUE);
            case INTERVAL_MONTH -> integers(seed, 0, MONTHS_MAX);
            case INTERVAL_MILLIS -> integers(seed, 0, INTERVAL_MILLIS_MAX);
            case FLOAT -> doubles(seed, Float.MAX_VALUE);
            case DOUBLE -> doubles(seed, Double.MAX_VALUE);
            case DECIMAL -> decimals(seed);
            case CHAR, VARCHAR, BINARY, VARBINARY -> {
                boolean isVariable = options.flag(name(VAR_LEN), false);
                yield new RandomBytes(seed, length(), isVariable, type.kind().isCharacter());
            }
            case DATE, TIME, TIMESTAMP, TIMESTAMP_LTZ ->
                    new RowTimes(seed, type, startMillis, rowsPerSecond, maxPast().toMillis());
            case NULL -> throw new MillraceException(
                    ErrorCode.TYPE_NOT_SUPPORTED,
                    "column \"" + column.name() + "\" of table \"" + table + "\" has no type", "give it one");
        };
    }

    private ColumnGenerator integers(long seed, long typeMin, long typeMax) {
        long min = options.integer(name(MIN), typeMin, typeMin, typeMax);
        long max = options.integer(name(MAX), typeMax, typeMin, typeMax);
        checkOrder(min <= max, MIN, MAX);
        return new RandomLongs(seed, min, max);
    }

    private ColumnGenerator doubles(long seed, double typeMax) {
        double min = number(MIN, -typeMax, typeMax);
        double max = number(MAX, typeMax, typeMax);
        checkOrder(min <= max, MIN, MAX);
        return new RandomDoubles(seed, min, max, type.kind() == TypeKind.FLOAT);
    }

    private double number(String attribute, double defaultValue, double typeMax) {
        double value = options.number(name(attribute), BigDecimal.valueOf(defaultValue)).doubleValue();
        value = type.kind() == TypeKind.FLOAT ? (float) value : value;
        if (Math.abs(value) > typeMax) {
            throw options.invalid(name(attribute), "it takes a number that a " + type.kind() + " can be");
        }
        return value;
    }

    private ColumnGenerator decimals(long seed) {
        BigInteger most = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
        BigInteger min = unscaled(MIN, most.negate(), most);
        BigInteger max = unscaled(MAX, most, most);
        checkOrder(min.compareTo(max) <= 0, MIN, MAX);
        return type.storage() == Storage.LONG
                ? new RandomLongs(seed, min.longValueExact(), max.longValueExact())
                : new RandomDecimals(seed, min, max);
    }

    private BigInteger unscaled(String attribute, BigInteger defaultValue, BigInteger most) {
        BigDecimal value = options.number(name(attribute), new BigDecimal(defaultValue, type.scale()));
        if (value.stripTrailingZeros().scale() <= type.scale()) {
            BigInteger unscaled = value.setScale(type.scale()).unscaledValue();
            if (unscaled.abs().compareTo(most) <= 0) {
                return unscaled;
            }
        }
        throw options.invalid(name(attribute), "it takes a number that a " + type.withNullable(true) + " can be");
    }

    private int length() {
        int typeLength = type.precision();
        if (type.kind() == TypeKind.CHAR || type.kind() == TypeKind.BINARY) {
            return typeLength;
        }
        int most = Math.min(typeLength, LENGTH_MAX);
        return (int) options.integer(name(LENGTH), Math.min(DEFAULT_LENGTH, most), 1, most);
    }

    private Duration maxPast() {
        Duration maxPast = options.duration(name(MAX_PAST), Duration.ZERO, Duration.ZERO);
        if (maxPast.compareTo(MAX_PAST_MAX) > 0) {
            throw options.invalid(name(MAX_PAST), "it takes a duration of at most " + MAX_PAST_MAX.toDays() + " d");
        }
        return maxPast;
    }

    private double nullRate() {
        double rate = options.number(name(NULL_RATE), BigDecimal.ZERO).doubleValue();
        if (rate < 0 || rate > 1) {
            throw options.invalid(name(NULL_RATE), "it takes a share from 0 to 1, such as 0.1");
        }
        return rate;
    }

    private long sequenceStart() {
        return sequenceBound(START, "1");
    }

    private long sequenceEnd() {
        long start = sequenceStart();
        long end = sequenceBound(END, "1000");
        checkOrder(start <= end, START, END);
        if (end - start < 0 || end - start >= NumberedSplits.ROWS_MAX) {
            throw options.invalid(name(END), "a sequence has at most " + NumberedSplits.ROWS_MAX + " values");
        }
        return end;
    }

    private long sequenceBound(String attribute, String example) {
        options.required(name(attribute), example);
        long max = sequenceMax();
        long min = type.kind().isInteger() ? -max - 1 : -max;
        if (type.kind().isCharacter()) {
            // The sign takes a character.
            min = -max / 10;
        }
        return options.integer(name(attribute), 0, min, max);
    }

    /** The largest number of a sequence that the type holds exactly. */
    private long sequenceMax() {
        return switch (type.kind()) {
            case TINYINT -> Byte.MAX_VALUE;
            case SMALLINT -> Short.MAX_VALUE;
            case INTEGER -> Integer.MAX_VALUE;
            case FLOAT -> 1L << FLOAT_BITS;
            case DOUBLE -> 1L << DOUBLE_BITS;
            case DECIMAL -> largest(type.precision() - type.scale());
            case CHAR, VARCHAR -> largest(type.precision());
            default -> Long.MAX_VALUE;
        };
    }

    private static long largest(int digits) {
        return digits > SqlType.LONG_DECIMAL_DIGITS
                ? Long.MAX_VALUE
                : BigInteger.TEN.pow(digits).longValue() - 1;
    }

    private void checkOrder(boolean isOrdered, String low, String high) {
        if (!isOrdered) {
            String set = options.has(name(high)) ? high : low;
            throw options.invalid(name(set), "'" + name(low) + "' must not be above '" + name(high) + "'");
        }
    }

    /** The options of all columns of a table. */
    static List<FieldOptions> of(TableDefinition table) {
        List<FieldOptions> fields = new ArrayList<>();
        for (Column column : table.schema().columns()) {
            fields.add(new FieldOptions(table, column));
        }
        return fields;
    }
}
