// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads what the server says. The server may be newer: fields that are not known here are let pass. */
final class Json {
    /** Numbers keep their digits. */
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final String OP = "op";
    private static final String INSERT = "+I";

    record QueryHeader(List<ResultColumn> columns, boolean updating) {}

    private Json() {}

    static JsonNode tree(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw foreign(e);
        }
    }

    static StatementsAnswer answer(JsonNode tree) {
        List<StatementResult> results = new ArrayList<>();
        tree.path("results").forEach(node -> results.add(result(node)));
        Map<String, String> options = new LinkedHashMap<>();
        tree.path("options").properties().forEach(entry -> options.put(entry.getKey(), entry.getValue().asText()));
        return new StatementsAnswer(results, errors(tree), options, tree.toString());
    }

    /** The errors of any answer; none if it has none. */
    static List<MillraceException> errors(JsonNode tree) {
        List<MillraceException> errors = new ArrayList<>();
        tree.path("errors").forEach(node -> errors.add(error(node)));
        return errors;
    }

    static QueryHeader queryHeader(String line) {
        JsonNode tree = tree(line);
        if (tree.has("error")) {
            throw error(tree.get("error"));
        }
        return new QueryHeader(columns(tree), tree.path("updating").asBoolean());
    }

    /** @throws MillraceException the one that the server tells of, if the line is no row */
    static ResultRow queryLine(String line, List<ResultColumn> columns) {
        String first = null;
        List<String> values = new ArrayList<>(columns.size());
        try (JsonParser parser = FACTORY.createParser(line)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                first = first == null ? parser.currentName() : first;
                JsonToken token = parser.nextToken();
                if (token == JsonToken.START_OBJECT) {
                    throw error(tree(line).path("error"));
                }
                values.add(token == JsonToken.VALUE_NULL ? null : parser.getText());
            }
        } catch (IOException e) {
            throw foreign(e);
        }
        // The kind stands before the columns, one of which may have the same name.
        boolean hasKind = OP.equals(first) && values.size() > columns.size();
        return new ResultRow(
                hasKind ? values.getFirst() : INSERT, hasKind ? values.subList(1, values.size()) : values, line);
    }

    static MillraceException foreign(Exception cause) {
        return new MillraceException(
                ErrorCode.SERVER_UNREACHABLE,
                "what answers is no Millrace server",
                null,
                "name the server with --server http://host:8080",
                cause);
    }

    private static StatementResult result(JsonNode node) {
        List<ResultColumn> columns = columns(node);
        List<ResultRow> rows = new ArrayList<>();
        node.path("rows").forEach(row -> rows.add(queryLine(row.toString(), columns)));
        List<String> warnings = new ArrayList<>();
        node.path("warnings").forEach(warning -> warnings.add(warning.asText()));
        return new StatementResult(
                StatementResult.Kind.valueOf(node.path("kind").asText().toUpperCase(Locale.ROOT)),
                text(node, "message"),
                text(node, "job"),
                text(node, "text"),
                columns,
                rows,
                warnings);
    }

    private static List<ResultColumn> columns(JsonNode node) {
        List<ResultColumn> columns = new ArrayList<>();
        node.path("columns")
                .forEach(column -> columns.add(
                        new ResultColumn(column.path("name").asText(), column.path("type").asText())));
        return columns;
    }

    private static MillraceException error(JsonNode node) {
        SourceSpan span = node.path("line").asInt() < 1
                ? null
                : new SourceSpan(
                        node.path("line").asInt(),
                        Math.max(1, node.path("column").asInt()),
                        Math.max(1, node.path("length").asInt()));
        return new MillraceException(
                code(node.path("code").asText()), node.path("message").asText(), span, text(node, "hint"));
    }

    private static ErrorCode code(String id) {
        for (ErrorCode code : ErrorCode.values()) {
            if (code.id().equals(id)) {
                return code;
            }
        }
        return ErrorCode.INTERNAL;
    }

    private static String text(JsonNode node, String field) {
        return node.path(field).isTextual() ? node.path(field).asText() : null;
    }
}
