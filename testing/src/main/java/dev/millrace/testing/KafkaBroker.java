// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka broker in a process of its own, from its published jars: one node, on free ports of the loopback interface,
 * in a temporary directory. It ends with the JVM that started it, however that ends.
 *
 * <p>A start takes some seconds, so the tests of a module share one ({@link #shared}); tests that stop a broker may stop
 * the shared one too, if they {@link #restart} it.
 *
 * <p>Topics are not made by themselves. Besides the open listener there is one that wants a user and a password.
 */
public final class KafkaBroker implements AutoCloseable {
    /** The one user of the listener with passwords. */
    public static final String USER = "millrace";
    public static final String PASSWORD = "millrace-password";

    private static final String LOOPBACK = "127.0.0.1";
    private static final String CLASS_PATH = "broker-class-path";
    private static final int START_SECONDS_MAX = 60;
    private static final int STOP_SECONDS_MAX = 20;
    private static final int STARTS_MAX = 3;
    /** Below the ports that outgoing connections get, so that nobody takes the port of a broker that is down. */
    private static final int PORT_MIN = 18_000;
    private static final int PORT_COUNT = 14_000;

    private static KafkaBroker shared;

    private final String host;
    private final Path directory;
    private final String clusterId = Uuid.randomUuid().toString();
    private int port;
    private int passwordPort;
    private Process process;

    private KafkaBroker(String host, Path directory) {
        this.host = host;
        this.directory = directory;
    }

    /** Starts a new broker, and waits until it takes requests. */
    public static KafkaBroker start() {
        return start(LOOPBACK);
    }

    /**
     * The same elsewhere than on the loopback interface.
     *
     * @param host an address of this machine
     */
    public static KafkaBroker start(String host) {
        KafkaBroker broker;
        try {
            broker = new KafkaBroker(host, Files.createTempDirectory("millrace-broker"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(broker::close));
        for (int i = 1;; i++) {
            try {
                broker.choosePorts();
                broker.launch();
                return broker;
            } catch (IllegalStateException e) {
                // Somebody may have taken a port since it was found to be free.
                if (i == STARTS_MAX) {
                    throw e;
                }
            }
        }
    }

    /** The broker of this JVM, which is started when it is first asked for. */
    public static synchronized KafkaBroker shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** Host and port of the open listener. */
    public String bootstrapServers() {
        return host + ":" + port;
    }

    /** Host and port of the listener that wants a password (SASL/PLAIN). */
    public String passwordBootstrapServers() {
        return host + ":" + passwordPort;
    }

    /** What a client needs for the listener with passwords, besides its servers. */
    public static Map<String, String> credentials(String user, String password) {
        return Map.of(
                "security.protocol", "SASL_PLAINTEXT",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user
                        + "\" password=\"" + password + "\";");
    }

    /** Makes and reads topics of this broker. */
    public KafkaTopics topics() {
        return new KafkaTopics(bootstrapServers());
    }

    /** Ends the process in order. */
    public void stop() {
        try (OutputStream input = process.getOutputStream()) {
            input.write((KafkaBrokerMain.STOP + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It is ending already.
        }
        await(STOP_SECONDS_MAX);
    }

    /** Ends the process as a crash would. */
    public void kill() {
        process.destroyForcibly();
        await(STOP_SECONDS_MAX);
    }

    /** Starts the broker again after {@link #stop} or {@link #kill}, on the same ports and with what it had stored. */
    public void restart() {
        if (process.isAlive()) {
            throw new IllegalStateException("the broker is running");
        }
        launch();
    }

    /** Kills the process and deletes what it has stored. */
    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
            await(STOP_SECONDS_MAX);
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The system empties its temporary directory by itself.
        }
    }

    private void await(int seconds) {
        try {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private void choosePorts() {
        Random random = new Random();
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < 3) {
            int candidate = PORT_MIN + random.nextInt(PORT_COUNT);
            try (ServerSocket socket = new ServerSocket(candidate, 1, InetAddress.getLoopbackAddress())) {
                if (!ports.contains(candidate)) {
                    ports.add(socket.getLocalPort());
                }
            } catch (IOException e) {
                // Taken: the next one.
            }
        }
        port = ports.get(0);
        passwordPort = ports.get(1);
        write(ports.get(2));
    }

    private void write(int controllerPort) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("controller.quorum.voters", "1@" + LOOPBACK + ":" + controllerPort);
        properties.put(
                "listeners",
                "PLAINTEXT://" + host + ":" + port + ",PASSWORD://" + host + ":" + passwordPort + ",CONTROLLER://"
                        + LOOPBACK + ":" + controllerPort);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,PASSWORD:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("sasl.enabled.mechanisms", "PLAIN");
        properties.put(
                "listener.name.password.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + USER + "=\"" + PASSWORD
                        + "\";");
        properties.put("log.dirs", directory.resolve("data").toString().replace('\\', '/'));
        properties.put("auto.create.topics.enable", "false");
        for (String internal : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
            properties.put(internal + ".replication.factor", "1");
            properties.put(internal + ".num.partitions", "2");
        }
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        // A killed broker is let in again only when the session that it left behind is over.
        properties.put("broker.session.timeout.ms", "3000");
        properties.put("broker.heartbeat.interval.ms", "500");
        properties.put("log.retention.check.interval.ms", "1000");
        String text = properties.entrySet()
                .stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining("\n"));
        try {
            Files.writeString(propertiesFile(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path propertiesFile() {
        return directory.resolve("broker.properties");
    }

    private void launch() {
        Path log = directory.resolve("broker.log");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx400m",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                KafkaBrokerMain.class.getName(),
                propertiesFile().toString(),
                clusterId);
        try {
            process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        CompletableFuture<Boolean> ready = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("broker-output").start(() -> awaitReady(process, ready));
        try {
            if (!ready.get(START_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the broker does not start: " + Files.readString(log));
            }
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException("the broker has not started in " + START_SECONDS_MAX + " s", e);
        } catch (IOException | ExecutionException e) {
            throw new IllegalStateException("the broker does not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IllegalStateException("interrupted while the broker starts", e);
        }
    }

    /** Reads standard output to its end, so that the process never waits for it. */
    private static void awaitReady(Process process, CompletableFuture<Boolean> ready) {
        try (BufferedReader output = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.equals(KafkaBrokerMain.READY)) {
                    ready.complete(true);
                }
            }
        } catch (IOException e) {
            // The process is gone.
        }
        ready.complete(false);
    }

    /** The broker's libraries, as found when this module was built, and this module itself. */
    private static String classPath() {
        try (InputStream in = KafkaBroker.class.getResourceAsStream(CLASS_PATH)) {
            if (in == null) {
                throw new IllegalStateException("build the module first: " + CLASS_PATH + " is missing");
            }
            Path own = Path.of(KafkaBroker.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return own + System.getProperty("path.separator") + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
