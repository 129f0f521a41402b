// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.client;

import dev.millrace.engine.error.ErrorCode;
import dev.millrace.engine.error.MillraceException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A SELECT that runs on a server. Rows are pulled: as long as nobody asks for the next one, the server's query waits.
 * Pulled by one thread; closed by any.
 */
public final class RemoteQuery implements AutoCloseable {
    private final URI server;
    private final InputStream body;
    private final BufferedReader lines;
    private final List<ResultColumn> columns;
    private final boolean updating;
    private volatile boolean closed;

    RemoteQuery(URI server, InputStream body) {
        this.server = server;
        this.body = body;
        lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        String header = line();
        if (header == null) {
            throw broken(null);
        }
        Json.QueryHeader parsed = Json.queryHeader(header);
        columns = parsed.columns();
        updating = parsed.updating();
    }

    /** The columns of the rows. */
    public List<ResultColumn> columns() {
        return columns;
    }

    /** Whether rows may have kinds other than insert. */
    public boolean isUpdating() {
        return updating;
    }

    /**
     * The next row. Waits for it.
     *
     * @return null at the end of the rows, and after {@link #close}
     * @throws MillraceException if the query failed, or the server is gone
     */
    public ResultRow next() {
        String line = line();
        return line == null ? null : Json.queryLine(line, columns);
    }

    /** Ends the query on the server, if it still runs. A thread that waits for a row gets none. */
    @Override
    public void close() {
        closed = true;
        try {
            body.close();
        } catch (IOException e) {
            // The connection is gone already, which was the purpose.
            assert closed;
        }
    }

    private String line() {
        try {
            String line = lines.readLine();
            while (line != null && line.isEmpty()) {
                // A sign of life.
                line = lines.readLine();
            }
            return closed ? null : line;
        } catch (IOException e) {
            if (closed) {
                return null;
            }
            throw broken(e);
        }
    }

    private MillraceException broken(IOException cause) {
        return new MillraceException(
                ErrorCode.SERVER_UNREACHABLE,
                "the connection to " + server + " broke before the query had ended",
                null,
                "the server may have been stopped; run the query again",
                cause);
    }
}
