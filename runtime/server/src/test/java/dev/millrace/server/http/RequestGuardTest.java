// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestGuardTest {
    @ParameterizedTest
    @ValueSource(strings = {"localhost:8080", "LOCALHOST", "127.0.0.1:8080", "127.0.0.1", "[::1]:8080"})
    void shouldAnswerToTheNamesOfLoopback(String host) {
        assertNull(RequestGuard.refusal(request("Host", host)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "localhost.evil.example:8080", "127.0.0.1.evil.example", "192.168.0.1",
        "a b", "evil@localhost.example", ""})
    void shouldRefuseNamesThatOthersMayLetPointHere(String host) {
        assertNotNull(RequestGuard.refusal(request("Host", host)));
    }

    @Test
    void shouldTakeAPageOfItsOwnOriginOnly() {
        HttpRequest own = request("Host", "localhost:8080");
        assertNull(RequestGuard.refusal(own.addHeader(RawHeader.create("Origin", "http://localhost:8080"))));
        assertEquals(
                "the request comes from a page of \"http://localhost:3000\"",
                RequestGuard.refusal(own.addHeader(RawHeader.create("Origin", "http://localhost:3000"))));
        assertNull(RequestGuard.refusal(own.addHeader(RawHeader.create("Sec-Fetch-Site", "same-origin"))));
        assertNotNull(RequestGuard.refusal(own.addHeader(RawHeader.create("Sec-Fetch-Site", "same-site"))));
    }

    private static HttpRequest request(String name, String value) {
        return HttpRequest.create("/health").addHeader(RawHeader.create(name, value));
    }
}
