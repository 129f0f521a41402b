// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Keeps web pages of other origins from using a server that asks for no password. A page may send requests to loopback,
 * also under a name of its own that it lets point there; but then Host or Origin tell of it, and no page can forge those.
 */
public final class RequestGuard {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private RequestGuard() {}

    /** Why the request is refused, or null. */
    static String refusal(HttpRequest request) {
        String host = header(request, "Host");
        if (host != null && !LOOPBACK.contains(nameOf(host))) {
            return "the request is for the host \"" + host + "\"";
        }
        String origin = header(request, "Origin");
        if (origin != null && !origin.equals("http://" + host)) {
            return "the request comes from a page of \"" + origin + "\"";
        }
        String site = header(request, "Sec-Fetch-Site");
        if ("cross-site".equals(site) || "same-site".equals(site)) {
            return "the request comes from a page of another site";
        }
        return null;
    }

    /** Whether an address is one of this machine only. */
    public static boolean isLoopback(String host) {
        return LOOPBACK.contains(host) || host.equals("::1");
    }

    private static String nameOf(String host) {
        try {
            String name = URI.create("http://" + host).getHost();
            return name == null ? "" : name.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String header(HttpRequest request, String name) {
        Optional<HttpHeader> header = request.getHeader(name);
        return header.map(HttpHeader::value).orElse(null);
    }
}
