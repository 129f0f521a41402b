// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.server.durability;

import com.typesafe.config.ConfigFactory;
import dev.millrace.cluster.Node;
import dev.millrace.cluster.NodeSettings;
import dev.millrace.connectors.filesystem.FilesystemConnector;
import dev.millrace.connectors.jdbc.JdbcConnector;
import dev.millrace.connectors.kafka.KafkaConnector;
import dev.millrace.connectors.kafka.UpsertKafkaConnector;
import dev.millrace.engine.connector.Connectors;
import dev.millrace.server.Console;
import dev.millrace.server.ErrorReport;
import dev.millrace.server.run.NodeStarter;
import dev.millrace.server.run.OutputFormat;
import dev.millrace.server.run.Script;
import dev.millrace.server.run.ScriptPlan;
import dev.millrace.server.run.ScriptRunner;
import dev.millrace.server.run.Termination;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The process of {@code millrace run}, which dies at a point. */
final class DyingEngine {
    private static final int THREADS = 2;

    private DyingEngine() {}

    /** @param arguments the script, the state directory, and where to die: see {@link Death#plan} */
    public static void main(String[] arguments) {
        Death.plan(arguments[2]);
        Path state = Path.of(arguments[1]);
        Path deadLetters = state.resolve("dead-letters");
        FilesystemConnector files = new FilesystemConnector(Path.of(""), System::nanoTime);
        KafkaConnector kafka = new KafkaConnector();
        Connectors connectors = new Connectors(
                List.of(kafka, files),
                List.of(
                        new WrappedConnector(kafka, DyingSink::new),
                        new WrappedConnector(new UpsertKafkaConnector(), DyingSink::new),
                        new WrappedConnector(files, DyingSink::new),
                        new WrappedConnector(new JdbcConnector(), DyingSink::new)));
        Node node = Node.start(
                new NodeSettings(NodeStarter.LOOPBACK, 0, state, deadLetters, THREADS), connectors,
                ConfigFactory.parseMap(Map.of(
                        "millrace.checkpointing.directory.journal.class", DyingJournal.class.getName(),
                        "millrace.checkpointing.directory.snapshots.class", DyingSnapshots.class.getName(),
                        "pekko.actor.serializers.millrace-epoch", DyingSerializer.class.getName(),
                        "millrace.epochs.idle-interval", "1s")));
        Console console = Console.ofProcess();
        ErrorReport report = new ErrorReport(console.err(), true);
        String script = Script.read(arguments[0], console.in());
        ScriptPlan plan = ScriptPlan.of(script, List.of(), connectors, THREADS);
        if (!plan.errors().isEmpty()) {
            System.exit(plan.showErrors(report));
        }
        int exitCode;
        try (Termination termination = Termination.onSignal(node::close)) {
            exitCode = new ScriptRunner(node, console, report, script, OutputFormat.TABLE, deadLetters, termination)
                    .run(plan.statements());
        }
        node.close();
        System.exit(exitCode);
    }
}
