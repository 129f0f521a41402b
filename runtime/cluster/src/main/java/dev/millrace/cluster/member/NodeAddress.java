// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.cluster.member;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;

/**
 * Where a node listens to others.
 *
 * @param host as the node itself calls it
 * @param port 1 to 65535
 */
public record NodeAddress(String host, int port) {
    private static final int PORT_MAX = 65535;

    /**
     * Reads {@code host:port}; the address of IPv6 stands in brackets.
     *
     * @throws MillraceException if it is something else
     */
    public static NodeAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon > 0) {
            String host = text.substring(0, colon).strip();
            boolean bare = host.indexOf(':') < 0;
            boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
            try {
                int port = Integer.parseInt(text.substring(colon + 1).strip());
                if (port > 0 && port <= PORT_MAX && (bare || bracketed) && host.chars().noneMatch(c -> c <= ' ')) {
                    return new NodeAddress(host, port);
                }
            } catch (NumberFormatException e) {
                throw invalid(text, e);
            }
        }
        throw invalid(text, null);
    }

    private static MillraceException invalid(String text, Exception cause) {
        return new MillraceException(
                ErrorCode.USAGE, "\"" + text + "\" is not the address of a node", null,
                "write HOST:PORT, such as 127.0.0.1:25520", cause);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
