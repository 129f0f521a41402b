// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.connectors.format.DecodedRows;
import dev.millrace.connectors.text.CsvRowFormat;
import dev.millrace.connectors.text.TextBuffer;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.BytesVector;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CsvDecoderTest {
    private static final Schema SCHEMA = Schema.of(
            new Column("id", SqlType.BIGINT),
            new Column("name", SqlType.STRING),
            new Column("price", SqlType.decimal(10, 2)));

    @Test
    void shouldReadPlainAndQuotedFields() {
        DecodedRows decoded = decode("1,Anna,1.5\r\n2,\"B, \"\"the\nbest\"\"\",-3\n\"3\",\"\",\"0.125\"");
        assertEquals(
                List.of(
                        "0{\"id\":1,\"name\":\"Anna\",\"price\":1.50}",
                        "12{\"id\":2,\"name\":\"B, \\\"the\\nbest\\\"\",\"price\":-3.00}",
                        "35{\"id\":3,\"name\":\"\",\"price\":0.13}"),
                decoded.rows);
    }

    @Test
    void shouldReadEmptyFieldsAsNullExceptInCharacterColumns() {
        assertEquals(List.of("0{\"id\":null,\"name\":\"\",\"price\":null}"), decode(",,").rows);
        assertEquals(
                List.of("0{\"id\":null,\"name\":null,\"price\":null}"), decode(",,", "csv.null-literal", "").rows);
        assertEquals(
                List.of("0{\"id\":null,\"name\":\"NA\",\"price\":null}"),
                decode("NA,\"NA\",NA", "csv.null-literal", "NA").rows);
    }

    @Test
    void shouldSayWhatIsWrongAndGoOn() {
        DecodedRows decoded = decode("1,a\nx,b,1\n\"2\"z,c,1\n3,d,1,9\n4,e,2\n5,\"open,1\n6,f,1\n");
        assertEquals(List.of("27{\"id\":4,\"name\":\"e\",\"price\":2.00}"), decoded.rows);
        assertEquals(
                List.of(
                        "0!it has 2 fields, but the table has 3 columns",
                        "4!column \"id\": 'x' is not a value of BIGINT",
                        "10!something stands behind the closing quote of field 1",
                        "19!it has 4 fields, but the table has 3 columns",
                        "33!a quote is opened and never closed"),
                decoded.bad);
    }

    @Test
    void shouldRefuseBytesThatAreNotUtf8AndNullsWhereForbidden() {
        byte[] text = "1,?,1\n2,b,3\n".getBytes(StandardCharsets.UTF_8);
        text[2] = (byte) 0xFC;
        DecodedRows decoded = DecodedRows.of(decoder(SCHEMA, Map.of()), SCHEMA, text, 10);
        assertEquals(List.of("0!it is not valid UTF-8 at its byte 2"), decoded.bad);
        Schema strict = Schema.of(new Column("id", SqlType.BIGINT.withNullable(false)));
        assertEquals(
                List.of("0!column \"id\" is NULL, but declared NOT NULL"),
                DecodedRows.of(decoder(strict, Map.of()), strict, "\"\"\n1").bad);
    }

    @Test
    void shouldTakeAFirstLineThatNamesTheColumnsAsHeader() {
        assertEquals(List.of("14{\"id\":1,\"name\":\"a\",\"price\":2.00}"), decode("id,NAME,price\n1,a,2\n").rows);
        assertEquals(1, decode("id,name\n1,a,2\n").bad.size());
        assertEquals(0, decode("any,thing\n1,a,2\n", "csv.ignore-first-line", "true").bad.size());
        assertEquals(1, decode("id,name,price\n1,a,2\n", "csv.ignore-first-line", "false").bad.size());
    }

    @Test
    void shouldFollowItsOptions() {
        assertEquals(1, decode("1|'a|b'|2", "csv.field-delimiter", "|", "csv.quote-character", "'").rows.size());
        assertEquals(1,
                decode("1\t\"a\t2", "csv.field-delimiter", "\\t", "csv.disable-quote-character", "true").rows.size());
        DecodedRows commented = decode("# 1\n1,a,2\n#2", "csv.allow-comments", "true");
        assertEquals(1, commented.rows.size());
        assertEquals(0, commented.bad.size());
        assertEquals(
                List.of("0{\"id\":null,\"name\":\"a\",\"price\":2.00}"),
                decode("x,a,2", "csv.ignore-parse-errors", "true").rows);
    }

    @Test
    void shouldRefuseOptionsThatMakeNoSense() {
        assertEquals(ErrorCode.OPTION_INVALID, refused("csv.field-delimiter", "ab"));
        assertEquals(ErrorCode.OPTION_INVALID, refused("csv.field-delimiter", "\""));
        assertEquals(ErrorCode.OPTION_INVALID, refused("csv.quote-character", "\n"));
        assertEquals(ErrorCode.NOT_SUPPORTED, refused("csv.escape-character", "\\"));
    }

    @Test
    void shouldDecodeOnlyTheColumnsWantedInTheirOrder() {
        Schema wanted = SCHEMA.select(new int[] {2, 0});
        TableDefinition table = table(SCHEMA, Map.of());
        DecodedRows decoded =
                DecodedRows.of(new CsvFormat().newDecoder(table, List.of(2, 0), 1000), wanted, "1,\"x\"\"\",2\n");
        assertEquals(List.of("0{\"price\":2.00,\"id\":1}"), decoded.rows);
    }

    @Test
    void shouldSkipBlankLines() {
        assertEquals(2, decode("\n\r\n1,a,2\n\n\r\n2,b,3\n\r").rows.size());
    }

    @Test
    void shouldReadBackWhatTheWriterWrites() {
        long seed = 11;
        Random random = new Random(seed);
        Schema schema = Schema.of(new Column("n", SqlType.BIGINT), new Column("s", SqlType.STRING));
        for (int i = 0; i < 2000; i++) {
            LongVector numbers = new LongVector(1);
            numbers.set(0, random.nextLong());
            BytesVector texts = new BytesVector(1);
            texts.append(0, randomText(random));
            if (random.nextInt(5) == 0) {
                texts.setNull(0);
            }
            TextBuffer line = new TextBuffer();
            Batch batch = Batch.of(new Vector[] {numbers, texts}, 1);
            new CsvRowFormat(schema).append(batch, 0, line);
            DecodedRows decoded =
                    DecodedRows.of(decoder(schema, Map.of("csv.null-literal", "")), schema, line.toString());
            TextBuffer expected = new TextBuffer();
            new dev.millrace.connectors.text.JsonRowFormat(schema).append(batch, 0, expected);
            assertEquals(List.of("0" + expected.toString().strip()), decoded.rows, "seed " + seed + ": " + line);
        }
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(30); n > 0; n--) {
            text.append("ab,\"\n\r ü'#\uD83D".charAt(random.nextInt(10)));
        }
        return text.toString();
    }

    private static ErrorCode refused(String... options) {
        TableDefinition table = table(SCHEMA, options(options));
        MillraceException e = assertThrows(MillraceException.class, () -> new CsvFormat().validate(table));
        assertTrue(e.hint() != null);
        return e.code();
    }

    private static DecodedRows decode(String text, String... options) {
        return DecodedRows.of(decoder(SCHEMA, options(options)), SCHEMA, text);
    }

    private static CsvDecoder decoder(Schema schema, Map<String, String> options) {
        List<Integer> all = IntStream.range(0, schema.size()).boxed().toList();
        return (CsvDecoder) new CsvFormat().newDecoder(table(schema, options), all, 1 << 20);
    }

    private static TableDefinition table(Schema schema, Map<String, String> options) {
        return new TableDefinition("t", schema, List.of(), options);
    }

    private static Map<String, String> options(String... options) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < options.length; i += 2) {
            map.put(options[i], options[i + 1]);
        }
        return map;
    }
}
