// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millrace.server.access.AccessToken;
import dev.millrace.server.client.MillraceClient;
import dev.millrace.testing.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts three nodes with the arguments, the configuration and the environment that they have in a deployment, without
 * containers: each name of a container or pod becomes an address of loopback, and the database one of the tests.
 */
@Tag("cluster")
@Timeout(60)
final class StartCommandsTest {
    private static final String SECRET = "a-token-of-some-length";
    private static final String CONFIGURATION = "/etc/millrace/millrace.conf";

    @TempDir
    Path directory;

    private final List<StartedNode> nodes = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private int clusterPort;
    private int httpPort;
    private String state;

    @AfterEach
    void end() {
        nodes.forEach(StartedNode::close);
    }

    @Test
    void shouldFormAClusterByTheComposeFileAndGoThroughARollingRestart() throws Exception {
        prepare("compose");
        JsonNode services = DeployedFiles.yaml(DeployedFiles.COMPOSE).get("services");
        String configuration = DeployedFiles.text(DeployedFiles.ROOT.resolve("deploy/docker/millrace.conf"));
        JsonNode variables = services.get("millrace-1").get("environment");
        assertEquals(
                List.of("MILLRACE_STATE_USER", "MILLRACE_STATE_PASSWORD_FILE"), DeployedFiles.names(variables));
        environment.put("MILLRACE_STATE_USER", PostgresServer.USER);
        environment.put(
                "MILLRACE_STATE_PASSWORD_FILE",
                Files.writeString(directory.resolve("password"), PostgresServer.PASSWORD + "\n").toString());
        List<List<String>> commands = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            commands.add(DeployedFiles.texts(services.get("millrace-" + i).get("command")));
        }
        List<String> names = List.of("millrace-1", "millrace-2", "millrace-3");

        for (int i = 0; i < 3; i++) {
            start(i, names, commands.get(i), configuration);
        }
        for (StartedNode node : nodes) {
            node.awaitReady();
        }
        try (MillraceClient client = client(nodes.getFirst())) {
            assertTrue(client.statements("""
                    CREATE TABLE orders (order_id BIGINT, status STRING)
                      WITH ('connector' = 'workload', 'workload' = 'orders', 'rows-per-second' = '1000');
                    SET 'partitions' = '6';
                    CREATE TABLE counts WITH ('connector' = 'blackhole')
                      AS SELECT status, COUNT(*) AS n FROM orders GROUP BY status EMIT CHANGES;
                    """, Map.of()).errors().isEmpty());
        }

        StartedNode leaving = nodes.get(1);
        leaving.terminate();
        while (leaving.status("/ready") != 503) {
            assertTrue(leaving.isAlive(), () -> "it never said that it was leaving: " + leaving.said());
        }
        assertEquals(143, leaving.exitCode(), leaving.said());
        assertTrue(leaving.said().contains("millrace server has stopped"), leaving.said());
        awaitRunning(nodes.getFirst());
        awaitRunning(nodes.getLast());

        nodes.remove(leaving);
        start(1, names, commands.get(1), configuration);
        nodes.getLast().awaitReady();
        awaitRunning(nodes.getLast());
    }

    @Test
    void shouldFormAClusterByTheManifestsOfKubernetes() throws Exception {
        prepare("kubernetes");
        JsonNode set = KubernetesManifestsTest.manifest("StatefulSet", "millrace");
        JsonNode container = set.at("/spec/template/spec/containers/0");
        String configuration = KubernetesManifestsTest.manifest("ConfigMap", "millrace")
                .get("data").get("millrace.conf").asText();
        List<String> variables = container.get("env").findValuesAsText("name").stream()
                .filter(name -> name.startsWith("MILLRACE_")).toList();
        assertEquals(List.of("MILLRACE_STATE_USER", "MILLRACE_STATE_PASSWORD"), variables);
        environment.put("MILLRACE_STATE_USER", PostgresServer.USER);
        environment.put("MILLRACE_STATE_PASSWORD", PostgresServer.PASSWORD);
        String service = "." + set.at("/spec/serviceName").asText();
        List<String> names = List.of("millrace-0" + service, "millrace-1" + service, "millrace-2" + service);

        for (int i = 0; i < 3; i++) {
            String pod = "millrace-" + i;
            start(i, names, DeployedFiles.texts(container.get("args")).stream()
                    .map(argument -> argument.replace("$(POD_NAME)", pod)).toList(), configuration);
        }

        for (StartedNode node : nodes) {
            assertTrue(node.isAlive(), node.said());
            node.awaitReady();
            try (MillraceClient client = client(node)) {
                assertEquals(0, client.jobs().size());
            }
        }
    }

    private void prepare(String schema) throws IOException {
        clusterPort = freePort();
        httpPort = freePort();
        PostgresServer postgres = PostgresServer.shared();
        postgres.execute("CREATE SCHEMA " + schema + " AUTHORIZATION " + PostgresServer.USER);
        state = postgres.url() + "?currentSchema=" + schema;
        Files.writeString(directory.resolve("token"), SECRET);
    }

    /** Starts a node; what can't be the same without containers is replaced, and nothing else. */
    private void start(int index, List<String> names, List<String> command, String configuration) throws IOException {
        String own = address(index);
        String text = replace(configuration, "jdbc:postgresql://postgres:5432/millrace", state);
        text = text.replaceAll("(/run/secrets/millrace-token|/etc/millrace/secrets/token)",
                directory.resolve("token").toString());
        // One machine has all addresses once, and not once for each container.
        text = replace(text, "0.0.0.0", own);
        text = replace(text, "25520", String.valueOf(clusterPort));
        text = replace(text, "8080", String.valueOf(httpPort));
        List<String> words = command;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            String address = address(i);
            text = replace(text, name + ":", address + ":");
            words = words.stream().map(word -> word.equals("--host=" + name) ? "--host=" + address : word).toList();
        }
        Path file = Files.writeString(directory.resolve("node-" + index + ".conf"), text);
        List<String> changed = words.stream().map(word -> word.replace(CONFIGURATION, file.toString())).toList();
        assertTrue(changed.contains("--host=" + own), changed.toString());
        nodes.add(new StartedNode(directory, own + ":" + httpPort, changed, environment));
    }

    private static String replace(String text, String part, String by) {
        assertTrue(text.contains(part), part);
        return text.replace(part, by);
    }

    private static String address(int index) {
        return "127.0.44." + (index + 1);
    }

    /** Free at all addresses of loopback, as far as can be told. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address(0)))) {
            return socket.getLocalPort();
        }
    }

    private MillraceClient client(StartedNode node) {
        AccessToken token = AccessToken.find(directory.resolve("token"), Map.of());
        return MillraceClient.of(node.server(), token);
    }

    private void awaitRunning(StartedNode node) throws InterruptedException {
        try (MillraceClient client = client(node)) {
            long read = client.job("counts").path("rows_read").asLong();
            JsonNode job = client.job("counts");
            while (!job.path("state").asText().equals("running") || job.path("rows_read").asLong() <= read) {
                assertTrue(node.isAlive(), node.said());
                TimeUnit.MILLISECONDS.sleep(100);
                job = client.job("counts");
            }
        }
    }
}
