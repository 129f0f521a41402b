// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.format.DecodedRows;
import dev.millrace.connectors.text.JsonRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.BatchArena;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import dev.millrace.engine.type.TypeKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the scanner takes, the fallback must take too, and read the same values from it. */
class JsonFuzzTest {
    private static final int DOCUMENTS = 20_000;
    private static final String NOISE = "{}[]\",:\\ \t0123.eE-+utfn";

    private static final Schema SCHEMA = Schema.of(
            new Column("text", SqlType.STRING),
            new Column("small", SqlType.SMALLINT),
            new Column("tiny", SqlType.TINYINT.withNullable(false)),
            new Column("big", SqlType.BIGINT),
            new Column("a_key_that_is_longer_than_two_words", SqlType.DOUBLE),
            new Column("real", SqlType.FLOAT),
            new Column("price", SqlType.decimal(9, 3)),
            new Column("wide", SqlType.decimal(38, 10)),
            new Column("flag", SqlType.BOOLEAN),
            new Column("day", SqlType.DATE),
            new Column("time", SqlType.time(3)),
            new Column("ts", SqlType.timestamp(3)),
            new Column("point", SqlType.timestampLtz(9)),
            new Column("bytes", new SqlType(TypeKind.VARBINARY, SqlType.UNLIMITED, 0, true)));

    private static final String[] VALUES = {
        "null", "true", "false", "\"true\"", "\"\"", "\" \"", "0", "-0", "1", "-1", "00", "01", "1.", ".5", "-", "+1",
        "12", "127", "128", "-128", "-129", "32767", "32768", "999999.9994", "999999.9995", "123456.7891", "1.0", "1.5",
        "1e2", "1E-2", "1e400", "-1e400", "1e999999999", "1e-999999999", "0.1", "0.30000000000000004", "1e23",
        "9007199254740993", "123456789012345678", "1234567890123456789", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "3.4028235e38", "3.4028236e38",
        "16777217", "0.000000000000000000000000001", "99999999999999999999999999999999999999.5", "NaN", "\"NaN\"",
        "\"-Infinity\"", "\"12\"", "\" 12 \"", "\"1.5\"", "\"0x10\"", "\"1d\"", "\"abc\"", "\"\u00fc\"",
        "\"\\u00fc\\n\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"\\udE00x\"", "\"\\x\"", "\"\\u12\"", "\"\t\"",
        "\"2026-02-28\"", "\"2024-02-29\"", "\"2026-02-29\"", "\"2026-13-01\"", "\"0001-01-01\"", "\"03:04\"",
        "\"03:04:05.6\"", "\"24:00:00\"", "\"2026-01-02 03:04:05\"", "\"2026-01-02T03:04:05.123456789Z\"",
        "\"2026-01-02T03:04:05+0130\"", "\"9999-12-31 23:59:59.999\"", "\"2026-01-02 03:04:05.\"", "1767323045678",
        "-1", "253402300800000000", "\"AP8K\"", "\"AP8\"", "\"AP8=\"", "{}", "[]", "{\"a\":1}", "[1, [2]]", "[1,]",
        "{\"a\":}", "{\"a\" : [null, {\"b\":\"\\u0041\"}]}", "tru", "nul", "\"unclosed",
        "\"a long text of many words\"",
        "\"\uD83D\uDE00 \u4e2d\u6587 \u00fc\u00fc\u00fc\"", "{\"a\":{\"a\":{\"a\":{\"a\":[[[[]]]]}}}}"
    };

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void shouldReadTheSameAsTheFallbackOrGiveUp(long seed) {
        Random random = new Random(seed);
        JsonScanner scanner = new JsonScanner(SCHEMA, JsonSettings.DEFAULT);
        JsonFallback fallback = new JsonFallback(SCHEMA, JsonSettings.DEFAULT);
        BatchArena scanned = new BatchArena();
        BatchArena read = new BatchArena();
        int taken = 0;
        int refused = 0;
        for (int i = 0; i < DOCUMENTS; i++) {
            byte[] document = document(random);
            if (random.nextInt(3) == 0) {
                document = mutated(document, random);
            }
            byte[] data = DecodedRows.padded(document);
            BatchBuilder fast = builder(scanned);
            scanner.bind(fast);
            int end = document.length > 0 && document[0] == '{' ? scanner.scan(data, 0, 0) : -1;
            end = end < 0 ? end : JsonGrammar.skipBlanks(data, end);
            BatchBuilder slow = builder(read);
            fallback.bind(slow);
            String reason = fallback.decode(data, 0, document.length, 0);
            refused += reason == null ? 0 : 1;
            if (end == document.length) {
                taken++;
                String text = new String(document, StandardCharsets.UTF_8);
                assertNull(reason, () -> "seed " + seed + ": " + text);
                assertEquals(row(slow), row(fast), () -> "seed " + seed + ": " + text);
            }
        }
        // Enough of both kinds, or the test would show nothing.
        assertTrue(taken > DOCUMENTS / 10, "taken: " + taken);
        assertTrue(refused > DOCUMENTS / 10, "refused: " + refused);
    }

    @ParameterizedTest
    @ValueSource(longs = {4})
    void shouldNotGiveUpOnPlainRecords(long seed) {
        Random random = new Random(seed);
        JsonScanner scanner = new JsonScanner(SCHEMA, JsonSettings.DEFAULT);
        BatchArena arena = new BatchArena();
        for (int i = 0; i < 1000; i++) {
            String text = "{\"text\":\"a" + random.nextInt() + "\\n\", \"skipped\":[{}], \"small\":"
                    + random.nextInt(1000) + ",\"tiny\":-1,\"big\":" + random.nextInt()
                    + ",\"a_key_that_is_longer_than_two_words\":" + random.nextDouble() + ",\"real\":0.5,\"price\":"
                    + random.nextInt(100_000) + ".125,\"flag\":" + random.nextBoolean()
                    + ",\"ts\":\"2026-01-02 03:04:05.678\",\"bytes\":\"AP8K\"}";
            byte[] document = text.getBytes(StandardCharsets.UTF_8);
            scanner.bind(builder(arena));
            assertEquals(document.length, scanner.scan(DecodedRows.padded(document), 0, 0), text);
        }
    }

    private static BatchBuilder builder(BatchArena arena) {
        arena.reset();
        return new BatchBuilder(SCHEMA, 1, arena);
    }

    private static String row(BatchBuilder builder) {
        builder.endRow(0);
        TextBuffer out = new TextBuffer();
        new JsonRowFormat(SCHEMA).append(builder.build(), 0, out);
        return out.toString();
    }

    private static byte[] document(Random random) {
        List<String> keys = new ArrayList<>(SCHEMA.columns().stream().map(Column::name).toList());
        if (random.nextInt(4) == 0) {
            Collections.shuffle(keys, random);
        }
        if (random.nextInt(3) == 0) {
            keys.add(random.nextInt(keys.size()), random.nextBoolean() ? "x" : "pricf");
        }
        if (random.nextInt(10) == 0) {
            keys.add("text");
        }
        boolean isSpaced = random.nextInt(3) == 0;
        StringBuilder text = new StringBuilder("{");
        for (String key : keys) {
            boolean isRequired = key.equals("tiny");
            if (!isRequired && random.nextInt(2) == 0) {
                continue;
            }
            if (text.length() > 1) {
                text.append(',').append(isSpaced ? " \t".substring(0, random.nextInt(3)) : "");
            }
            text.append('"').append(key).append("\":").append(isSpaced ? " " : "");
            text.append(value(key, random)).append(isSpaced && random.nextBoolean() ? " " : "");
        }
        return text.append('}').append(isSpaced ? "\r" : "").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String value(String key, Random random) {
        if (random.nextInt(12) == 0) {
            return VALUES[random.nextInt(VALUES.length)];
        }
        return switch (key) {
            case "text" -> "\"word " + random.nextInt() + "\"";
            case "small", "tiny" -> "" + (random.nextInt(140) - 10);
            case "big" -> "" + random.nextLong() / (1L << random.nextInt(60));
            case "price" -> random.nextInt(1_100_000) + "." + random.nextInt(1000);
            case "wide" -> random.nextLong() + "." + random.nextInt(Integer.MAX_VALUE) + random.nextInt(1000);
            case "flag" -> "" + random.nextBoolean();
            case "day" -> "\"20" + (10 + random.nextInt(90)) + "-0" + (1 + random.nextInt(9)) + "-1"
                    + random.nextInt(10) + "\"";
            case "time" -> "\"0" + random.nextInt(10) + ":15:30." + random.nextInt(1000) + "\"";
            case "ts", "point" -> random.nextBoolean()
                    ? "" + random.nextLong(2_000_000_000_000L)
                    : "\"2026-01-02 03:04:05." + random.nextInt(100_000) + "\"";
            case "bytes" -> "\"AAAA\"";
            default -> number(random);
        };
    }

    private static String number(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "" + random.nextDouble() * random.nextInt(1000);
            case 1 -> "" + Double.longBitsToDouble(random.nextLong() & ~(1L << 62));
            case 2 -> "" + random.nextFloat();
            default -> (random.nextInt(100) - 50) + "." + random.nextInt(100);
        };
    }

    private static byte[] mutated(byte[] document, Random random) {
        byte[] bytes = document;
        for (int times = 1 + random.nextInt(2); times > 0 && bytes.length > 2; times--) {
            int at = random.nextInt(bytes.length);
            int to = Math.min(bytes.length, at + 1 + random.nextInt(3));
            byte noise = random.nextInt(4) == 0
                    ? (byte) random.nextInt(256)
                    : (byte) NOISE.charAt(random.nextInt(NOISE.length()));
            noise = noise == '\n' ? (byte) 'x' : noise;
            switch (random.nextInt(4)) {
                case 0 -> {
                    bytes = bytes.clone();
                    bytes[at] = noise;
                }
                case 1 -> bytes = Arrays.copyOf(bytes, at);
                case 2 -> bytes = joined(bytes, at, new byte[] {noise}, at);
                default -> bytes = joined(bytes, at, new byte[0], to);
            }
        }
        return bytes;
    }

    private static byte[] joined(byte[] bytes, int headEnd, byte[] middle, int tailStart) {
        byte[] joined = Arrays.copyOf(bytes, headEnd + middle.length + bytes.length - tailStart);
        System.arraycopy(middle, 0, joined, headEnd, middle.length);
        System.arraycopy(bytes, tailStart, joined, headEnd + middle.length, bytes.length - tailStart);
        return joined;
    }
}
