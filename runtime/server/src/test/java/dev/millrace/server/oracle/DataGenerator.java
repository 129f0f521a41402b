// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.oracle;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes rows by seed, with all that is awkward: NULLs, duplicates, extremes, odd texts, times out of order. */
final class DataGenerator {
    private static final List<String> KEYS = List.of("a", "b", "B", "", "ä", "😀", "a b", "zz", "naïve", "NULL");
    private static final List<String> WORDS = List.of(
            "apple", "Banana", "cherry pie", " lead", "trail ", "a,b,c", "x", "", "ALLCAPS", "under_score", "50%",
            "aXbXc", "12", "-7", "3.50", "true", "apple,pear");
    private static final List<String> TEXTS = List.of(
            "quote\"quote", "back\\slash", "new\nline", "tab\there", "comma,comma", "😀😃", "naïve café",
            "日本語",
            "\u0001control", "'single'", "{\"a\":1}", "", " ", "𝒳𝒴", "ﬁ", "\uFFFD", "z\uE000", "\uD83D\uDE00a");
    private static final List<Long> EXTREMES = List.of(
            Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE - 1, 0L, -1L, 1L, 1L << 53,
            (1L << 53) + 1, (long) Integer.MIN_VALUE, (long) Integer.MAX_VALUE, 999_999_999_999_999_999L);
    private static final LocalDateTime START = LocalDateTime.of(2024, 2, 28, 23, 50);
    private static final int NULL_ONE_IN = 9;

    private final Random random;

    DataGenerator(long seed) {
        random = new Random(seed);
    }

    /** Columns of all types; {@code id} numbers the rows, except that some come twice. */
    DataTable mixed(String name, int rows, int files, int splits) {
        List<Field> fields = List.of(
                new Field("id", "BIGINT"),
                new Field("k", "STRING"),
                new Field("g", "INT"),
                new Field("flag", "BOOLEAN"),
                new Field("i", "INT"),
                new Field("n", "BIGINT"),
                new Field("l", "BIGINT"),
                new Field("d", "DOUBLE"),
                new Field("x", "DOUBLE"),
                new Field("p", "DECIMAL(10, 2)"),
                new Field("q", "DECIMAL(38, 10)"),
                new Field("z", "DECIMAL(38, 0)"),
                new Field("s", "STRING"),
                new Field("w", "STRING"),
                new Field("ts", "TIMESTAMP(3)"),
                new Field("dt", "DATE"));
        List<List<Object[]>> parts = emptyFiles(files);
        Object[] row = null;
        for (int id = 0; id < rows; id++) {
            if (row == null || random.nextInt(20) > 0) {
                row = mixedRow(id);
            }
            parts.get(random.nextInt(files)).add(row);
        }
        return new DataTable(name, fields, "", splits, parts);
    }

    private Object[] mixedRow(long id) {
        return new Object[] {
            id,
            orNull(oneOf(KEYS)),
            orNull(random.nextInt(5)),
            orNull(random.nextBoolean()),
            orNull(random.nextInt(41) - 20),
            orNull((long) random.nextInt(2001) - 1000),
            orNull(random.nextInt(3) == 0 ? random.nextLong() : oneOf(EXTREMES)),
            orNull(random.nextInt(15) == 0 ? -0.0 : (random.nextInt(200_001) - 100_000) / 64.0),
            orNull(extremeDouble()),
            orNull(decimal(random.nextInt(4) == 0 ? 10 : 5, 2)),
            orNull(decimal(random.nextInt(4) == 0 ? 34 : 14, 10)),
            orNull(decimal(random.nextInt(2) == 0 ? 38 : 3, 0)),
            orNull(oneOf(TEXTS)),
            orNull(oneOf(WORDS)),
            orNull(anyTime()),
            orNull(LocalDate.of(1960, 1, 1).plusDays(random.nextInt(30_000)))
        };
    }

    /** Columns of the types that {@link #mixed} doesn't have. */
    DataTable typed(String name, int rows) {
        List<Field> fields = List.of(
                new Field("id", "BIGINT"),
                new Field("ti", "TINYINT"),
                new Field("si", "SMALLINT"),
                new Field("f", "FLOAT"),
                new Field("t0", "TIMESTAMP(0)"),
                new Field("t6", "TIMESTAMP(6)"),
                new Field("tm", "TIME"),
                new Field("v", "VARCHAR(20)"));
        List<List<Object[]>> parts = emptyFiles(2);
        for (long id = 0; id < rows; id++) {
            parts.get(random.nextInt(2)).add(new Object[] {
                id,
                orNull((byte) (random.nextInt(255) - 128)),
                orNull((short) random.nextInt(Short.MIN_VALUE, Short.MAX_VALUE + 1)),
                orNull((random.nextInt(2001) - 1000) / 8f),
                orNull(anyTime().withNano(0)),
                orNull(anyTime().plusNanos(random.nextInt(1000) * 1000L)),
                orNull(LocalTime.ofSecondOfDay(random.nextInt(86_400))),
                orNull(oneOf(WORDS))
            });
        }
        return new DataTable(name, fields, "", 2, parts);
    }

    /** Rows with texts of up to so many characters. */
    DataTable wide(String name, int rows, int lengthMax) {
        List<Field> fields = List.of(new Field("id", "BIGINT"), new Field("s", "STRING"), new Field("r", "STRING"));
        List<List<Object[]>> parts = emptyFiles(2);
        for (long id = 0; id < rows; id++) {
            String text = oneOf(WORDS.subList(0, 3)).repeat(1 + random.nextInt(lengthMax / 10));
            parts.get(random.nextInt(2)).add(new Object[] {id, orNull(text), orNull(oneOf(WORDS))});
        }
        return new DataTable(name, fields, "", 2, parts);
    }

    /**
     * Rows with event times that are mostly in order: out of order within the 5 seconds of the watermark, some beyond
     * it, a few not known. Each file runs at a pace of its own, and the last one is empty.
     */
    DataTable events(String name, int rows, int files, int splits) {
        List<Field> fields = List.of(
                new Field("id", "BIGINT"),
                new Field("k", "STRING"),
                new Field("g", "INT"),
                new Field("v", "BIGINT"),
                new Field("a", "DECIMAL(10, 2)"),
                new Field("d", "DOUBLE"),
                new Field("flag", "BOOLEAN"),
                new Field("ts", "TIMESTAMP(3)"));
        List<List<Object[]>> parts = emptyFiles(files);
        long[] clocks = random.longs(files, 0, 300_000).toArray();
        long[] paces = random.longs(files, 300, 4_000).toArray();
        for (long id = 0; id < rows; id++) {
            int file = random.nextInt(Math.max(1, files - 1));
            clocks[file] += (long) (random.nextDouble() * paces[file]);
            parts.get(file).add(new Object[] {
                id,
                orNull(oneOf(KEYS.subList(0, 5))),
                orNull(random.nextInt(3)),
                orNull((long) random.nextInt(2001) - 1000),
                orNull(decimal(6, 2)),
                orNull((random.nextInt(2001) - 1000) / 16.0),
                orNull(random.nextBoolean()),
                random.nextInt(40) == 0 ? null : START.plusNanos((clocks[file] - delay()) * 1_000_000)
            });
        }
        return new DataTable(name, fields, "WATERMARK FOR ts AS ts - INTERVAL '5' SECOND", splits, parts);
    }

    /** Milliseconds that a row comes late. */
    private long delay() {
        return switch (random.nextInt(12)) {
            case 0, 1, 2 -> random.nextInt(5_001);
            case 3 -> random.nextInt(random.nextBoolean() ? 200_000 : 30_000);
            // On and next to the boundaries of the watermark and of windows.
            case 4 -> 5_000 + random.nextInt(3) - 1;
            default -> 0;
        };
    }

    private List<List<Object[]>> emptyFiles(int files) {
        List<List<Object[]>> parts = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            parts.add(new ArrayList<>());
        }
        return parts;
    }

    private <T> T oneOf(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private Object orNull(Object value) {
        return random.nextInt(NULL_ONE_IN) == 0 ? null : value;
    }

    private double extremeDouble() {
        return switch (random.nextInt(6)) {
            case 0 -> Double.MAX_VALUE;
            case 1 -> -Double.MAX_VALUE;
            case 2 -> Double.MIN_VALUE;
            case 3 -> random.nextGaussian() * 1e200;
            default -> random.nextGaussian();
        };
    }

    /** A number of at most so many digits, of either sign. */
    private BigDecimal decimal(int digitsMax, int scale) {
        int digits = random.nextInt(4) == 0 ? digitsMax : 1 + random.nextInt(digitsMax);
        BigInteger limit = BigInteger.TEN.pow(digits);
        BigInteger unscaled = random.nextInt(8) == 0
                ? limit.subtract(BigInteger.ONE)
                : new BigInteger(digits * 4, random).mod(limit);
        return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
    }

    private LocalDateTime anyTime() {
        LocalDateTime time = LocalDateTime.of(1965, 1, 1, 0, 0).plusSeconds(random.nextInt(2_000_000_000));
        return random.nextBoolean() ? time : time.plusNanos(random.nextInt(1000) * 1_000_000L);
    }
}
