// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import dev.millrace.server.access.AccessToken;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * Decides who may ask.
 *
 * <p>Web pages of other origins may not. A page may send requests to loopback, also under a name of its own that it lets
 * point there; but then Host or Origin tell of it, and no page can forge those. Off loopback the names of a server are
 * not known, but there a request needs the token, which no page has.
 */
public final class RequestGuard {
    private static final Set<String> LOOPBACK = Set.of("localhost", "[::1]");
    /** An address is no name, so nobody can let it point elsewhere. */
    private static final Pattern LOOPBACK_ADDRESS = Pattern.compile("127(\\.[0-9]{1,3}){3}");

    private final boolean loopback;
    private final AccessToken token;
    private final Set<List<String>> open = new HashSet<>();

    /** @param settings where the server listens, and what it asks for */
    RequestGuard(HttpSettings settings) {
        loopback = isLoopback(settings.host());
        token = settings.token();
        // What asks these has no secrets: a probe. The answers say nothing but how the node is.
        open.add(List.of("alive"));
        open.add(List.of("ready"));
        if (settings.openMetrics()) {
            open.add(List.of("metrics"));
        }
    }

    /** Why the request is refused whatever it asks for, or null. */
    String refusal(HttpRequest request) {
        String host = header(request, "Host");
        if (loopback && host != null && !isLoopbackName(nameOf(host))) {
            return "the request is for the host \"" + host + "\"";
        }
        String origin = header(request, "Origin");
        if (origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host)) {
            return "the request comes from a page of \"" + origin + "\"";
        }
        String site = header(request, "Sec-Fetch-Site");
        if ("cross-site".equals(site) || "same-site".equals(site)) {
            return "the request comes from a page of another site";
        }
        return null;
    }

    /**
     * Whether the request lacks the token that what it asks for needs.
     *
     * @param path the segments of its path
     */
    boolean lacksToken(HttpRequest request, List<String> path) {
        return token != null && !open.contains(path) && !token.isIn(header(request, "Authorization"));
    }

    /** Whether an address is one of this machine only. */
    public static boolean isLoopback(String host) {
        return isLoopbackName(host) || host.equals("::1");
    }

    private static boolean isLoopbackName(String name) {
        return LOOPBACK.contains(name) || LOOPBACK_ADDRESS.matcher(name).matches();
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
