// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.cluster;

import dev.millrace.server.MillraceProcess;
import dev.millrace.server.access.AccessToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * Servers at 127.0.0.1, 127.0.0.2 and so on, or on the hosts of a network, which share a state directory and know each
 * other by {@code --seed}.
 */
final class ServerCluster implements AutoCloseable {
    private static final String HOST_PREFIX = "127.0.0.";
    private static final String TOKEN = "a-token-for-tests-only";

    private final Path directory;
    private final int port;
    private final CuttableNetwork network;
    private final ServerProcess[] servers;

    /**
     * @param directory where their state is, and what they write
     * @param servers   how many there may be; all of them are seeds
     */
    ServerCluster(Path directory, int servers) throws IOException {
        this(directory, servers, null);
    }

    /** @param network where they are, or null */
    ServerCluster(Path directory, int servers, CuttableNetwork network) throws IOException {
        this.directory = directory;
        this.servers = new ServerProcess[servers];
        this.network = network;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    private String host(int server) {
        return network == null ? HOST_PREFIX + (server + 1) : network.address(server);
    }

    /** Host and port of a server, running or not. */
    String address(int server) {
        return host(server) + ":" + port;
    }

    /** Starts a server without waiting for it; one of this number must not be running. */
    void begin(int server) throws IOException {
        List<String> seeds = new ArrayList<>();
        for (int seed = 0; seed < servers.length; seed++) {
            seeds.add(address(seed));
        }
        List<String> words = new ArrayList<>(List.of(
                "server", "--host", host(server), "--port", String.valueOf(port), "--http", "0",
                "--state", directory.resolve("state").toString(), "--seed", String.join(",", seeds)));
        close(server);
        // Each runs where it finds nothing of the others.
        Path own = Files.createDirectories(directory.resolve("server" + server));
        if (network != null) {
            Path token = Files.writeString(directory.resolve("token"), TOKEN);
            words.addAll(List.of("--http-host", host(server), "--token-file", token.toString()));
        }
        List<String> command = new ArrayList<>(network == null ? List.of() : network.on(server));
        command.addAll(MillraceProcess.command(words.toArray(String[]::new)));
        servers[server] = ServerProcess.start(
                own, address(server), command,
                network == null ? null : AccessToken.find(null, Map.of(AccessToken.VARIABLE, TOKEN)));
    }

    /** A server that was started. */
    ServerProcess server(int server) {
        return servers[server];
    }

    /** All that they have said so far. */
    String told() {
        return Arrays.stream(servers).filter(Objects::nonNull).map(server -> "\n--- " + server.address() + "\n"
                + server.told()).collect(Collectors.joining());
    }

    private void close(int server) {
        if (servers[server] != null) {
            servers[server].close();
        }
    }

    @Override
    public void close() {
        Arrays.stream(servers).filter(Objects::nonNull).forEach(ServerProcess::close);
    }
}
