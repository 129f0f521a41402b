// SPDX-License-Identifier: Apache-2.0
// Copyright The Millrace Authors

package dev.millrace.connectors;

import dev.millrace.connectors.filesystem.FilesystemConnector;
import dev.millrace.connectors.kafka.KafkaConnector;
import dev.millrace.engine.batch.Batch;
import dev.millrace.engine.batch.LongVector;
import dev.millrace.engine.batch.Vector;
import dev.millrace.engine.connector.EpochOwner;
import dev.millrace.engine.connector.EpochSink;
import dev.millrace.engine.connector.SinkConnector;
import dev.millrace.engine.plan.TableDefinition;
import dev.millrace.engine.type.Column;
import dev.millrace.engine.type.Schema;
import dev.millrace.engine.type.SqlType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A process that releases epoch after epoch, from the marker on, and says so on standard output. Every epoch has the same
 * rows each time: the numbers behind those of the epoch before it.
 */
final class ReleasingMain {
    static final String OPENED = "opened ";
    static final String RELEASED = "released ";
    static final int ROWS = 200;

    private ReleasingMain() {}

    /** @param arguments incarnation of the owner, last epoch, and names and values of the table's options */
    public static void main(String[] arguments) {
        Map<String, String> options = new HashMap<>();
        for (int i = 2; i < arguments.length; i += 2) {
            options.put(arguments[i], arguments[i + 1]);
        }
        release(options, Long.parseLong(arguments[0]), Long.parseLong(arguments[1]), System.out::println);
    }

    /**
     * Opens a sink, releases what is missing and closes it.
     *
     * @param told what is done, as soon as it is done
     */
    static void release(
            Map<String, String> options, long incarnation, long lastEpoch, Consumer<String> told) {
        TableDefinition table =
                new TableDefinition("t", Schema.of(new Column("n", SqlType.BIGINT)), List.of(), options);
        SinkConnector connector = options.get("connector").equals("kafka")
                ? new KafkaConnector() : new FilesystemConnector(Path.of(""), System::nanoTime);
        EpochOwner owner = new EpochOwner("killed", 1, 0, 0, incarnation);
        try (EpochSink sink = connector.openEpochSink(table, owner)) {
            long epoch = sink.open();
            told.accept(OPENED + epoch);
            while (epoch < lastEpoch) {
                epoch++;
                sink.release(epoch, List.of(rows(epoch)));
                told.accept(RELEASED + epoch);
            }
        }
    }

    private static Batch rows(long epoch) {
        LongVector numbers = new LongVector(ROWS);
        for (int i = 0; i < ROWS; i++) {
            numbers.set(i, epoch * ROWS + i);
        }
        return Batch.of(new Vector[] {numbers}, ROWS);
    }
}
