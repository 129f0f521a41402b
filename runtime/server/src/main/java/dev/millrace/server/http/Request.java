// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.planner.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a client wants carried out.
 *
 * @param sql a script, or a query
 * @param options options to set before it
 * @param header whether the rows of a query begin with a line about their columns
 */
record Request(String sql, Map<String, String> options, boolean header) {
    /** @throws MillraceException if the text is no such request */
    static Request parse(String body) {
        JsonNode tree;
        try {
            tree = Answers.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            throw invalid("the body is not JSON: " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
        }
        if (!tree.path("sql").isTextual()) {
            throw invalid("the body has no field \"sql\"", null);
        }
        Map<String, String> options = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> option : tree.path("options").properties()) {
            options.put(option.getKey(), option.getValue().asText());
        }
        return new Request(tree.path("sql").asText(), options, tree.path("header").asBoolean());
    }

    /**
     * Sets the options in a session, those of the server first.
     *
     * @return warnings
     * @throws MillraceException if there is no such option or value
     */
    List<String> setOptions(Session session, Map<String, String> defaults) {
        Map<String, String> all = new LinkedHashMap<>(defaults);
        all.putAll(options);
        List<String> warnings = new ArrayList<>();
        all.forEach((key, value) -> {
            String warning = session.options().set(key, null, value, null);
            if (warning != null) {
                warnings.add(warning);
            }
        });
        return warnings;
    }

    private static MillraceException invalid(String reason, Exception cause) {
        return new MillraceException(
                ErrorCode.REQUEST_INVALID, reason, null, "send {\"sql\": \"SELECT …\"}, see docs/reference/http-api.md",
                cause);
    }
}
