// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.access.AccessToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestGuardTest {
    private static final RequestGuard LOOPBACK = new RequestGuard(new HttpSettings("127.0.0.1", 8080));

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8080", "LOCALHOST", "127.0.0.1:8080", "127.0.0.1", "[::1]:8080",
        "127.0.0.2:8080"})
    void shouldAnswerToTheNamesOfLoopback(String host) {
        assertNull(LOOPBACK.refusal(request("Host", host)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example:8080", "127.0.0.1.evil.example", "192.168.0.1",
        "127.0.0.2.evil.example", "127.evil.example", "localhost.",
        "a b", "evil@localhost.example", ""})
    void shouldRefuseNamesThatOthersMayLetPointHere(String host) {
        assertNotNull(LOOPBACK.refusal(request("Host", host)));
    }

    @Test
    void shouldTakeAPageOfItsOwnOriginOnly() {
        HttpRequest own = request("Host", "localhost:8080");
        assertNull(LOOPBACK.refusal(own.addHeader(RawHeader.create("Origin", "http://localhost:8080"))));
        assertEquals(
                "the request comes from a page of \"http://localhost:3000\"",
                LOOPBACK.refusal(own.addHeader(RawHeader.create("Origin", "http://localhost:3000"))));
        assertNull(LOOPBACK.refusal(own.addHeader(RawHeader.create("Sec-Fetch-Site", "same-origin"))));
        assertNotNull(LOOPBACK.refusal(own.addHeader(RawHeader.create("Sec-Fetch-Site", "same-site"))));
    }

    @Test
    void shouldAnswerToAnyNameOffLoopbackButToNoPageOfAnotherOrigin() throws IOException {
        RequestGuard guard = withToken("0.0.0.0", false);
        HttpRequest request = request("Host", "millrace.example:8080");
        assertNull(guard.refusal(request));
        assertNull(guard.refusal(request.addHeader(RawHeader.create("Origin", "https://millrace.example:8080"))));
        assertNotNull(guard.refusal(request.addHeader(RawHeader.create("Origin", "https://evil.example"))));
        assertNotNull(guard.refusal(request.addHeader(RawHeader.create("Sec-Fetch-Site", "cross-site"))));
    }

    @Test
    void shouldHoldToTheNamesOfLoopbackThereAlsoWithAToken() throws IOException {
        assertNotNull(withToken("127.0.0.1", false).refusal(request("Host", "evil.example")));
    }

    @Test
    void shouldOpenNothingButProbesWithoutTheToken() throws IOException {
        RequestGuard guard = withToken("0.0.0.0", false);
        HttpRequest request = request("Host", "millrace.example");
        assertFalse(guard.lacksToken(request, List.of("alive")));
        assertFalse(guard.lacksToken(request, List.of("ready")));
        assertTrue(guard.lacksToken(request, List.of("metrics")));
        assertTrue(guard.lacksToken(request, List.of("health")));
        assertTrue(guard.lacksToken(request, List.of("alive", "x")));
        assertTrue(guard.lacksToken(request, List.of("api", "v1", "jobs")));
        assertTrue(guard.lacksToken(request, List.of()));
        assertFalse(withToken("0.0.0.0", true).lacksToken(request, List.of("metrics")));
        assertTrue(withToken("0.0.0.0", true).lacksToken(request, List.of("health")));
    }

    @Test
    void shouldListenNowhereButOnLoopbackWithoutAToken() {
        for (String host : new String[] {"0.0.0.0", "::", "10.0.0.7", "millrace.example", ""}) {
            MillraceException refused =
                    assertThrows(MillraceException.class, () -> new HttpSettings(host, 8080), host);
            assertEquals(ErrorCode.ADDRESS_UNPROTECTED, refused.code());
        }
    }

    private RequestGuard withToken(String host, boolean openMetrics) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), "a-token-of-some-length");
        return new RequestGuard(new HttpSettings(host, 8080, AccessToken.find(file, Map.of()), openMetrics));
    }

    private static HttpRequest request(String name, String value) {
        return HttpRequest.create("/health").addHeader(RawHeader.create(name, value));
    }
}
