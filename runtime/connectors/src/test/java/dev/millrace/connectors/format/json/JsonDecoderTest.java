// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.format.DecodedRows;
import dev.millrace.connectors.format.value.TimestampForm;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class JsonDecoderTest {
    private static final Schema TRADES = Schema.of(
            new Column("symbol", SqlType.STRING),
            new Column("price", SqlType.decimal(10, 2)),
            new Column("quantity", SqlType.BIGINT));

    @Test
    void shouldReadFieldsByNameInAnyOrder() {
        DecodedRows decoded = decode(
                """
                        {"symbol":"A","price":1.5,"quantity":3}
                        {"quantity":4,"symbol":"B","price":2}
                        { "price" : -0.25 , "other":[{"a":"}"},null], "quantity":5,"symbol" :"C" }
                        """);
        assertEquals(
                List.of(
                        "0{\"symbol\":\"A\",\"price\":1.50,\"quantity\":3}",
                        "40{\"symbol\":\"B\",\"price\":2.00,\"quantity\":4}",
                        "78{\"symbol\":\"C\",\"price\":-0.25,\"quantity\":5}"),
                decoded.rows);
        assertEquals(List.of(), decoded.bad);
    }

    @Test
    void shouldReadMissingAndNullFieldsAsNull() {
        DecodedRows decoded = decode("{\"symbol\":null,\"price\":1}\n{\"symbol\":\"A\",\"quantity\":2}\n{}");
        assertEquals(
                List.of(
                        "0{\"symbol\":null,\"price\":1.00,\"quantity\":null}",
                        "26{\"symbol\":\"A\",\"price\":null,\"quantity\":2}",
                        "54{\"symbol\":null,\"price\":null,\"quantity\":null}"),
                decoded.rows);
    }

    @Test
    void shouldSayWhatIsWrongAndGoOn() {
        DecodedRows decoded = decode(
                """
                        {"symbol":"A","price":"abc","quantity":3}
                        {"symbol":"B","price":1,"quantity":2.5}
                        nonsense
                        [1]
                        {"symbol":"C"} x
                        {"symbol":"D","price":123456789,"quantity":1}
                        {"symbol":"E","price":1,"quantity":1}
                        {"symbol":"F"
                        """);
        assertEquals(List.of("158{\"symbol\":\"E\",\"price\":1.00,\"quantity\":1}"), decoded.rows);
        assertEquals(7, decoded.bad.size());
        assertEquals("0!column \"price\": 'abc' is not a value of DECIMAL(10, 2)", decoded.bad.get(0));
        assertEquals("42!column \"quantity\": '2.5' is not a value of BIGINT", decoded.bad.get(1));
        assertTrue(decoded.bad.get(2).startsWith("82!it is not JSON: Unrecognized token 'nonsense'"));
        assertEquals("91!it is not a JSON object", decoded.bad.get(3));
        assertTrue(decoded.bad.get(4).startsWith("95!it is not JSON: Unrecognized token 'x'"));
        assertEquals("112!column \"price\": '123456789' is not a value of DECIMAL(10, 2)", decoded.bad.get(5));
        assertTrue(decoded.bad.get(6).startsWith("196!it is not JSON: Unexpected end-of-input"));
    }

    @Test
    void shouldDecodeEscapesAndKeepCharactersBeyondAscii() {
        Schema schema = Schema.of(new Column("s", SqlType.STRING));
        DecodedRows decoded = decode(
                schema, JsonSettings.DEFAULT, "{\"s\":\"\\u00fc\\n\\\"\\\\\\/ü\\ud83d\\ude00\"}\n{\"s\":\"\\ud83d\"}");
        assertEquals(List.of("0{\"s\":\"ü\\n\\\"\\\\/ü\uD83D\uDE00\"}"), decoded.rows);
        assertEquals(1, decoded.bad.size());
    }

    @Test
    void shouldRefuseBytesThatAreNotUtf8() {
        byte[] text = "{\"symbol\":\"A?\"}\n{\"x\":\"?\"}".getBytes(StandardCharsets.UTF_8);
        text[12] = (byte) 0xC3;
        text[text.length - 3] = (byte) 0xFF;
        DecodedRows decoded = DecodedRows.of(decoder(TRADES, JsonSettings.DEFAULT), TRADES, text, 10);
        assertEquals(
                List.of("0!it is not valid UTF-8 at its byte 12", "16!it is not valid UTF-8 at its byte 6"),
                decoded.bad);
    }

    @Test
    void shouldReadTextOfAnyValueIntoStrings() {
        Schema schema = Schema.of(new Column("s", SqlType.STRING));
        DecodedRows decoded = decode(
                schema,
                JsonSettings.DEFAULT,
                "{\"s\":1.50}\n{\"s\":true}\n{\"s\":{\"a\": [1]}}\n{\"s\":[\"x\\n\"]}\n{\"s\":\"a\",\"s\":\"b\"}");
        assertEquals(
                List.of(
                        "0{\"s\":\"1.50\"}",
                        "11{\"s\":\"true\"}",
                        "22{\"s\":\"{\\\"a\\\": [1]}\"}",
                        "39{\"s\":\"[\\\"x\\\\n\\\"]\"}",
                        "53{\"s\":\"b\"}"),
                decoded.rows);
    }

    @Test
    void shouldReadTimestampsInEveryForm() {
        Schema schema = Schema.of(new Column("t", SqlType.timestamp(3)));
        String text =
                """
                        {"t":"2026-01-02 03:04:05.678"}
                        {"t":"2026-01-02T03:04:05.6789Z"}
                        {"t":"2026-01-02T05:04:05.678+02:00"}
                        {"t":1767323045678}
                        """;
        DecodedRows any = decode(schema, JsonSettings.DEFAULT, text);
        assertEquals(4, any.rows.size());
        any.rows.forEach(r -> assertTrue(r.endsWith("{\"t\":\"2026-01-02 03:04:05.678\"}"), r));
        assertEquals(2, decode(schema, new JsonSettings(false, false, TimestampForm.SQL), text).rows.size());
        assertEquals(3, decode(schema, new JsonSettings(false, false, TimestampForm.ISO), text).rows.size());
    }

    @Test
    void shouldRefuseNullsWhereTheColumnForbidsThem() {
        Schema schema = Schema.of(new Column("n", SqlType.BIGINT.withNullable(false)));
        DecodedRows decoded = decode(schema, JsonSettings.DEFAULT, "{\"n\":null}\n{}\n{\"n\":1}");
        assertEquals(1, decoded.rows.size());
        assertEquals(
                List.of(
                        "0!column \"n\" is NULL, but declared NOT NULL",
                        "11!column \"n\" is NULL, but declared NOT NULL"),
                decoded.bad);
    }

    @Test
    void shouldFollowTheOptionsForMissingFieldsAndBadValues() {
        DecodedRows missing = decode(TRADES, new JsonSettings(true, false, TimestampForm.ANY), "{\"symbol\":\"A\"}");
        assertEquals(List.of("0!column \"price\" is missing"), missing.bad);
        DecodedRows ignored = decode(
                TRADES, new JsonSettings(false, true, TimestampForm.ANY), "{\"symbol\":\"A\",\"price\":\"x\"}\n{");
        assertEquals(List.of("0{\"symbol\":\"A\",\"price\":null,\"quantity\":null}"), ignored.rows);
        assertEquals(1, ignored.bad.size());
    }

    @Test
    void shouldCheckRecordsOfWhichNoColumnIsWanted() {
        DecodedRows decoded = decode(Schema.of(), JsonSettings.DEFAULT, "{\"a\":1}\n{\"a\":01}\r\n\r\n  \n{\"a\":2}");
        assertEquals(List.of("0{}", "23{}"), decoded.rows);
        assertEquals(1, decoded.bad.size());
    }

    @Test
    void shouldReadKeysThatNeedEscapes() {
        Schema schema = Schema.of(new Column("a\"b", SqlType.BIGINT), new Column("ü", SqlType.BIGINT));
        DecodedRows decoded = decode(schema, JsonSettings.DEFAULT, "{\"a\\\"b\":1,\"ü\":2}\n{\"a\\u0022b\":3}");
        assertEquals(List.of("0{\"a\\\"b\":1,\"ü\":2}", "18{\"a\\\"b\":3,\"ü\":null}"), decoded.rows);
    }

    @Test
    void shouldKeepReadingWhenRecordsHaveEndlesslyManyKeys() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            text.append("{\"k").append(i).append("\":0,\"quantity\":").append(i).append("}\n");
        }
        DecodedRows decoded = decode(text.toString());
        assertEquals(5000, decoded.rows.size());
        assertTrue(decoded.rows.getLast().endsWith("\"quantity\":4999}"));
    }

    private static DecodedRows decode(String text) {
        return decode(TRADES, JsonSettings.DEFAULT, text);
    }

    private static DecodedRows decode(Schema schema, JsonSettings settings, String text) {
        return DecodedRows.of(decoder(schema, settings), schema, text);
    }

    private static JsonDecoder decoder(Schema schema, JsonSettings settings) {
        return new JsonDecoder(schema, settings, 1 << 20);
    }
}
