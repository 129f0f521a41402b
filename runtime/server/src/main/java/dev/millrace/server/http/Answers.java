// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.engine.error.SourceSpan;
import java.util.List;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers in JSON. Errors never show more than code, reason, place and way out. */
final class Answers {
    static final ObjectMapper MAPPER = new ObjectMapper();

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

    private Answers() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static HttpResponse of(int status, ObjectNode body) {
        return HttpResponse.create()
                .withStatus(StatusCodes.get(status))
                .withEntity(ContentTypes.APPLICATION_JSON, body + "\n");
    }

    static HttpResponse ok(ObjectNode body) {
        return of(StatusCodes.OK.intValue(), body);
    }

    /** The answer that tells of an error. */
    static HttpResponse of(MillraceException error, String sql) {
        ObjectNode body = object();
        body.set("errors", errors(List.of(error), sql));
        return of(status(error.code()), body);
    }

    /** Any failure as an error with a code. What is a defect goes to the log with all its details. */
    static MillraceException error(Throwable failure) {
        if (failure instanceof MillraceException known) {
            return known;
        }
        if (failure instanceof StackOverflowError) {
            return new MillraceException(
                    ErrorCode.NOT_SUPPORTED, "the statement is nested too deeply", "split the expression");
        }
        LOG.error("a request has failed", failure);
        return new MillraceException(
                ErrorCode.INTERNAL, "unexpected error: " + failure.getClass().getSimpleName(),
                "details are in the server's log; please report it with that file");
    }

    static ArrayNode errors(List<MillraceException> errors, String sql) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        errors.forEach(error -> array.add(error(error, sql)));
        return array;
    }

    /** @param sql the text that the error's place refers to, or null */
    static ObjectNode error(MillraceException error, String sql) {
        ObjectNode node = object().put("code", error.code().id()).put("message", error.getMessage());
        SourceSpan span = error.span();
        if (span != null) {
            node.put("line", span.line()).put("column", span.column()).put("length", span.length());
        }
        return node.put("hint", error.hint()).put("text", error.render(sql));
    }

    private static int status(ErrorCode code) {
        return switch (code) {
            case JOB_NOT_FOUND, SAVEPOINT_NOT_FOUND -> 404;
            case TOKEN_REFUSED -> 401;
            case REQUEST_REFUSED -> 403;
            case SERVER_BUSY, NODE_NOT_READY, SAVEPOINT_FAILED -> 503;
            case INTERNAL, STATE_DAMAGED, STATE_UNWRITABLE -> 500;
            default -> 400;
        };
    }
}
