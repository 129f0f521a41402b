// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.testing;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * The process of a {@link KafkaBroker}: formats the broker's directory if it is new, starts the broker, says so on
 * standard output, and ends when standard input does, so that no broker outlives the tests that started it.
 */
final class KafkaBrokerMain {
    /** What is printed when the broker takes requests. */
    static final String READY = "broker-ready";
    /** What is sent to shut the broker down in order. */
    static final String STOP = "stop";

    private KafkaBrokerMain() {}

    /** @param arguments the file of the broker's properties, and the id of the cluster */
    public static void main(String[] arguments) throws Exception {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of(arguments[0]))) {
            properties.load(file);
        }
        format(properties.getProperty("log.dirs"), arguments[1]);
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties, false), Time.SYSTEM);
        server.startup();
        System.out.println(READY);
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            if (STOP.equals(input.readLine())) {
                server.shutdown();
            }
        }
        // Whatever threads are left.
        Runtime.getRuntime().halt(0);
    }

    private static void format(String directory, String clusterId) throws Exception {
        if (Files.exists(Path.of(directory, "meta.properties"))) {
            return;
        }
        new Formatter().setClusterId(clusterId)
                .setNodeId(1)
                .addDirectory(directory)
                .setMetadataLogDirectory(directory)
                .setControllerListenerName("CONTROLLER")
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .run();
    }
}
