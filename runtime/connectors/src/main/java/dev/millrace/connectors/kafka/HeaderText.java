// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.millrace.connectors.format.Utf8;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * The headers of a record as a JSON object, by their names: <code>{"source": "web", "trace": {"base64": "/w=="}}</code>.
 *
 * <p>A header without a value is null. Bytes that are not text stand in an object of their own, so that they can't be
 * taken for text and come out as they went in. Of headers of one name the last one counts, as in a map.
 */
final class HeaderText {
    private static final String BYTES = "base64";
    private static final byte[] NONE = {'{', '}'};
    private static final JsonFactory FACTORY = JsonFactory.builder()
            // Names of others' records must not fill a table that is never emptied.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private HeaderText() {}

    /** The object of a record's headers, in UTF-8; an empty one if it has none. */
    static byte[] of(Headers headers) {
        Map<String, byte[]> byName = new LinkedHashMap<>();
        for (Header header : headers) {
            byName.put(header.key(), header.value());
        }
        if (byName.isEmpty()) {
            return NONE;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            for (Map.Entry<String, byte[]> header : byName.entrySet()) {
                json.writeFieldName(header.getKey());
                write(header.getValue(), json);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(byte[] value, JsonGenerator json) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (Utf8.isValid(value, 0, value.length)) {
            json.writeUTF8String(value, 0, value.length);
        } else {
            json.writeStartObject();
            json.writeStringField(BYTES, Base64.getEncoder().encodeToString(value));
            json.writeEndObject();
        }
    }

    /**
     * The headers that an object stands for. Numbers and truth values become their text.
     *
     * @throws IllegalArgumentException if the text is something else, with the reason
     */
    static List<Header> parse(byte[] data, int from, int length) {
        List<Header> headers = new ArrayList<>();
        try (JsonParser json = FACTORY.createParser(data, from, length)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is no JSON object");
            }
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                headers.add(new RecordHeader(name, value(name, json)));
            }
            if (json.nextToken() != null) {
                throw new IllegalArgumentException("something stands behind the JSON object");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("it is no JSON object", e);
        }
        return headers;
    }

    private static byte[] value(String name, JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (json.currentToken().isScalarValue()) {
            return json.getText().getBytes(StandardCharsets.UTF_8);
        }
        boolean holdsBytes = json.currentToken() == JsonToken.START_OBJECT
                && json.nextToken() == JsonToken.FIELD_NAME
                && json.currentName().equals(BYTES)
                && json.nextToken() == JsonToken.VALUE_STRING;
        if (!holdsBytes) {
            throw new IllegalArgumentException(
                    "header \"" + name + "\" is neither text nor {\"" + BYTES + "\": \"…\"}");
        }
        byte[] bytes = Base64.getDecoder().decode(json.getText());
        if (json.nextToken() != JsonToken.END_OBJECT) {
            throw new IllegalArgumentException("header \"" + name + "\" is more than {\"" + BYTES + "\": \"…\"}");
        }
        return bytes;
    }
}
