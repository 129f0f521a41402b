// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.access.AccessToken;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.server.client.RemoteQuery;
import dev.millrace.server.run.NodeStarter;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that asks for a token. */
@Tag("cluster")
@Timeout(30)
final class TokenTest {
    private static final String SECRET = "a-token-of-some-length";
    private static final AccessToken TOKEN = token(SECRET);

    @RegisterExtension
    static final ServerExtension SERVER =
            new ServerExtension(new HttpSettings(NodeStarter.LOOPBACK, 0, TOKEN, false));

    @Test
    void shouldAskForTheTokenEverywhereButForProbes() throws Exception {
        for (String path : List.of("/", "/health", "/metrics", "/nothing", "/api/v1/jobs", "/api/v1/jobs/none",
                "/api/v1/tables", "/alive/x", "/ready/..", "/Alive")) {
            assertRefused(SERVER.get(path), path);
            assertRefused(SERVER.get(path, "Authorization", "Bearer another-token-of-some-length"), path);
        }
        assertRefused(SERVER.get("/health", "Authorization", "Basic " + SECRET), "/health");
        assertRefused(SERVER.get("/health", "Authorization", SECRET), "/health");
        assertRefused(SERVER.post("/api/v1/statements", "{\"sql\": \"SHOW TABLES\"}"), "statements");
        assertRefused(SERVER.post("/api/v1/query", "{\"sql\": \"VALUES (1)\"}"), "query");

        assertEquals("{\"status\":\"alive\"}\n", SERVER.get("/alive").body());
        ServerExtension.await(() -> SERVER.status("/ready") == 200);
        for (String path : List.of("/health", "/metrics", "/api/v1/jobs")) {
            assertEquals(200, SERVER.get(path, "Authorization", "Bearer " + SECRET).statusCode(), path);
        }
    }

    @Test
    void shouldServeClientsThatHaveTheToken() {
        try (MillraceClient client = MillraceClient.of(SERVER.address(), TOKEN)) {
            assertTrue(client.statements("CREATE TABLE t (a BIGINT) WITH ('connector' = 'blackhole')", Map.of())
                    .errors().isEmpty());
            assertEquals("t", client.tables().path(0).path("name").asText());
            try (RemoteQuery query = client.query("VALUES (42)", Map.of())) {
                assertEquals(List.of("42"), query.next().values().stream().map(String::valueOf).toList());
            }
        }
    }

    @Test
    void shouldTellClientsWithoutTheTokenHowToGiveIt() {
        for (AccessToken wrong : new AccessToken[] {null, token("another-token-of-some-length")}) {
            try (MillraceClient client = MillraceClient.of(SERVER.address(), wrong)) {
                for (Runnable question : List.<Runnable>of(
                        client::jobs, () -> client.statements("SHOW TABLES", Map.of()),
                        () -> client.query("VALUES (1)", Map.of()))) {
                    MillraceException refused = assertThrows(MillraceException.class, question::run);
                    assertEquals(ErrorCode.TOKEN_REFUSED, refused.code());
                    assertTrue(refused.hint().contains("--token-file FILE or in MILLRACE_TOKEN"), refused.hint());
                }
            }
        }
    }

    private static void assertRefused(HttpResponse<String> response, String what) {
        assertEquals(401, response.statusCode(), what);
        assertEquals("Bearer realm=\"millrace\"", response.headers().firstValue("WWW-Authenticate").orElse(""), what);
        assertTrue(response.body().startsWith("{\"errors\":[{\"code\":\"MR-6015\""), response.body());
        assertFalse(response.body().contains("token-of-some-length"), response.body());
    }

    private static AccessToken token(String text) {
        return AccessToken.find(null, Map.of(AccessToken.VARIABLE, text));
    }
}
