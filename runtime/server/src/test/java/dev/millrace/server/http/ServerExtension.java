// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.http;

import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.connectors.BuiltInConnectors;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.server.catalog.SharedCatalog;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.server.run.NodeStarter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server in this process, in memory, on a free port: for all tests of a class if it is static, else for each. */
final class ServerExtension implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {
    private static final int THREADS = 2;

    private final HttpClient http = HttpClient.newHttpClient();
    private final HttpSettings settings;
    private boolean opens = true;
    private Node node;
    private HttpServer server;
    private boolean ofClass;

    /** A server on loopback that asks for nothing. */
    ServerExtension() {
        this(new HttpSettings(NodeStarter.LOOPBACK, 0));
    }

    ServerExtension(HttpSettings settings) {
        this.settings = settings;
    }

    /** Lets the server listen only, as one that is starting. */
    ServerExtension keptShut() {
        opens = false;
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        ofClass = true;
        start();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        if (!ofClass) {
            start();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (!ofClass) {
            stop();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        stop();
    }

    private void start() throws IOException {
        Path deadLetters = Files.createTempDirectory("dead-letters");
        Connectors connectors = BuiltInConnectors.create(new PrintStream(OutputStream.nullOutputStream()));
        node = Node.start(new NodeSettings(NodeStarter.LOOPBACK, 0, null, deadLetters, true, THREADS), connectors);
        server = HttpServer.listen(node, settings);
        if (opens) {
            server.open(
                    connectors, SharedCatalog.open(node, connectors), Map.of("partitions", "2"), "millrace test");
        }
    }

    private void stop() {
        server.close();
        node.close();
        http.close();
    }

    Node node() {
        return node;
    }

    HttpServer server() {
        return server;
    }

    MillraceClient client() {
        return MillraceClient.of(address());
    }

    String address() {
        return "http://127.0.0.1:" + server.port();
    }

    /** The status with which a path answers. */
    int status(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, null, headers);
    }

    HttpResponse<String> post(String path, String body, String... headers) throws IOException, InterruptedException {
        return send("POST", path, body, headers);
    }

    /** Waits until something holds, or the time of the test is over. */
    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    private HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        // Of unknown length, as a client may send it.
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofInputStream(
                        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
        return http.send(request.method(method, publisher).build(), HttpResponse.BodyHandlers.ofString());
    }
}
