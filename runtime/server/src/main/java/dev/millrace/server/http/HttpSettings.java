// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import dev.millrace.server.access.AccessToken;
import java.util.Objects;

/**
 * Where HTTP is answered, and to whom.
 *
 * @param host the address to listen at
 * @param port 0 for a free one
 * @param token what every request but a probe has to bring, or null to ask for nothing, which is for loopback only
 * @param openMetrics whether the metrics are there without the token
 */
public record HttpSettings(String host, int port, AccessToken token, boolean openMetrics) {
    /** @throws MillraceException if others could reach the server and nobody asked them for anything */
    public HttpSettings {
        Objects.requireNonNull(host);
        if (token == null && !RequestGuard.isLoopback(host)) {
            throw new MillraceException(
                    ErrorCode.ADDRESS_UNPROTECTED,
                    "HTTP at " + host + " would let others in, and no token is set",
                    "give the server a token with --token-file FILE or in " + AccessToken.VARIABLE
                            + " (openssl rand -hex 32 makes one),\n"
                            + "or leave HTTP on loopback and reach it from elsewhere through ssh -L "
                            + port + ":127.0.0.1:" + port);
        }
    }

    /** A server on loopback that asks for nothing. */
    public HttpSettings(String host, int port) {
        this(host, port, null, false);
    }
}
