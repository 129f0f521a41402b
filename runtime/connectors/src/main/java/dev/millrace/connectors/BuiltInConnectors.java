// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors;

import dev.millrace.connectors.blackhole.BlackholeConnector;
import dev.millrace.connectors.datagen.DatagenConnector;
import dev.millrace.connectors.filesystem.FilesystemConnector;
import dev.millrace.connectors.jdbc.JdbcConnector;
import dev.millrace.connectors.kafka.KafkaConnector;
import dev.millrace.connectors.kafka.UpsertKafkaConnector;
import dev.millrace.connectors.print.PrintConnector;
import dev.millrace.connectors.workload.WorkloadConnector;
import dev.millrace.engine.connector.Connectors;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** The connectors that come with Millrace. */
public final class BuiltInConnectors {
    private BuiltInConnectors() {}

    /** @param out where the connector {@code print} prints, unless told to use standard error */
    public static Connectors create(PrintStream out) {
        FilesystemConnector filesystem = new FilesystemConnector(Path.of(""), System::nanoTime);
        KafkaConnector kafka = new KafkaConnector();
        UpsertKafkaConnector upsertKafka = new UpsertKafkaConnector();
        return new Connectors(
                List.of(
                        new WorkloadConnector(System::nanoTime),
                        new DatagenConnector(System::nanoTime, InstantSource.system()),
                        filesystem,
                        kafka,
                        upsertKafka),
                List.of(filesystem, kafka, upsertKafka, new PrintConnector(out, System.err), new BlackholeConnector(),
                        new JdbcConnector()));
    }
}
