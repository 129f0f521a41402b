// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors.format.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.millrace.connectors.format.BadValue;
import dev.millrace.connectors.format.RecordDecoder;
import dev.millrace.connectors.format.Utf8;
import dev.millrace.engine.batch.BatchBuilder;
import dev.millrace.engine.type.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Reads any JSON object with Jackson's streaming parser, and says what is wrong with the others. */
final class JsonFallback {
    private static final int DEPTH_MAX = 1000;

    /** The record's size is bounded already; the only other bound is that of nesting. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    private final JsonColumn[] columns;
    private final Map<String, JsonColumn> byName = new HashMap<>();
    private final JsonSettings settings;
    private long record;

    JsonFallback(Schema schema, JsonSettings settings) {
        this.settings = settings;
        columns = new JsonColumn[schema.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new JsonColumn(schema.column(i), settings);
            byName.put(schema.column(i).name(), columns[i]);
        }
    }

    /** Takes the vectors of the next batch. */
    void bind(BatchBuilder into) {
        for (int i = 0; i < columns.length; i++) {
            columns[i].bind(into.column(i));
        }
    }

    /**
     * Reads a record into a row whose columns are not NULL.
     *
     * @return null if all is well, else what is wrong; the columns of the row are then in any state
     */
    String decode(byte[] data, int from, int to, int row) {
        int invalid = Utf8.firstInvalid(data, from, to);
        if (invalid >= 0) {
            return "it is not valid UTF-8 at its byte " + (invalid - from);
        }
        String text = new String(data, from, to - from, StandardCharsets.UTF_8);
        record++;
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return "it is not a JSON object";
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                JsonColumn column = byName.get(parser.currentName());
                JsonToken token = parser.nextToken();
                String reason = column == null ? null : decode(column, token, parser, text, row);
                if (reason != null) {
                    return reason;
                }
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                return "there is more behind its object";
            }
        } catch (JsonProcessingException e) {
            return "it is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse("") + ", at its character "
                    + e.getLocation().getColumnNr();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return fillMissing(row);
    }

    private String fillMissing(int row) {
        for (JsonColumn column : columns) {
            if (column.record == record) {
                continue;
            }
            if (settings.failOnMissingField()) {
                return BadValue.missing(column.column);
            }
            if (!column.isNullable) {
                return BadValue.isNull(column.column);
            }
            column.vector.setNull(row);
        }
        return null;
    }

    private String decode(JsonColumn column, JsonToken token, JsonParser parser, String text, int row)
            throws IOException {
        column.record = record;
        column.vector.clearNull(row);
        String value;
        boolean isValue;
        switch (token) {
            case VALUE_NULL -> {
                return setNull(column, row);
            }
            case START_OBJECT, START_ARRAY -> {
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                value = text.substring(from, (int) parser.currentLocation().getCharOffset());
                isValue = column.reading == JsonColumn.Reading.TEXT;
            }
            case VALUE_STRING -> {
                value = parser.getText();
                isValue = true;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> {
                value = parser.getText();
                isValue = column.reading != JsonColumn.Reading.BINARY;
            }
            default -> throw new IllegalStateException(token.name());
        }
        if (isValue && parse(column, value, row)) {
            return null;
        }
        if (settings.nullOnFieldError() && column.isNullable) {
            column.vector.setNull(row);
            return null;
        }
        return BadValue.noValue(column.column, value);
    }

    private static String setNull(JsonColumn column, int row) {
        if (!column.isNullable) {
            return BadValue.isNull(column.column);
        }
        column.vector.setNull(row);
        return null;
    }

    private static boolean parse(JsonColumn column, String value, int row) {
        byte[] utf8;
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            utf8 = Arrays.copyOf(encoded.array(), encoded.limit() + RecordDecoder.PADDING);
            return column.parser.parse(utf8, 0, encoded.limit(), column.vector, row);
        } catch (CharacterCodingException e) {
            // Half of a surrogate pair.
            return false;
        }
    }
}
